"""What a run records, without MLflow."""

import math
import re
import subprocess
import sys
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pandas as pd
import pytest
from unpolished.data.axes import FLAGS
from unpolished.training.tracking import records as r
from unpolished.training.tracking.headlines import headlines


def _of(kind, facts):
    return [record for record in r.records(facts) if isinstance(record, kind)]


def _tags(facts):
    (tags,) = _of(r.Tags, facts)
    return tags.values


def test_the_recipe_is_flattened(facts):
    """Nested keys get dots, values are text."""
    (params,) = _of(r.Params, facts)
    assert params.values["model.c"] == "2.0"
    assert params.values["model.ngrams.cues"] == "true"
    assert params.values["name"] == "linear"


def test_tags_say_where_a_number_comes_from(facts):
    """Commit, data, folds, evaluation set, libraries."""
    tags = _tags(facts)
    assert tags["git.commit"] == "0" * 40
    assert tags["git.clean"] == "true"
    assert tags["data.fingerprint"] == "f" * 64
    assert tags["folds.sha256"] == "e" * 64
    assert re.fullmatch("[0-9a-f]{64}", tags["evaluation.sha256"])
    assert tags["lib.numpy"] == "2.3.0"
    assert (tags["gold-look"], tags["smoke-test"]) == ("true", "false")


def test_without_gold_the_training_split_is_evaluated(facts, info):
    """And the shipped corpus is called a smoke test."""
    training = info.training.model_copy(update={"name": "corpus", "folds_sha256": None})
    table = facts.table[facts.table["split"] == "train"]
    info = info.model_copy(update={"training": training})
    tags = _tags(replace(facts, table=table, info=info))
    assert tags["evaluation.split"] == "train"
    assert (tags["gold-look"], tags["smoke-test"]) == ("false", "true")
    assert tags["folds.sha256"] == "none"


def test_the_evaluation_hash_is_of_posts_and_labels(oof):
    """Neither row order nor scores change it; a label and a missing post do."""
    before = r.evaluation_sha256(oof, "gold")
    shuffled = oof.sample(frac=1, random_state=1)
    assert r.evaluation_sha256(shuffled.assign(p_paid=0.5), "gold") == before
    assert r.evaluation_sha256(oof.iloc[1:], "gold") != before
    assert r.evaluation_sha256(oof.assign(paid=1 - oof["paid"]), "gold") != before
    assert r.evaluation_sha256(oof, "train") != before


def test_a_dozen_headlines_are_metrics_and_the_table_has_all(facts):
    """Named as out of fold, each split by itself; what a model tells of itself is none of them."""
    metrics = {metric.name: metric.value for metric in _of(r.Metric, facts)}
    assert metrics.pop("export.max_difference") == 0.01
    for split in ("train", "gold"):
        named = [name for name in metrics if name.startswith(f"oof.{split}.")]
        assert 0 < len(named) <= 12
        assert f"oof.{split}.paid.auc_within" in named
    assert all(name.startswith("oof.") for name in metrics)
    assert all(math.isfinite(value) for value in metrics.values())
    (table,) = [x.table for x in _of(r.Table, facts) if x.path == "metrics.parquet"]
    row = table.set_index(["split", "slice", "axis", "metric"]).loc[
        ("gold", "all", "paid", "auc_within")
    ]
    assert row["value"] == metrics["oof.gold.paid.auc_within"]
    assert row["low"] <= row["value"] <= row["high"]
    assert "source:blogs" in set(table["slice"])


def test_a_headline_that_cannot_be_told_is_none():
    """MLflow would show it as a number."""
    rows = [("paid", "auc_within", "all", math.nan), ("paid", "auc_loso", "all", 0.8),
            ("style", "auc_within", "source:x", 0.9)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["axis", "metric", "slice", "value"])
    assert list(headlines("train", table)) == [("oof.train.paid.auc_loso", 0.8)]


def test_no_text_is_recorded(facts):
    """A text column, should one ever reach the table, is not logged."""
    private = "a text nobody may log"
    table = facts.table.assign(text=private, masked=private, note=private)
    for record in r.records(replace(facts, table=table)):
        if isinstance(record, r.Table):
            assert not {"text", "masked", "note"} & set(record.table.columns)
            assert private not in record.table.to_csv()
        elif not isinstance(record, r.Figure):
            assert private not in repr(record)


def test_artefacts(facts):
    """Tables, card, recipe, counts and plots, each once; the model comes last."""
    logged = list(r.records(facts))
    paths = [x.path for x in logged if isinstance(x, r.Text | r.Table | r.Figure)]
    assert sorted(paths) == [
        "MODEL_CARD.md", "counts.csv", "fairness.parquet", "metrics.parquet", "plots/confusion.png",
        "plots/precision_recall.png", "plots/reliability.png", "predictions.parquet",
        "recipe.json",
    ]  # fmt: skip
    assert isinstance(logged[-1], r.SavedModel)
    tables = {x.path: x.table for x in logged if isinstance(x, r.Table)}
    assert set(tables["metrics.parquet"]["split"]) == {"gold", "train"}
    pd.testing.assert_frame_equal(tables["predictions.parquet"], facts.table, check_like=True)


def test_where_own_posts_lay_is_recorded_without_the_users_folder(facts):
    """As given: relative paths stay so; shipped and public data have none."""

    def path_of(data_path):
        (tags,) = [
            x for x in r.records(replace(facts, data_path=data_path)) if isinstance(x, r.Tags)
        ]
        return tags.values.get("data.path")

    assert path_of(None) is None
    assert path_of(Path("posts/mine.csv")) == "posts/mine.csv"
    assert path_of(Path.home() / "posts" / "mine.csv") == "~/posts/mine.csv"


def test_what_a_cascade_tells_of_each_post_is_recorded(facts):
    """Its columns, which no other family has, and the curve that is made of them."""
    told = {"distance": facts.table["raw_paid"] - 0.5}
    for name in ("first", "second"):
        told |= {f"{name}_{flag}": facts.table[f"raw_{flag}"] for flag in FLAGS}
    recipe = {**facts.recipe, "model": {"deferral_rate": 0.25}}
    table = facts.table.assign(**told, other=1.5)
    logged = list(r.records(replace(facts, table=table, recipe=recipe)))
    tables = {x.path: x.table for x in logged if isinstance(x, r.Table)}
    kept = set(tables["predictions.parquet"].columns) - set(facts.table.columns)
    assert kept == set(told)
    assert {"share", "axis", "metric", "value"} == set(tables["cascade_curve.parquet"].columns)
    assert "plots/cascade_curve.png" in [x.path for x in logged if isinstance(x, r.Figure)]


def test_inputs_carry_our_fingerprint_and_counts(facts):
    """One per split."""
    inputs = _of(r.DatasetInput, facts)
    assert [(x.name, x.context) for x in inputs] == [
        ("public-train", "training"), ("public-gold", "evaluation"),
    ]  # fmt: skip
    assert {x.fingerprint for x in inputs} == {"f" * 64}
    assert inputs[0].counts == {"posts": 240, "paid.yes": 48}


def test_records_need_no_mlflow():
    """The generator's module leaves MLflow alone."""
    code = "import sys, unpolished.training.tracking.records; sys.exit('mlflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_is_known_of_a_run_cannot_be_changed(facts):
    """Records are made from it one by one; all of them speak of the same run."""
    with pytest.raises(FrozenInstanceError):
        facts.recipe = None
    for record in r.records(facts):
        with pytest.raises(FrozenInstanceError):
            record.name = "another"
