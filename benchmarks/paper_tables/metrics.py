"""Metrics that papers report, with the project's intervals, and the cut that a metric asks for.

A metric takes the truth, what is said, and weights of shape (draws, n); it gives a value a draw.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from unpolished.training.evaluation import weighted_metrics as weighted
from unpolished.training.evaluation.bootstrap import Interval, group_weights, interval

# Cuts that are tried: more do not move the metric by what its interval is wide.
_CUTS = 200
Floats = NDArray[np.float64]
Metric = Callable[[Any, Any, Floats], Floats]


class Estimate(NamedTuple):
    """A metric with its 95 % interval over groups."""

    value: float
    bounds: Interval


def accuracy(positive: Any, flagged: Any, weights: Floats) -> Floats:  # noqa: ANN401
    """Share of the posts whose class is told right."""
    return weighted.ratio(weights @ (positive == flagged), weights.sum(axis=1))


def macro_f1(positive: Any, flagged: Any, weights: Floats) -> Floats:  # noqa: ANN401
    """Mean of the F1 of both classes (scikit-learn's ``average="macro"``)."""
    return (weighted.f1(positive, flagged, weights) + weighted.f1(~positive, ~flagged, weights)) / 2


def r_squared(truth: Any, said: Any, weights: Floats) -> Floats:  # noqa: ANN401
    """Share of the variance that is explained (scikit-learn's ``r2_score``)."""
    n = weights.sum(axis=1)
    mean = weighted.ratio(weights @ truth, n)
    around = weights @ truth**2 - n * mean**2
    return 1 - weighted.ratio(weights @ (truth - said) ** 2, around)


def auc(positive: Any, score: Any, weights: Floats) -> Floats:  # noqa: ANN401
    """Area under the ROC curve."""
    parts = np.array_split(weights, max(1, len(weights) // 100))
    return np.concatenate([weighted.ratio(*weighted.auc(positive, score, w)) for w in parts])


def share(chosen: Any, _: Any, weights: Floats) -> Floats:  # noqa: ANN401
    """Share of the posts that are chosen."""
    return weighted.ratio(weights @ chosen, weights.sum(axis=1))


def estimate(metric: Metric, truth: Any, said: Any, groups: NDArray[np.str_]) -> Estimate:  # noqa: ANN401
    """A metric and its interval, by resampling groups."""
    value = float(metric(truth, said, np.ones((1, len(truth))))[0])
    return Estimate(value, interval(metric(truth, said, group_weights(groups)), value))


def best_cut(metric: Metric, positive: NDArray[np.bool_], score: Floats) -> float:
    """The score from which posts are best flagged, by the metric on these very posts.

    Halfway between scores that were given, so that a post just below is not taken in.
    """
    given = np.unique(score)
    between = (given[1:] + given[:-1]) / 2
    if len(between) == 0:
        return float(given[0])
    cuts = between[np.unique(np.linspace(0, len(between) - 1, _CUTS).astype(int))]
    once = np.ones((1, len(score)))
    values = [metric(positive, score >= cut, once)[0] for cut in cuts]
    return float(cuts[int(np.nanargmax(values))])
