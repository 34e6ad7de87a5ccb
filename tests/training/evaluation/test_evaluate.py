"""What is scored, on which posts."""

import numpy as np
import pandas as pd
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
    for axis in ("style", "paid", "self", "performative", "committed", "commitment"):
        for metric in ("auc_within", "auc_pooled", "auc_loso", "auc_source_only"):
            row = _value(metrics, axis, metric)
            assert row["low"] <= row["value"] <= row["high"]
    assert {"f1", "calibration_error"} <= set(metrics[metrics["axis"] == "paid"]["metric"])
    for axis in ("undisclosed", "paid_against_none", "paid_against_self"):
        slice_of_paid = set(metrics[metrics["axis"] == axis]["metric"])
        assert {"f1", "recall_at_precision_70"} <= slice_of_paid
        assert "calibration_error" not in slice_of_paid
        assert "calibration_error_with_author" not in slice_of_paid
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


def test_what_a_model_does_not_tell_is_not_measured(table, metrics):
    """Own promotion by a model of four columns; the other axes are those they were."""
    columns = [name for name in table if name.endswith("_self") and "flag" not in name]
    four = evaluate(table.assign(**dict.fromkeys(columns, np.nan)), "gold")
    others = metrics[metrics["axis"] != "self"].reset_index(drop=True)
    assert len(others) < len(metrics)
    pd.testing.assert_frame_equal(four, others)


def test_the_view_with_the_author_is_measured_beside_the_other(table, metrics):
    """The same where the scores are; nothing where a table of an earlier version has none."""
    same = {name: table[name.removeprefix("author_")] for name in table if "author_" in name}
    found = evaluate(table.assign(**same), "gold")
    for metric in ("auc_within", "auc_loso", "recall_at_precision_70", "calibration_error"):
        with_author = _value(found, "paid", f"{metric}_with_author")
        assert with_author["value"] == _value(found, "paid", metric)["value"]
    earlier = evaluate(table.drop(columns=list(same)), "gold")
    assert not earlier["metric"].str.endswith("with_author").any()
    rest = metrics[~metrics["metric"].str.endswith("with_author")].reset_index(drop=True)
    pd.testing.assert_frame_equal(earlier, rest)


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
        "self": table["kind"] == 1,
    }  # fmt: skip
    positives = {"style": ("style", 1), "paid": ("paid", 1), "undisclosed": ("undisclosed", 1),
                 "paid_against_none": ("paid", 1), "paid_against_self": ("paid", 1),
                 "self": ("kind", 1),
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


def test_error_rates_stand_beside_what_is_left_open(oof):
    """By source, and of posts whose source was left out; by hand."""
    metrics = evaluate(oof, "train")
    paid = metrics[metrics["axis"] == "paid"].set_index(["slice", "metric"])["value"]
    known = oof[(oof["split"] == "train") & oof["paid"].notna()]
    for place, part in (("all", known), ("source:blogs", known[known["source"] == "blogs"])):
        for flag, where in (("flag_paid", ""), ("loso_flag_paid", "_loso")):
            no, yes = (part.loc[part["paid"] == value, flag] for value in (0, 1))
            assert paid[place, f"unsure{where}"] == pytest.approx((part[flag] == -1).mean())
            assert paid[place, f"negatives_flagged{where}"] == pytest.approx((no == 1).mean())
            assert paid[place, f"positives_missed{where}"] == pytest.approx((yes == 0).mean())
    earlier = evaluate(oof.drop(columns=[c for c in oof if c.startswith("loso_flag")]), "train")
    assert not earlier["metric"].str.endswith("missed_loso").any()


def test_nothing_is_told_of_one_class(oof):
    """Own posts that are paid or not, of no known kind, are held against neither kind."""
    plain = oof.assign(kind=oof["kind"].where(oof["kind"] == 2))
    axes = set(evaluate(plain, "train")["axis"])
    assert "paid" in axes
    assert not axes & {"paid_against_none", "paid_against_self", "self"}
