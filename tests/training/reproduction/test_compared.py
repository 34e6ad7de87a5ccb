"""Whether two runs gave the same: nothing that differs goes unseen, nothing else is seen."""

import numpy as np
import pandas as pd
import pytest
from unpolished.training.evaluation.evaluate import evaluate
from unpolished.training.reproduction.compared import EQUAL, NETWORKS, compared, tolerance_of
from unpolished.training.tracking.records import predictions

from ..evaluation.oof import invented_table


@pytest.fixture(scope="module")
def tables():
    """Predictions and metrics of a run."""
    table = invented_table()
    metrics = [evaluate(table, split).assign(split=split) for split in ("train", "gold")]
    return predictions(table), pd.concat(metrics, ignore_index=True)


def _with(tables, row, column, value):
    changed = tables[0].copy()
    changed.loc[row, column] = value
    return changed, tables[1]


@pytest.mark.parametrize("tolerance", [EQUAL, NETWORKS])
def test_equal_runs_match_in_any_order(tables, tolerance):
    """All rows and all metrics are compared."""
    shuffled = tuple(table.sample(frac=1, random_state=1) for table in tables)
    found = compared(tables, shuffled, tolerance)
    assert found.matches
    assert (found.posts, found.figures) == (len(tables[0]), len(tables[1]))
    assert (found.posts_off, found.flags_off, found.figures_moved) == (0, 0, 0)
    assert found.largest is None


def test_one_bit_of_one_score_is_found(tables):
    """With the post, the column and both numbers."""
    before = float(tables[0].loc[7, "p_paid"])
    after = float(np.nextafter(np.float32(before), np.float32(1)))
    found = compared(tables, _with(tables, 7, "p_paid", after), EQUAL)
    assert not found.matches
    (one,) = found.first
    post = tables[0].loc[7, ["split", "source", "source_id"]]
    assert (one.of, one.column) == (" ".join(post), "p_paid")
    assert (one.before, one.after) == (before, after)
    assert compared(tables, _with(tables, 7, "p_paid", after), NETWORKS).matches


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [("flag_paid", 9, "1 of .* flags differ"), ("paid", 1.0, "posts have another paid"),
     ("fold", 99, "posts have another fold"), ("p_style_new", 0.5, "p_style_new"),
     ("loso_paid", np.nan, "a score differs by inf")],
)  # fmt: skip
def test_what_else_differs_is_named(tables, column, value, said):
    """A flag, a label, a fold, a column, a score that is missing."""
    row = int(np.flatnonzero(tables[0]["paid"] == 0)[0])
    found = compared(tables, _with(tables, row, column, value), EQUAL)
    assert not found.matches
    assert pd.Series(found.faults).str.contains(said).any(), found.faults


def test_scores_that_both_runs_miss_are_equal(tables):
    """As those of sources that were not left out."""
    both = _with(tables, 3, "loso_paid", np.nan)
    assert compared(both, both, EQUAL).matches


def test_posts_of_one_run_alone_are_named(tables):
    """On either side; ids that repeat are told apart."""
    short = tables[0].iloc[1:], tables[1]
    for pair, where in (((tables, short), "run"), ((short, tables), "reproduction")):
        (fault,) = compared(*pair, EQUAL).faults
        first = tables[0].iloc[0]
        assert fault == (
            f"1 posts are in the {where} alone, the first: {first['split']} {first['source']} "
            f"{first['source_id']}"
        )
    twice = pd.concat([tables[0], tables[0].iloc[:1]], ignore_index=True), tables[1]
    assert compared(twice, twice, EQUAL).matches
    assert not compared(twice, tables, EQUAL).matches


def test_a_metric_that_differs_is_found(tables):
    """A bound or a count alone, too."""
    for column in ("value", "low", "n"):
        changed = tables[1].copy()
        row = int(np.flatnonzero(changed[column].notna())[4])
        changed.loc[row, column] += 1
        found = compared(tables, (tables[0], changed), EQUAL)
        assert found.faults == (f"1 of {len(changed):,} metrics differ",)
        assert found.figures_off[0].column == column


def test_networks_may_be_off_by_a_little(tables):
    """Not by more, and not in many posts."""
    rng = np.random.default_rng(0)
    scores = [name for name in tables[0] if name.startswith(("p_", "raw_", "base_"))]

    def moved(rows, by):
        changed = tables[0].copy()
        signs = rng.choice([-1, 1], (len(rows), len(scores)))
        changed.loc[rows, scores] += (signs * by).astype(np.float32)
        return changed, tables[1]

    everything, few = tables[0].index, tables[0].index[:2]
    assert compared(tables, moved(everything, NETWORKS.near * 0.9), NETWORKS).matches
    assert compared(tables, moved(few, NETWORKS.score * 0.9), NETWORKS).matches
    assert not compared(tables, moved(few, NETWORKS.score * 1.1), NETWORKS).matches
    many = compared(tables, moved(everything, NETWORKS.score / 2), NETWORKS)
    assert many.faults == ("240 of 240 posts have another score",)
    for n, matches in ((4, True), (5, False)):
        some = moved(everything[:n], NETWORKS.score / 2)
        assert compared(tables, some, NETWORKS).matches is matches
    aucs = tables[1]["metric"].str.startswith("auc") & (tables[1]["slice"] == "all")
    for by, matches in ((NETWORKS.figure * 0.9, True), (NETWORKS.figure * 1.1, False)):
        metrics = tables[1].assign(value=tables[1]["value"] + by * aucs)
        assert compared(tables, (tables[0], metrics), NETWORKS).matches is matches


def test_families_without_a_network_have_no_tolerance():
    """Others have one."""
    assert {name: tolerance_of(name) for name in ("rules", "linear", "embed", "encoder")} == {
        "rules": EQUAL, "linear": EQUAL, "embed": NETWORKS, "encoder": NETWORKS,
    }  # fmt: skip
