"""From the out-of-fold table to metrics with intervals; which belong to which axis is a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...models.decision.threshold import FLAGGED, OPPOSITE, UNSURE
from . import metrics as m
from . import weighted_metrics as weighted
from .bootstrap import FEW, NO_INTERVAL, Interval, auc_draws, group_weights, interval
from .judged import JUDGED, Judged

METRIC_COLUMNS = ("axis", "metric", "slice", "value", "low", "high", "n", "positives")


# Shown first: in the saved model, the results table and the comparison.
HEADLINE_METRICS = ("auc_within", "auc_pooled", "auc_loso", "auc_source_only", "average_precision",
            "f1", "precision", "recall", "recall_at_precision_70", "recall_at_precision_80",
            "calibration_error",
            "calibration_error_perfect_95", "prevalence", "unsure", "spearman",
            "auc_within_length", "auc_within_both_splits", "auc_within_with_author",
            "auc_loso_with_author", "recall_at_precision_70_with_author",
            "calibration_error_with_author")  # fmt: skip

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
    rows = [row for axis in JUDGED for row in _axis_rows(axis, part)]
    rows += [row for axis in JUDGED if axis.mean_vote for row in _rank_correlation(axis, part)]
    if split == "gold":
        rows += [row for axis in JUDGED if axis.ratio for row in _of_both_splits(axis, table)]
    return pd.DataFrame(rows, columns=list(METRIC_COLUMNS))


def headline(
    metrics: pd.DataFrame,
) -> dict[str, dict[str, tuple[float | None, float | None, float | None]]]:
    """``axis -> metric -> (value, low, high)`` over all posts, None where undefined."""
    found: dict[str, dict[str, tuple[float | None, float | None, float | None]]] = {}
    chosen = metrics[(metrics["slice"] == "all") & metrics["metric"].isin(HEADLINE_METRICS)]
    for row in chosen.to_dict("records"):
        value, low, high = (_rounded(row[c]) for c in ("value", "low", "high"))
        found.setdefault(str(row["axis"]), {})[str(row["metric"])] = (value, low, high)
    return found


def with_truth(axis: Judged, table: pd.DataFrame) -> tuple[pd.DataFrame, m.Bools]:
    """The rows of an out-of-fold table that an axis has a truth for, and which are positive."""
    truth = axis.truth(table)
    known = ~np.isnan(truth)
    return table[known], truth[known] == 1


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)


def _axis_rows(axis: Judged, table: pd.DataFrame) -> Iterator[Row]:
    part, positive = with_truth(axis, table)
    # Not every model tells every column, and of one class alone there is nothing to tell.
    if np.isnan(axis.scores(part, "p")).all() or positive.all() or not positive.any():
        return
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
            **_error_rates(axis, part[rows], true),
        }
        elsewhere = axis.scores(part[rows], "loso")
        if not np.isnan(elsewhere).all():
            values["auc_loso"] = m.within_source_auc(true, elsewhere, source[rows])
        for metric, value in values.items():
            yield axis.name, metric, name, value, *NO_INTERVAL, int(rows.sum()), int(true.sum())


def _whole(
    axis: Judged, part: pd.DataFrame, positive: m.Bools
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
    found |= _with_author(axis, part, positive, few, auc)
    if axis.length_baseline:
        shorter = -part["n_chars"].to_numpy(dtype=np.float64)
        draws = auc_draws(positive, shorter, source, weights)
        value = m.within_source_auc(positive, shorter, source)
        found["auc_within_length"] = (value, interval(draws, value))
    if not axis.ratio:
        found |= _decisions(axis, part, positive, p, few)
    return found


def _with_author(
    axis: Judged,
    part: pd.DataFrame,
    positive: m.Bools,
    weights: NDArray[np.float64],
    auc: Callable[[str, NDArray[np.str_]], tuple[float, Interval]],
) -> Mapping[str, tuple[float, Interval]]:
    """The same posts, read with the name of their author where it is known."""
    if f"author_p_{axis.flag}" not in part:
        # A table of an earlier version.
        return {}
    source, p = part["source"].to_numpy(dtype=np.str_), axis.scores(part, "author_p")
    found = {
        "auc_within_with_author": auc("author_p", source),
        "auc_loso_with_author": auc("author_loso", source),
        "recall_at_precision_70_with_author": _estimate(
            m.recall_at_precision(positive, p, 0.7),
            weighted.recall_at_precision(positive, p, weights, 0.7),
        ),
    }
    if axis.calibrated and not axis.ratio:
        error = m.calibration_error(positive, p)
        found["calibration_error_with_author"] = (error, NO_INTERVAL)
    return found


def _estimate(value: float, draws: m.Floats) -> tuple[float, Interval]:
    return value, interval(draws, value)


def _of_both_splits(axis: Judged, table: pd.DataFrame) -> Iterator[Row]:
    part, positive = with_truth(axis, table)
    if part.empty:
        return
    compared = positive, axis.scores(part, "p"), part["source"].to_numpy(dtype=np.str_)
    draws = auc_draws(*compared, group_weights(part["group"].to_numpy(dtype=np.str_)))
    value = m.within_source_auc(*compared)
    n, positives = len(part), int(positive.sum())
    yield axis.name, "auc_within_both_splits", "all", value, *interval(draws, value), n, positives


def _rank_correlation(axis: Judged, table: pd.DataFrame) -> Iterator[Row]:
    """Over all posts: those between the classes have no binary truth, but they have a place."""
    part = table[table[axis.mean_vote].notna()]
    if part.empty:
        return
    mean, p = part[axis.mean_vote].to_numpy(dtype=np.float64), axis.scores(part, "p")
    weights = group_weights(part["group"].to_numpy(dtype=np.str_), repeats=FEW)
    draws = weighted.spearman(mean, p, weights)
    value = m.spearman(mean, p)
    yield axis.name, "spearman", "all", value, *interval(draws, value), len(part), 0


def _error_rates(axis: Judged, part: pd.DataFrame, positive: m.Bools) -> dict[str, float]:
    """What labels get wrong or leave open, in sources that models saw and in those left out.

    Error rates are those that thresholds promise: shares of the negatives flagged, and of the
    positives given the opposite label; a post counts as much as any other.
    """
    found: dict[str, float] = {}
    if axis.ratio:
        return found
    for column, where in ((f"flag_{axis.flag}", ""), (f"loso_flag_{axis.flag}", "_loso")):
        # Tables of earlier versions have not all of them.
        if column not in part:
            continue
        scored = ~np.isnan(axis.scores(part, "loso")) if where else np.ones(len(part), bool)
        flags, true = part[column].to_numpy()[scored], positive[scored]
        if len(flags):
            found[f"unsure{where}"] = float((flags == UNSURE).mean())
        if (~true).any():
            found[f"negatives_flagged{where}"] = float((flags[~true] == FLAGGED).mean())
        if true.any():
            found[f"positives_missed{where}"] = float((flags[true] == OPPOSITE).mean())
    return found


def _decisions(
    axis: Judged,
    part: pd.DataFrame,
    positive: m.Bools,
    p: m.Floats,
    weights: NDArray[np.float64],
) -> Mapping[str, tuple[float, Interval]]:
    of = positive, part[f"flag_{axis.flag}"].to_numpy() == FLAGGED
    found = {
        "f1": _estimate(m.f1(*of), weighted.f1(*of, weights)),
        "precision": _estimate(m.precision(*of), weighted.precision(*of, weights)),
        "recall": _estimate(m.recall(*of), weighted.recall(*of, weights)),
    } | {name: (rate, NO_INTERVAL) for name, rate in _error_rates(axis, part, positive).items()}
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
