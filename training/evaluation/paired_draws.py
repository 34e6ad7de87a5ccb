"""A metric of several models on the same bootstrap draws, so that their differences are paired.

Groups are drawn once for all models, questions and sources. Here posts are rows and draws are
columns: to sort posts by the scores of a model is to copy whole rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import weighted_metrics as weighted
from .bootstrap import REPEATS
from .metrics import Bools, Floats

# Draws that are worked on together: their weights stay in the processor's cache.
_AT_ONCE = 100
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Scored:
    """Scores of several models on the posts of one question.

    Attributes:
        rows: which posts of the table these are, shape (n,).
        positive: shape (n,).
        source: shape (n,).
        scores: shape (models, n).
    """

    rows: Rows
    positive: Bools
    source: NDArray[np.str_]
    scores: Floats

    @property
    def sources(self) -> list[str]:
        """Names of the sources, sorted."""
        return [str(name) for name in np.unique(self.source)]


# From weights of all posts, shape (posts, draws), to a metric: shape (1 + sources, models, draws),
# the whole first.
Metric = Callable[[Floats], Floats]


def within_source_auc(scored: Scored) -> Metric:
    """Pairs of a positive and a negative of one source, ranked right, ties half."""
    sources = [_PairsOf(scored, scored.source == name) for name in scored.sources]

    def metric(weights: Floats) -> Floats:
        counted = [source(weights) for source in sources]
        won = np.stack([won for won, _ in counted])
        pairs = np.stack([pairs for _, pairs in counted])[:, None]
        whole = weighted.ratio(won.sum(axis=0), np.broadcast_to(pairs.sum(axis=0), won.shape[1:]))
        return np.concatenate([whole[None], weighted.ratio(won, np.broadcast_to(pairs, won.shape))])

    return metric


def ranked(statistic: Callable[[Bools, Floats, Floats], Floats]) -> Callable[[Scored], Metric]:
    """A metric of ``weighted_metrics``, over all sources together and of each."""

    def of(scored: Scored) -> Metric:
        parts = [np.ones(len(scored.rows), np.bool_)]
        parts += [scored.source == name for name in scored.sources]

        def metric(weights: Floats) -> Floats:
            found = []
            for part in parts:
                positive, drawn = scored.positive[part], weights[scored.rows[part]].T
                found.append([statistic(positive, score[part], drawn) for score in scored.scores])
            return np.array(found)

        return metric

    return of


def paired_draws(
    metrics: Sequence[Metric],
    groups: NDArray[np.str_],
    *,
    repeats: int = REPEATS,
    seed: int = 0,
    progress: Callable[[Sequence[int]], Iterator[int]] = iter,
) -> list[tuple[Floats, Floats]]:
    """Each metric on the posts themselves, and on every draw of groups.

    Args:
        metrics: of the posts whose groups these are.
        groups: shape (posts,).
        repeats: number of draws.
        seed: of the draws.
        progress: wraps the loop over parts of the draws.

    Returns:
        For each metric, its values, shape (1 + sources, models), and its draws, with one more axis.
    """
    names, member = np.unique(groups, return_inverse=True)
    values = [metric(np.ones((len(groups), 1)))[..., 0] for metric in metrics]
    draws: list[list[Floats]] = [[] for _ in metrics]
    rng, shares = np.random.default_rng(seed), np.full(len(names), 1 / len(names))
    for start in progress(range(0, repeats, _AT_ONCE)):
        times = rng.multinomial(len(names), shares, size=min(_AT_ONCE, repeats - start))
        weights = times.T.astype(np.float64)[member]
        for found, metric in zip(draws, metrics, strict=True):
            found.append(metric(weights))
    joined = [np.concatenate(found, axis=-1) for found in draws]
    return list(zip(values, joined, strict=True))


class _PairsOf:
    """Pairs of the posts of a source that each model ranks right, by draw; and how many there are.

    Weights are whole numbers, so that sums are exact in any order.
    """

    def __init__(self, scored: Scored, part: Bools) -> None:
        positive = scored.positive
        self.up, self.down = scored.rows[part & positive], scored.rows[part & ~positive]
        self.orders: list[Rows] = []
        self.below: list[Rows] = []
        for score in scored.scores:
            up, down = score[part & positive], score[part & ~positive]
            order = np.argsort(down, kind="stable")
            self.orders.append(self.down[order])
            self.below.append(
                np.stack([np.searchsorted(down[order], up, side) for side in ("left", "right")])
            )

    def __call__(self, weights: Floats) -> tuple[Floats, Floats]:
        """Pairs won, shape (models, draws), and pairs, shape (draws,)."""
        up, draws = weights[self.up], weights.shape[1]
        won = np.empty((len(self.orders), draws))
        lower = np.zeros((len(self.down) + 1, draws))
        for found, order, (left, right) in zip(won, self.orders, self.below, strict=True):
            np.cumsum(weights[order], axis=0, out=lower[1:])
            np.einsum("pd,pd->d", up, lower[left] + lower[right], out=found)
        return won / 2, up.sum(axis=0) * weights[self.down].sum(axis=0)
