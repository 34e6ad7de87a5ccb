"""What is scored, on which posts."""

import numpy as np
import pytest
from unpolished.training.evaluation import metrics as m
from unpolished.training.evaluation.bootstrap import interval
from unpolished.training.evaluation.evaluate import METRIC_COLUMNS, evaluate, headline
from unpolished.training.evaluation.judged import JUDGED
from unpolished.training.evaluation.metrics import within_source_auc
from unpolished.training.reports.metric_names import METRIC_NAMES, PERFECT, PERFECT_95

from . import oof
from .resampled import resampled


@pytest.fixture(scope="module")
def table():
    """The invented table."""
    return oof.invented_table()


@pytest.fixture(scope="module")
def metrics(table):
    """Its gold metrics."""
    return evaluate(table, "gold")


def _value(metrics, axis, metric, part="all"):
    rows = metrics[
        (metrics["axis"] == axis) & (metrics["metric"] == metric) & (metrics["slice"] == part)
    ]
    assert len(rows) == 1
    return rows.iloc[0]


def test_every_axis_has_its_metrics(metrics):
    """As the table of axes says, each once."""
    assert tuple(metrics.columns) == METRIC_COLUMNS
    assert not metrics.duplicated(["axis", "metric", "slice"]).any()
    for axis in ("style", "paid", "performative", "committed", "commitment"):
        for metric in ("auc_within", "auc_pooled", "auc_loso", "auc_source_only"):
            row = _value(metrics, axis, metric)
            assert row["low"] <= row["value"] <= row["high"]
    assert {"f1", "calibration_error"} <= set(metrics[metrics["axis"] == "paid"]["metric"])
    slice_of_paid = set(metrics[metrics["axis"] == "undisclosed"]["metric"])
    assert {"f1", "recall_at_precision_70"} <= slice_of_paid
    assert "calibration_error" not in slice_of_paid
    assert "f1" not in set(metrics[metrics["axis"] == "commitment"]["metric"])
    with_length = metrics[metrics["metric"] == "auc_within_length"]["axis"]
    assert set(with_length) == {"performative", "commitment"}


def test_low_against_high_is_also_compared_over_both_splits(table, metrics):
    """There are few of them; never asked of a single split."""
    row = _value(metrics, "commitment", "auc_within_both_splits")
    assert row["n"] == (table["cause"] > 0).sum()
    assert row["low"] <= row["value"] <= row["high"]
    of_train = evaluate(table, "train")
    assert "auc_within_both_splits" not in set(of_train["metric"])


def test_style_leaves_out_the_middle_but_ranks_it(table, metrics):
    """Posts voted 3 count for the rank correlation only."""
    gold = table[table["split"] == "gold"]
    assert _value(metrics, "style", "auc_within")["n"] == (gold["style"] != 0.5).sum()
    assert _value(metrics, "style", "spearman")["n"] == len(gold)


def test_missing_is_not_negative(table, metrics):
    """Posts without a label are in no count."""
    gold = table[table["split"] == "gold"]
    row = _value(metrics, "paid", "auc_within")
    assert row["n"] == gold["paid"].notna().sum()
    assert row["positives"] == (gold["paid"] == 1).sum()
    assert _value(metrics, "commitment", "auc_within")["n"] == gold["cause"].isin([1, 2]).sum()


def test_only_the_asked_split_counts(table):
    """Changing train leaves gold as it was."""
    changed = table.copy()
    changed.loc[changed["split"] == "train", "p_paid"] = 0.0
    left = evaluate(table, "gold")["value"].to_numpy()
    np.testing.assert_array_equal(left, evaluate(changed, "gold")["value"].to_numpy())


def test_contested_posts_stand_apart(table, metrics):
    """Together they are all."""
    parts = [
        _value(metrics, "paid", "auc_within", name)["n"] for name in ("contested", "unanimous")
    ]
    assert sum(parts) == _value(metrics, "paid", "auc_within")["n"]


def test_a_missing_column_of_scores_is_nan(table):
    """One source: nothing was left out."""
    alone = table.assign(loso_paid=np.nan)
    assert np.isnan(_value(evaluate(alone, "gold"), "paid", "auc_loso")["value"])


def test_intervals_are_those_of_the_plain_way(table, metrics):
    """Row by row and draw by draw, as slow as that is."""
    gold = table[table["split"] == "gold"]
    paid = gold[gold["paid"].notna()]
    positive, p = paid["paid"].to_numpy() == 1, paid["p_paid"].to_numpy(np.float64)
    flagged = paid["flag_paid"].to_numpy() == 1
    mean, polished = (gold[c].to_numpy(np.float64) for c in ("style_mean", "p_polished"))
    plain = {
        ("paid", "average_precision"): lambda i: m.average_precision(positive[i], p[i]),
        ("paid", "recall_at_precision_70"): lambda i: m.recall_at_precision(positive[i], p[i], 0.7),
        ("paid", "recall_at_precision_80"): lambda i: m.recall_at_precision(positive[i], p[i], 0.8),
        ("paid", "f1"): lambda i: m.f1(positive[i], flagged[i]),
        ("paid", "precision"): lambda i: m.precision(positive[i], flagged[i]),
        ("paid", "recall"): lambda i: m.recall(positive[i], flagged[i]),
        ("paid", "f1_at_prevalence_5"): lambda i: m.f1_at_prevalence(positive[i], flagged[i], 0.05),
        ("paid", "precision_at_prevalence_15"): lambda i: m.precision_at_prevalence(
            positive[i], flagged[i], 0.15
        ),
        ("style", "spearman"): lambda i: m.spearman(mean[i], polished[i]),
    }
    for (axis, metric), of_rows in plain.items():
        rows = gold if axis == "style" else paid
        groups = rows["group"].to_numpy(np.str_)
        row = _value(metrics, axis, metric)
        assert row["value"] == of_rows(np.arange(len(rows)))
        expected = interval(resampled(of_rows, groups), row["value"])
        np.testing.assert_allclose((row["low"], row["high"]), expected, rtol=1e-9)


def test_headline_is_json_ready(metrics):
    """Rounded, None for undefined."""
    found = headline(metrics)
    value, low, high = found["paid"]["auc_within"]
    assert low < value < high
    assert found["paid"]["prevalence"][1] is None


def test_left_out_sources_are_scored_where_they_were(table):
    """A source that was never left out takes no part in that AUC, and spoils it for no other."""
    unknown = table["source"] == "c/z"
    part = table.assign(loso_paid=table["loso_paid"].where(~unknown))
    found = _value(evaluate(part, "gold"), "paid", "auc_loso")["value"]
    assert found == pytest.approx(
        _value(evaluate(table[~unknown], "gold"), "paid", "auc_loso")["value"]
    )


@pytest.mark.parametrize("percent", [50, 15, 5])
def test_prevalences_are_those_that_are_named(table, metrics, percent):
    """By hand: hits of a share of positives, false alarms of the rest."""
    gold = table[(table["split"] == "gold") & table["paid"].notna()]
    flagged, paid = gold["flag_paid"] == 1, gold["paid"] == 1
    hits = percent * flagged[paid].mean()
    false = (100 - percent) * flagged[~paid].mean()
    precision = hits / (hits + false)
    found = _value(metrics, "paid", f"precision_at_prevalence_{percent}")["value"]
    assert found == pytest.approx(precision)
    recall = flagged[paid].mean()
    found = _value(metrics, "paid", f"f1_at_prevalence_{percent}")["value"]
    assert found == pytest.approx(2 * precision * recall / (precision + recall))


def test_every_metric_has_a_name_to_be_shown_by(metrics):
    """But for what is shown beside the calibration error."""
    assert set(metrics["metric"]) == set(METRIC_NAMES) | {PERFECT, PERFECT_95}


def test_each_axis_is_judged_by_its_own_label(table):
    """A score that says the label has an AUC of 1 on that axis, its opposite one of 0."""
    labels = {
        "polished": table["style"] == 1, "paid": table["paid"] == 1,
        "performative": table["cause"] == 1, "committed": table["cause"] == 2,
    }  # fmt: skip
    positives = {"style": ("style", 1), "paid": ("paid", 1), "undisclosed": ("undisclosed", 1),
                 "performative": ("cause", 1), "committed": ("cause", 2),
                 "commitment": ("cause", 1)}  # fmt: skip
    for right, auc in ((0.9, 1), (0.1, 0)):
        told = table.copy()
        for name, positive in labels.items():
            told[f"p_{name}"] = np.where(positive, right, 1 - right) / 2
        for axis in JUDGED:
            truth = axis.truth(told)
            part, positive = told[~np.isnan(truth)], truth[~np.isnan(truth)] == 1
            label, value = positives[axis.name]
            assert positive.sum() == (table[label] == value).sum()
            sources = part["source"].to_numpy(dtype=np.str_)
            assert within_source_auc(positive, axis.scores(part, "p"), sources) == auc
