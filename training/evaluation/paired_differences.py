"""How two models differ, judged on paired draws: interval, p-value, and what could be shown.

The p-value is that of the difference over its bootstrap standard error, two-sided, from the t
distribution. A count of draws beyond zero cannot be smaller than one over their number, which an
adjustment for a hundred comparisons would multiply beyond any level. Degrees of freedom are one
less than the groups that have a positive, or a negative, whichever are fewer (Cameron and Miller
2015, section VI: with few groups the normal distribution finds differences that are not there).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .bootstrap import interval
from .metrics import Floats

LEVEL_OF_TEST, POWER = 0.05, 0.8
# With fewer groups of a kind, draws know next to nothing of how far they spread.
MIN_GROUPS = 3
# Differences smaller than what sums of scores are exact to.
_SAME = 1e-12


@dataclass(frozen=True)
class Tested:
    """A difference of two models on the same posts; NaN where there is no interval.

    Attributes:
        difference: positive where the model is better.
        low: of the 95 % percentile interval.
        high: of it.
        error: bootstrap standard error.
        p: two-sided, of this comparison alone.
        detectable: smallest true difference that this comparison alone would show with 80 % power
            at the 5 % level.
    """

    difference: float
    low: float
    high: float
    error: float
    p: float
    detectable: float


def judged_difference(difference: float, draws: Floats, n_groups: int) -> Tested:
    """Judge a difference by its draws.

    Args:
        difference: on the posts themselves.
        draws: the same on every draw, NaN where undefined; shape (repeats,).
        n_groups: groups with a positive, or with a negative, whichever are fewer.
    """
    from scipy.special import stdtr, stdtrit

    known = draws[~np.isnan(draws)]
    if len(known) and np.abs([difference, *known]).max() < _SAME:
        # The same ranking: there is nothing to tell, and no spread to tell it by.
        return Tested(difference, np.nan, np.nan, 0.0, 1.0, np.nan)
    low, high = interval(draws, difference)
    if np.isnan(low) or n_groups < MIN_GROUPS:
        return Tested(difference, *(np.nan,) * 5)
    # Draws of G groups spread as if there were one group less (Efron and Tibshirani 1993, p. 43).
    error = float(np.std(known, ddof=1) * np.sqrt(n_groups / (n_groups - 1)))
    freedom = n_groups - 1
    return Tested(
        difference,
        low,
        high,
        error,
        float(2 * stdtr(freedom, -abs(difference) / error)),
        float(stdtrit(freedom, [1 - LEVEL_OF_TEST / 2, POWER]).sum() * error),
    )


def detectable_among(tests: int) -> float:
    """By how much ``detectable`` grows for a difference that is the only one among many."""
    from scipy.stats import norm

    one, of_many = (norm.isf(LEVEL_OF_TEST / 2 / m) + norm.ppf(POWER) for m in (1, tests))
    return float(of_many / one)


def holm(p: Floats) -> Floats:
    """Adjusted p-values, so that one false finding among all has a chance of 5 % (Holm 1979).

    Args:
        p: of each comparison, shape (m,); NaN where there was none, which does not count.
    """
    adjusted = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(1, np.maximum.accumulate(steps)) if len(order) else steps
    return adjusted
