"""Metrics of one probability against one binary label; NaN where a metric is undefined.

Arrays have shape (n,); ``positive`` is boolean. No metric depends on the order of the rows, to the
last bit: posts of equal score are kept together, and sums are taken in one order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
N_BINS = 10


def within_source_auc(positive: Bools, score: Floats, source: NDArray[np.str_]) -> float:
    """Share of (positive, negative) pairs of one source that are ranked right, ties half.

    A source weighs as many pairs as it has.
    """
    right = pairs = 0.0
    for name in np.unique(source):
        above, below = score[(source == name) & positive], score[(source == name) & ~positive]
        right += _pairs_won(above, below)
        pairs += len(above) * len(below)
    return right / pairs if pairs else float("nan")


def pooled_auc(positive: Bools, score: Floats) -> float:
    """The usual area under the ROC curve, whatever the source."""
    return within_source_auc(positive, score, np.zeros(len(score), dtype=np.str_))


def _pairs_won(positive: Floats, negative: Floats) -> float:
    """The sum of ``wins``, counted: a sum of float32 is inexact from 2**24 pairs on."""
    ranked = np.sort(negative)
    lower = np.searchsorted(ranked, positive, "left").sum()
    not_higher = np.searchsorted(ranked, positive, "right").sum()
    return (int(lower) + int(not_higher)) / 2


def wins(positive: Floats, negative: Floats) -> NDArray[np.float32]:
    """1 where the positive is ranked above, .5 for a tie: shape (n_positive, n_negative)."""
    difference = positive[:, None] - negative[None, :]
    return ((np.sign(difference) + 1) / 2).astype(np.float32)


def average_precision(positive: Bools, score: Floats) -> float:
    """Mean precision over the positives, from the highest score down (scikit-learn's)."""
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(positive, score)) if positive.any() else float("nan")


def precision(positive: Bools, flagged: Bools) -> float:
    """Share of the flagged that are positive."""
    return float(positive[flagged].mean()) if flagged.any() else float("nan")


def recall(positive: Bools, flagged: Bools) -> float:
    """Share of the positive that are flagged."""
    return float(flagged[positive].mean()) if positive.any() else float("nan")


def f1(positive: Bools, flagged: Bools) -> float:
    """Harmonic mean of precision and recall; 0 if nothing is flagged right."""
    hits = int((positive & flagged).sum())
    either = int(positive.sum() + flagged.sum())
    return 2 * hits / either if positive.any() else float("nan")


def precision_at_prevalence(positive: Bools, flagged: Bools, share: float) -> float:
    """Precision if ``share`` of the posts were positive, by reweighting the two classes.

    Recall and the share of negatives flagged stay what they are: label shift alone.
    """
    if positive.all() or not positive.any():
        return float("nan")
    hit = share * float(flagged[positive].mean())
    false = (1 - share) * float(flagged[~positive].mean())
    return hit / (hit + false) if hit + false else float("nan")


def f1_at_prevalence(positive: Bools, flagged: Bools, share: float) -> float:
    """F1 if ``share`` of the posts were positive; see ``precision_at_prevalence``."""
    p = precision_at_prevalence(positive, flagged, share)
    r = recall(positive, flagged)
    return 0.0 if r == 0 else 2 * p * r / (p + r)


def recall_at_precision(positive: Bools, score: Floats, at_least: float = 0.8) -> float:
    """Highest recall of any cut whose precision is at least ``at_least``; 0 if there is none."""
    if not positive.any():
        return float("nan")
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(positive[order])
    # A cut cannot split posts of equal score.
    ends = np.append(np.diff(score[order]) != 0, True)
    good = ends & (hits / np.arange(1, len(score) + 1) >= at_least)
    return float(hits[good].max() / positive.sum()) if good.any() else 0.0


def spearman(a: Floats, b: Floats) -> float:
    """Rank correlation."""
    from scipy.stats import spearmanr

    if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return float("nan")
    order = np.lexsort((b, a))
    return float(spearmanr(a[order], b[order]).statistic)


def equal_mass_bins(probability: Floats) -> NDArray[np.intp]:
    """Which of at most 10 bins of equal mass each row is in, from the lowest: shape (n,).

    Equal-mass (adaptive) bins: Nguyen and O'Connor (2015, algorithm 1), who do not say what becomes
    of equal probabilities. Here these share the bin of the middle one among them, so that bins are
    as equal as ties allow (some may be empty) and never depend on the order of the rows. Without
    ties they are the parts of ``np.array_split``.
    """
    n = len(probability)
    _, value, times = np.unique(probability, return_inverse=True, return_counts=True)
    middle = np.cumsum(times) - times // 2 - 1
    parts = np.array_split(np.arange(n), min(N_BINS, max(n, 1)))
    bin_of_rank = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return np.asarray(bin_of_rank[middle][value])


def calibration_error(positive: Bools, probability: Floats) -> float:
    """Mean gap between probability and frequency over ``equal_mass_bins``."""
    n = len(probability)
    if not n:
        return float("nan")
    order = np.lexsort((positive, probability))
    gaps = np.bincount(equal_mass_bins(probability)[order], (positive - probability)[order])
    return float(np.abs(gaps).sum() / n)


def perfect_calibration_error(
    probability: Floats, *, repeats: int = 500, seed: int = 0
) -> tuple[float, float]:
    """What a model that is right about every probability would show at this n.

    Labels are drawn from the probabilities themselves, and binned alike (consistency resampling:
    Broecker and Smith 2007).

    Returns:
        Mean and 95th percentile of ``calibration_error`` over the draws.
    """
    n = len(probability)
    if not n:
        return float("nan"), float("nan")
    # Sorted, so that a draw does not hang on which row comes first.
    p = np.sort(probability)
    starts = np.flatnonzero(np.diff(equal_mass_bins(p), prepend=-1))
    drawn = np.random.default_rng(seed).random((repeats, n)) < p
    errors = np.abs(np.add.reduceat(drawn - p, starts, axis=1)).sum(axis=1) / n
    return float(np.mean(errors)), float(np.quantile(errors, 0.95))
