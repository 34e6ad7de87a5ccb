"""Runs of a real store, compared by their ids; and what cannot be."""

from itertools import pairwise

import numpy as np
import pytest
from unpolished.training.evaluation.compared import ALL
from unpolished.training.reports.comparison_formats import json_text
from unpolished.training.selection.compare import ComparisonError
from unpolished.training.selection.comparison_records import EXPERIMENT, track
from unpolished.training.selection.paired_comparison import Question, compare_runs
from unpolished.training.tracking import records as r
from unpolished.training.tracking import runs as tracking
from unpolished.training.tracking.mlflow_store import client

from ..evaluation.oof import invented_table

QUICK = Question(repeats=200)


@pytest.fixture
def kept(store):
    """Track a run with a table of predictions."""
    del store

    def keep(table, recipe="linear", data="public", **params):
        with tracking.started_run(f"unpolished-{data}", recipe) as run:
            tags = {
                "recipe": recipe, "family": recipe, "data.name": data, "folds.sha256": "f" * 64,
                "smoke-test": str(data == "corpus").lower(),
            }  # fmt: skip
            run.log([r.Params({"name": recipe, **params}), r.Tags(tags)])
            if table is not None:
                run.log([r.Table("predictions.parquet", table)])
        return run.run_id

    return keep


def _guessing(table):
    noise = np.random.default_rng(0).random(len(table))
    return table.assign(**{c: noise for c in table if str(c).startswith(("p_", "loso_"))})


@pytest.fixture
def two(kept):
    """One that knows something, and one that guesses."""
    table = invented_table()
    return kept(table, c="2.0"), kept(_guessing(table), c="0.2")


def test_runs_are_named_by_the_beginning_of_their_ids(two):
    """The first is compared with, unless another is asked for; names tell them apart."""
    knows, guesses = two
    found, evaluation = compare_runs([knows[:12], guesses[:12]], QUICK)
    assert found.run_ids == two
    assert found.names == ("linear c=2.0", "linear c=0.2")
    table = invented_table()
    assert evaluation == r.evaluation_sha256(table, "train")
    assert (found.posts, found.data, found.split) == (120, "public", "train")
    assert "worse" in {row.verdict for row in found.rows}
    turned, _ = compare_runs([knows, guesses], QUICK, against=guesses)
    assert turned.run_ids == (guesses, knows)
    assert "better" in {row.verdict for row in turned.rows}
    again, _ = compare_runs([guesses, knows], QUICK)
    assert json_text(again) == json_text(turned)


def test_other_posts_are_refused_with_what_differs_and_compared_where_asked(kept, two):
    """On those that both hold, which every row and sentence says."""
    table = invented_table()
    fewer = kept(table[table["source_id"] != "0"], "rules")
    with pytest.raises(ComparisonError) as refused:
        compare_runs([two[0], fewer], QUICK)
    assert "linear and rules: 119 posts in both, 1 only in linear" in str(refused.value)
    assert "--common" in str(refused.value)
    found, _ = compare_runs([two[0], fewer], Question(repeats=200, common=True))
    assert found.posts == 119
    assert any("119 posts in both" in sentence for sentence in found.sentences(by_source=False))
    alike, _ = compare_runs(two, Question(repeats=200, common=True))
    assert not alike.common


def test_gold_is_another_set(two):
    """With its own posts; the sentence says that it was looked at."""
    found, evaluation = compare_runs(two, Question(split="gold", repeats=200))
    assert evaluation == r.evaluation_sha256(invented_table(), "gold")
    assert any("look at gold" in sentence for sentence in found.sentences(by_source=False))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(lambda kept: kept(None), "its predictions.parquet cannot be read", id="gone"),
        pytest.param(
            lambda kept: kept(invented_table(), data="corpus"), "a smoke test", id="corpus"
        ),
        pytest.param(lambda kept: _failed(), r"not completed \(status failed\)", id="failed"),
        pytest.param(lambda kept: "nothing", "run nothing: there is none", id="unknown"),
        pytest.param(lambda kept: "", "run : there is none", id="empty"),
    ],
)
def test_runs_that_cannot_be_compared_are_named(kept, two, make, said):
    """With what is the matter."""
    with pytest.raises(ValueError, match=said):
        compare_runs([two[0], make(kept)], QUICK)


def _failed():
    with (
        pytest.raises(KeyError),
        tracking.started_run("unpolished-public", "linear") as run,
    ):
        raise KeyError
    return run.run_id


def test_an_id_that_begins_two_runs_is_refused(kept):
    """Sixteen beginnings, seventeen runs."""
    ids = sorted(kept(None) for _ in range(17))
    shared = next(a[:1] for a, b in pairwise(ids) if a[:1] == b[:1])
    with pytest.raises(ValueError, match="give more of it"):
        compare_runs([shared, ids[0]], QUICK)


def test_one_run_is_no_comparison(two):
    """However often it is named."""
    with pytest.raises(ValueError, match="name two runs or more"):
        compare_runs([two[0], two[0]], QUICK)


def test_axes_and_metrics_are_checked():
    """And listed."""
    with pytest.raises(ValueError, match="axis 'beauty': choose among style, paid"):
        Question(axes=("beauty",))
    with pytest.raises(ValueError, match="metric 'f1': choose among auc_within"):
        Question(metric="f1")


def test_what_is_not_told_is_said(kept, two):
    """Of a run on some axis, of an axis by the first; of nothing at all, an error."""
    table = invented_table()
    silent = kept(table.assign(p_self=np.nan), "rules")
    found, _ = compare_runs([two[0], two[1], silent], QUICK)
    assert found.notes == ("rules has no such figure of self.",)
    asked = Question(repeats=200, axes=("self", "paid"))
    found, _ = compare_runs([silent, two[0]], asked)
    assert found.notes == ("self: rules, or all others, have no such figure.",)
    with pytest.raises(ValueError, match="nothing to compare"):
        compare_runs([silent, two[0]], Question(repeats=200, axes=("self",)))


def test_a_comparison_is_kept_apart_from_runs_of_models(two):
    """Tables, plot and which runs these were; a look at gold is tagged as those of training are."""
    found, evaluation = compare_runs(two, Question(split="gold", repeats=200))
    run_id = track(found, evaluation)
    assert {run.run_id for run in tracking.finished_runs()} == set(two)
    run = client().get_run(run_id)
    tags = run.data.tags
    assert client().get_experiment(run.info.experiment_id).name == EXPERIMENT
    assert (tags["kind"], tags["status"], tags["gold-look"]) == ("comparison", "completed", "true")
    assert (tags["compared.against"], tags["compared.1"]) == two
    assert run.info.run_name == f"{found.names[1]} against {found.names[0]}"
    assert {file.path for file in client().list_artifacts(run_id)} == {
        "comparison.md", "comparison.csv", "comparison.tex", "comparison.json", "forest_plot.png",
    }  # fmt: skip
    (data,) = run.inputs.dataset_inputs
    assert evaluation.startswith(data.dataset.digest)
    assert run.data.metrics["comparisons"] == sum(row.source == ALL for row in found.rows)
