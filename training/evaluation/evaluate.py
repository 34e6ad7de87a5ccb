"""From the out-of-fold table to metrics with intervals; which belong to which axis is a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...data.labelled_texts import CAUSES
from . import metrics as m
from . import weighted_metrics as weighted
from .bootstrap import FEW, NO_INTERVAL, Interval, auc_draws, group_weights, interval

_LOW, _HIGH = float(CAUSES.index("low")), float(CAUSES.index("high"))
COLUMNS = ("axis", "metric", "slice", "value", "low", "high", "n", "positives")


@dataclass(frozen=True)
class Axis:
    """What an axis is scored by.

    Attributes:
        name: of the axis.
        score: suffix of the score columns.
        truth: 1, 0 or NaN (not scored) per row of the table.
        contested: column that marks posts without unanimous votes.
        length_baseline: also how well the length alone does (shorter posts ranked first).
        ratio: the score is low / (low + high), for posts with a cause.
        calibrated: the score is meant as a probability of this very truth.
    """

    name: str
    score: str
    truth: Callable[[pd.DataFrame], pd.Series]
    contested: str
    length_baseline: bool = False
    ratio: bool = False
    calibrated: bool = True

    def scores(self, table: pd.DataFrame, prefix: str) -> m.Floats:
        """A column of scores, ``prefix`` being raw, p, loso or base."""
        low = table[f"{prefix}_{self.score}"].to_numpy(dtype=np.float64)
        if not self.ratio:
            return low
        both = low + table[f"{prefix}_committed"].to_numpy(dtype=np.float64)
        ratio = np.divide(low, both, out=np.full(len(low), 0.5), where=both > 0)
        return np.where(np.isnan(both), np.nan, ratio)


def _style(table: pd.DataFrame) -> pd.Series:
    return table["style"].where(table["style"] != 0.5)


def _cause_is(value: float) -> Callable[[pd.DataFrame], pd.Series]:
    def truth(table: pd.DataFrame) -> pd.Series:
        return (table["cause"] == value).astype(float).where(table["cause"].notna())

    return truth


def _low_among_causes(table: pd.DataFrame) -> pd.Series:
    return (table["cause"] == _LOW).astype(float).where(table["cause"] > 0)


AXES = (
    Axis("style", "polished", _style, "style_contested"),
    Axis("paid", "paid", lambda table: table["paid"], "paid_contested"),
    Axis("undisclosed", "paid", lambda table: table["undisclosed"], "paid_contested",
         calibrated=False),
    Axis("performative", "performative", _cause_is(_LOW), "cause_contested", length_baseline=True),
    Axis("committed", "committed", _cause_is(_HIGH), "cause_contested"),
    Axis("commitment", "performative", _low_among_causes, "cause_contested",
         length_baseline=True, ratio=True),
)  # fmt: skip
# Shown first: in the saved model, the results table and the comparison.
HEADLINE = ("auc_within", "auc_pooled", "auc_loso", "auc_source_only", "average_precision",
            "f1", "precision", "recall", "recall_at_precision_70", "recall_at_precision_80",
            "calibration_error",
            "calibration_error_perfect_95", "prevalence", "unsure", "spearman",
            "auc_within_length", "auc_within_both_splits")  # fmt: skip

# F1 of one and the same model falls with the share of positives: from a test set to a feed.
PREVALENCES = (0.5, 0.15, 0.05)
Row = tuple[str, str, str, float, float, float, int, int]


def evaluate(table: pd.DataFrame, split: str) -> pd.DataFrame:
    """All metrics of one split, long: one row per axis, metric and slice.

    Slices: ``all``; ``contested`` and ``unanimous`` votes; ``source:<name>``. Intervals (95 %,
    resampling groups) are given for ``all``, where ``bootstrap.interval`` finds one, and nothing
    depends on the order of the rows. The calibration error has no interval: it is a mean of
    absolute values, which no resampling of the posts tells the spread of near 0 (Andrews 2000, on
    the bootstrap at a boundary); what a perfect model would show stands beside it.

    Calibrated probabilities are scored; the three AUCs compare within sources (``auc_within``),
    over all (``auc_pooled``), and within sources by models that never saw the source
    (``auc_loso``). Low against high commitment, which few posts tell, is also compared over train
    and gold together (``auc_within_both_splits``).
    """
    part = table[table["split"] == split]
    rows = [row for axis in AXES for row in _axis_rows(axis, part)]
    rows += _rank_correlation(part)
    if split == "gold":
        rows += _of_both_splits(next(axis for axis in AXES if axis.ratio), table)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def headline(
    metrics: pd.DataFrame,
) -> dict[str, dict[str, tuple[float | None, float | None, float | None]]]:
    """``axis -> metric -> (value, low, high)`` over all posts, None where undefined."""
    found: dict[str, dict[str, tuple[float | None, float | None, float | None]]] = {}
    chosen = metrics[(metrics["slice"] == "all") & metrics["metric"].isin(HEADLINE)]
    for row in chosen.to_dict("records"):
        value, low, high = (_rounded(row[c]) for c in ("value", "low", "high"))
        found.setdefault(str(row["axis"]), {})[str(row["metric"])] = (value, low, high)
    return found


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)


def _axis_rows(axis: Axis, table: pd.DataFrame) -> Iterator[Row]:
    truth = axis.truth(table)
    part, truth = table[truth.notna()], truth[truth.notna()]
    if part.empty:
        return
    positive = truth.to_numpy() == 1
    n, positives = len(part), int(positive.sum())
    for name, (value, (low, high)) in _whole(axis, part, positive).items():
        yield axis.name, name, "all", value, low, high, n, positives
    contested = part[axis.contested].to_numpy(dtype=bool)
    source = part["source"].to_numpy(dtype=np.str_)
    slices: dict[str, NDArray[np.bool_]] = {f"source:{s}": source == s for s in np.unique(source)}
    if contested.any():
        slices |= {"contested": contested, "unanimous": ~contested}
    for name, rows in slices.items():
        score, true = axis.scores(part[rows], "p"), positive[rows]
        values = {
            "auc_within": m.within_source_auc(true, score, source[rows]),
            "prevalence": float(true.mean()),
        }
        for metric, value in values.items():
            yield axis.name, metric, name, value, *NO_INTERVAL, int(rows.sum()), int(true.sum())


def _whole(
    axis: Axis, part: pd.DataFrame, positive: m.Bools
) -> Mapping[str, tuple[float, Interval]]:
    source = part["source"].to_numpy(dtype=np.str_)
    everywhere = np.zeros(len(part), dtype=np.str_)
    weights = group_weights(part["group"].to_numpy(dtype=np.str_))
    p = axis.scores(part, "p")

    def auc(prefix: str, places: NDArray[np.str_]) -> tuple[float, Interval]:
        score = axis.scores(part, prefix)
        scored = ~np.isnan(score)
        if not scored.any():
            return float("nan"), NO_INTERVAL
        there = positive[scored], score[scored], places[scored]
        draws, value = auc_draws(*there, weights[:, scored]), m.within_source_auc(*there)
        return value, interval(draws, value)

    found = {
        "auc_within": auc("p", source),
        "auc_pooled": auc("p", everywhere),
        "auc_loso": auc("loso", source),
        "auc_source_only": auc("base", everywhere),
        "prevalence": (float(positive.mean()), NO_INTERVAL),
    }

    few = weights[:FEW]
    found["average_precision"] = _estimate(
        m.average_precision(positive, p), weighted.average_precision(positive, p, few)
    )
    for percent in (70, 80):
        found[f"recall_at_precision_{percent}"] = _estimate(
            m.recall_at_precision(positive, p, percent / 100),
            weighted.recall_at_precision(positive, p, few, percent / 100),
        )
    if axis.length_baseline:
        shorter = -part["n_chars"].to_numpy(dtype=np.float64)
        draws = auc_draws(positive, shorter, source, weights)
        value = m.within_source_auc(positive, shorter, source)
        found["auc_within_length"] = (value, interval(draws, value))
    if not axis.ratio:
        found |= _decisions(axis, part, positive, p, few)
    return found


def _estimate(value: float, draws: m.Floats) -> tuple[float, Interval]:
    return value, interval(draws, value)


def _of_both_splits(axis: Axis, table: pd.DataFrame) -> Iterator[Row]:
    truth = axis.truth(table)
    part, positive = table[truth.notna()], truth[truth.notna()].to_numpy() == 1
    if part.empty:
        return
    compared = positive, axis.scores(part, "p"), part["source"].to_numpy(dtype=np.str_)
    draws = auc_draws(*compared, group_weights(part["group"].to_numpy(dtype=np.str_)))
    value = m.within_source_auc(*compared)
    n, positives = len(part), int(positive.sum())
    yield axis.name, "auc_within_both_splits", "all", value, *interval(draws, value), n, positives


def _rank_correlation(table: pd.DataFrame) -> Iterator[Row]:
    """Style over all posts: those voted 3 have no binary truth, but they have a place."""
    part = table[table["style_mean"].notna()]
    if part.empty:
        return
    mean = part["style_mean"].to_numpy(dtype=np.float64)
    p = part["p_polished"].to_numpy(dtype=np.float64)
    weights = group_weights(part["group"].to_numpy(dtype=np.str_), repeats=FEW)
    draws = weighted.spearman(mean, p, weights)
    value = m.spearman(mean, p)
    yield "style", "spearman", "all", value, *interval(draws, value), len(part), 0


def _decisions(
    axis: Axis,
    part: pd.DataFrame,
    positive: m.Bools,
    p: m.Floats,
    weights: NDArray[np.float64],
) -> Mapping[str, tuple[float, Interval]]:
    flags = part[f"flag_{axis.score}"].to_numpy()
    of = positive, flags == 1
    found = {
        "f1": _estimate(m.f1(*of), weighted.f1(*of, weights)),
        "precision": _estimate(m.precision(*of), weighted.precision(*of, weights)),
        "recall": _estimate(m.recall(*of), weighted.recall(*of, weights)),
        "unsure": (float((flags == -1).mean()), NO_INTERVAL),
    }
    for share in PREVALENCES:
        percent = round(100 * share)
        found[f"precision_at_prevalence_{percent}"] = _estimate(
            m.precision_at_prevalence(*of, share),
            weighted.precision_at_prevalence(*of, weights, share),
        )
        found[f"f1_at_prevalence_{percent}"] = _estimate(
            m.f1_at_prevalence(*of, share),
            weighted.f1_at_prevalence(*of, weights, share),
        )
    if axis.calibrated:
        mean, highest = m.perfect_calibration_error(p)
        found |= {
            "calibration_error": (m.calibration_error(positive, p), NO_INTERVAL),
            "calibration_error_perfect": (mean, NO_INTERVAL),
            "calibration_error_perfect_95": (highest, NO_INTERVAL),
        }
    return found
