"""95 % intervals by resampling groups, since posts of one author are not independent."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .metrics import Bools, Floats, wins

REPEATS, LEVEL = 1000, 0.95
Interval = tuple[float, float]


def group_weights(
    groups: NDArray[np.str_], *, repeats: int = REPEATS, seed: int = 0
) -> NDArray[np.float32]:
    """How often each row is drawn when its groups are: shape (repeats, n)."""
    names, member = np.unique(groups, return_inverse=True)
    rng = np.random.default_rng(seed)
    times = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=repeats)
    return times[:, member].astype(np.float32)


def auc_draws(
    positive: Bools, score: Floats, source: NDArray[np.str_], weights: NDArray[np.float32]
) -> Floats:
    """Within-source AUC of every draw, as products with the pair matrices: shape (repeats,)."""
    right = np.zeros(len(weights))
    pairs = np.zeros(len(weights))
    for name in np.unique(source):
        above, below = (source == name) & positive, (source == name) & ~positive
        up, down = weights[:, above], weights[:, below]
        right += ((up @ wins(score[above], score[below])) * down).sum(axis=1)
        pairs += up.sum(axis=1) * down.sum(axis=1)
    undefined = np.full(len(weights), np.nan)
    return np.asarray(np.divide(right, pairs, out=undefined, where=pairs > 0))


def resampled(
    metric: Callable[[NDArray[np.intp]], float],
    groups: NDArray[np.str_],
    *,
    repeats: int = 200,
    seed: int = 0,
) -> Floats:
    """Any metric of row indices, on rows drawn by group: shape (repeats,)."""
    weights = group_weights(groups, repeats=repeats, seed=seed).astype(np.intp)
    rows = np.arange(len(groups))
    return np.array([metric(np.repeat(rows, drawn)) for drawn in weights])


def interval(draws: Floats) -> Interval:
    """Percentile interval over the draws that are defined."""
    known = draws[~np.isnan(draws)]
    if not len(known):
        return float("nan"), float("nan")
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(known, [tail, 1 - tail])
    return float(low), float(high)
