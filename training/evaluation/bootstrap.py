"""95 % intervals by resampling groups, since posts of one author are not independent.

Groups are drawn in the order of their names, so that no draw depends on the order of the rows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from . import weighted_metrics as weighted
from .metrics import Bools, Floats

# Draws for AUC, the headline, and for all other metrics.
REPEATS, FEW, LEVEL = 1000, 200, 0.95
# Draws whose weights are sorted together: more take more memory, and are no faster.
_AT_ONCE = 100
Interval = tuple[float, float]
NO_INTERVAL: Interval = (float("nan"), float("nan"))


def group_weights(
    groups: NDArray[np.str_], *, repeats: int = REPEATS, seed: int = 0
) -> NDArray[np.float64]:
    """How often each row is drawn when its groups are: shape (repeats, n)."""
    names, member = np.unique(groups, return_inverse=True)
    rng = np.random.default_rng(seed)
    times = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=repeats)
    return times[:, member].astype(np.float64)


def auc_draws(
    positive: Bools, score: Floats, source: NDArray[np.str_], weights: NDArray[np.float64]
) -> Floats:
    """Within-source AUC of every draw: shape (repeats,)."""
    places = [source == name for name in np.unique(source)]
    found = []
    for few in np.array_split(weights, max(1, len(weights) // _AT_ONCE)):
        pairs = [weighted.auc(positive[i], score[i], few[:, i]) for i in places]
        right, all_ = np.sum(pairs, axis=0)
        found.append(weighted.ratio(right, all_))
    return np.concatenate(found)


def interval(draws: Floats, value: float) -> Interval:
    """Percentile interval (Efron and Tibshirani 1993, ch. 13) of a statistic, or NaN twice.

    There is none where the draws do not tell how far the statistic may be off:

    - more than one draw in twenty is undefined, say for want of positives: those left out would
      be more than the interval leaves out;
    - the interval has no width, as with one group, or at a bound that every draw reaches;
    - it lies beside ``value``: the draws are biased by more than they scatter, which no percentile
      interval mends, the bias-corrected one included (Efron and Tibshirani, section 14.3: both
      contain the value or neither does).

    Args:
        draws: the statistic on each draw, NaN where undefined.
        value: the statistic on the rows themselves.
    """
    known = draws[~np.isnan(draws)]
    if not len(known) or len(known) < LEVEL * len(draws):
        return NO_INTERVAL
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(known, [tail, 1 - tail])
    return (float(low), float(high)) if low < high and low <= value <= high else NO_INTERVAL
