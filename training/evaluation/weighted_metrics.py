"""Metrics of all bootstrap draws at once: a row weighs as often as it was drawn.

Each function gives, draw by draw, what its namesake in ``metrics`` gives on the rows repeated as
often as they were drawn. ``weights`` has shape (draws, n), the other arrays (n,), results (draws,);
NaN where a draw leaves a metric undefined.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .metrics import Bools, Floats

Weights = NDArray[np.float64]


def auc(positive: Bools, score: Floats, weights: Weights) -> tuple[Floats, Floats]:
    """Pairs of a positive and a negative ranked right, ties half; and how many pairs there are."""
    negative = np.flatnonzero(~positive)
    negative = negative[np.argsort(score[negative])]
    up, down = weights[:, positive], weights[:, negative]
    lower = np.pad(np.cumsum(down, axis=1), ((0, 0), (1, 0)))
    left, right = (
        np.searchsorted(score[negative], score[positive], side) for side in ("left", "right")
    )
    won = np.einsum("dp,dp->d", up, lower[:, left] + lower[:, right]) / 2
    return won, up.sum(axis=1) * down.sum(axis=1)


def average_precision(positive: Bools, score: Floats, weights: Weights) -> Floats:
    """Mean precision over the positives, from the highest score down."""
    up, all_ = _by_score(-score, weights * positive, weights)
    precision_there = ratio(np.cumsum(up, axis=1), np.cumsum(all_, axis=1), undefined=0.0)
    return ratio((up * precision_there).sum(axis=1), up.sum(axis=1))


def recall_at_precision(
    positive: Bools, score: Floats, weights: Weights, at_least: float = 0.8
) -> Floats:
    """Highest recall of any cut whose precision is at least ``at_least``; 0 if there is none."""
    up, all_ = _by_score(-score, weights * positive, weights)
    hits, flagged = np.cumsum(up, axis=1), np.cumsum(all_, axis=1)
    good = ratio(hits, flagged, undefined=0.0) >= at_least
    return ratio((hits * good).max(axis=1), hits[:, -1])


def precision(positive: Bools, flagged: Bools, weights: Weights) -> Floats:
    """Share of the flagged that are positive."""
    return ratio(weights @ (positive & flagged), weights @ flagged)


def recall(positive: Bools, flagged: Bools, weights: Weights) -> Floats:
    """Share of the positive that are flagged."""
    return ratio(weights @ (positive & flagged), weights @ positive)


def f1(positive: Bools, flagged: Bools, weights: Weights) -> Floats:
    """Harmonic mean of precision and recall; 0 if nothing is flagged right."""
    there = weights @ positive
    found = ratio(2 * (weights @ (positive & flagged)), there + weights @ flagged)
    return np.where(there > 0, found, np.nan)


def precision_at_prevalence(
    positive: Bools, flagged: Bools, weights: Weights, share: float
) -> Floats:
    """Precision if ``share`` of the posts were positive, by reweighting the two classes."""
    hit = share * recall(positive, flagged, weights)
    false = (1 - share) * recall(~positive, flagged, weights)
    return ratio(hit, hit + false)


def f1_at_prevalence(positive: Bools, flagged: Bools, weights: Weights, share: float) -> Floats:
    """F1 if ``share`` of the posts were positive; see ``precision_at_prevalence``."""
    p = precision_at_prevalence(positive, flagged, weights, share)
    r = recall(positive, flagged, weights)
    return np.where(r == 0, 0.0, ratio(2 * p * r, p + r))


def spearman(a: Floats, b: Floats, weights: Weights) -> Floats:
    """Rank correlation."""
    n = weights.sum(axis=1, keepdims=True)
    # Ranks are counted from 1, so their mean is (n + 1) / 2 whatever the ties.
    off_a, off_b = (_ranks(values, weights) - (n + 1) / 2 for values in (a, b))
    together = (weights * off_a * off_b).sum(axis=1)
    apart = (weights * off_a**2).sum(axis=1) * (weights * off_b**2).sum(axis=1)
    return np.where(n[:, 0] >= 3, ratio(together, np.sqrt(apart)), np.nan)


def ratio(above: Floats, below: Floats, undefined: float = np.nan) -> Floats:
    """``above / below``, and ``undefined`` where ``below`` is 0 or NaN."""
    out = np.full(np.shape(below), undefined)
    np.divide(above, below, out=out, where=below > 0)
    return out


def _by_score(score: Floats, *columns: Weights) -> list[Weights]:
    """Sums over rows of equal score, from the lowest score up: shape (draws, distinct scores)."""
    order = np.argsort(score, kind="stable")
    starts = np.flatnonzero(np.append(True, np.diff(score[order]) != 0))
    if len(starts) == len(score):
        return [column[:, order] for column in columns]
    return [np.add.reduceat(column[:, order], starts, axis=1) for column in columns]


def _ranks(values: Floats, weights: Weights) -> Weights:
    """Rank of each row among the rows drawn, mean rank for ties: shape (draws, n)."""
    _, place = np.unique(values, return_inverse=True)
    (drawn,) = _by_score(values, weights)
    return (np.cumsum(drawn, axis=1) - (drawn - 1) / 2)[:, place]
