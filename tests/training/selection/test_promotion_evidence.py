"""What decides on a champion: the differences that ``compare`` shows, each judged for itself."""

from datetime import UTC, datetime

import numpy as np
import pytest
from unpolished.training.evaluation.compared import ALL, compare_tables
from unpolished.training.evaluation.judged import JUDGED, JUDGED_NAMES
from unpolished.training.selection.promotion_evidence import (
    LEFT_OUT,
    PromotionError,
    differences,
    stored_predictions,
)
from unpolished.training.tracking.runs import FinishedRun


def _noisier(oof, amount, prefix="p"):
    rng = np.random.default_rng(0)
    columns = [name for name in oof if name.startswith(f"{prefix}_")]
    return oof.assign(**{name: oof[name] + rng.normal(0, amount, len(oof)) for name in columns})


@pytest.mark.parametrize(("metric", "prefix"), [("auc_within", "p"), ("auc_loso", "loso")])
def test_differences_are_those_that_compare_shows(oof, metric, prefix):
    """To the last bit, whatever the order of rows; a difference says what is better."""
    worse = _noisier(oof, 0.4, prefix)
    found = differences(worse.iloc[::-1], oof, metric=metric)
    rows = compare_tables([oof, worse], metric, JUDGED_NAMES)
    shown = {row.axis: row.tested for row in rows if row.source == ALL}
    assert {d.axis: (d.value, *d.interval) for d in found} == {
        axis: (t.difference, t.low, t.high) for axis, t in shown.items()
    }
    assert any(d.worse for d in found)
    assert not any(d.better for d in found)
    assert any(d.better for d in differences(oof, worse, metric=metric))


def test_two_that_rank_alike_differ_by_nothing(oof):
    """On whatever scale: the one is no reason to replace the other, nor to keep it."""
    other = oof.assign(**{name: oof[name] / 2 for name in oof if name.startswith("p_")})
    for d in differences(other, oof):
        assert (d.value, d.better, d.worse) == (0.0, False, False)


def test_one_axis_that_is_worse_is_seen_among_many(oof):
    """No adjustment for the number of axes hides it."""
    lost = oof.assign(p_paid=_noisier(oof, 0.2)["p_paid"])
    paid = tuple(axis for axis in JUDGED if axis.name == "paid")
    (alone,) = differences(lost, oof, paid)
    assert alone.worse
    assert alone in differences(lost, oof)


def test_other_posts_and_missing_scores_are_refused(oof):
    """With the source left out, some posts may have none."""
    with pytest.raises(PromotionError, match="different posts"):
        differences(oof, oof.iloc[1:])
    for part in (oof.index, oof.index[:20]):
        lacks = oof.copy()
        lacks.loc[part, "p_paid"] = np.float32("nan")
        for pair in ((oof, lacks), (lacks, oof)):
            with pytest.raises(PromotionError, match="no score of paid"):
                differences(*pair)
    lacks = oof.copy()
    lacks.loc[oof.index[:20], "loso_paid"] = np.float32("nan")
    assert "paid" in {d.axis for d in differences(lacks, oof, metric=LEFT_OUT)}


def test_a_run_whose_predictions_are_gone_is_named(oof, monkeypatch):
    """Or that was not scored on gold, which the public data is judged by."""
    run = FinishedRun(
        run_id="a" * 32, name="linear", experiment="unpolished-public",
        started=datetime(2026, 1, 1, tzinfo=UTC), tags={"data.name": "public"},
        params={}, metrics={}, metrics_table=lambda: None,
    )  # fmt: skip

    def gone(run_id, path):
        raise ValueError(f"run {run_id}: its {path} cannot be read: no such file")

    loaded = "unpolished.training.selection.promotion_evidence.load_table"
    monkeypatch.setattr(loaded, gone)
    with pytest.raises(PromotionError, match=r"parquet cannot be read.*train it again"):
        stored_predictions(run)
    monkeypatch.setattr(loaded, lambda *_: oof[oof["split"] == "train"])
    with pytest.raises(PromotionError, match="was not scored on gold"):
        stored_predictions(run)


def test_a_question_without_labels_is_not_asked(oof):
    """Nor is one of one answer."""
    for of in (np.nan, 1.0):
        told = {d.axis for d in differences(oof.assign(style=of), oof.assign(style=of))}
        assert "style" not in told
        assert "paid" in told
