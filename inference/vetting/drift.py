"""Whether the share of a creator's posts that are flagged has changed, and when.

One change at most is looked for. The statistic is the largest log-likelihood ratio of two binomial
shares against one, over all places with enough posts on both sides. Posts are 0 or 1, so a Gaussian
cost, which libraries of change points offer, would weigh shares near 0 and 1 wrongly. What the
statistic is where nothing changed is found by shuffling the creator's own posts; p-values of all
creators and axes are adjusted together (Benjamini and Hochberg 1995).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

# Of fewer posts nothing is claimed, and on each side of a change there are so many.
ENOUGH, SIDE = 20, 5
LEVEL = 0.1
_SHUFFLES = 999


class Change(NamedTuple):
    """A change of a share.

    Attributes:
        place: number of posts before it.
        before: share of these.
        after: share of the others.
        p: how often shuffled posts show as much.
    """

    place: int
    before: float
    after: float
    p: float


def largest_change(flags: Sequence[bool], seed: int) -> Change | None:
    """The largest change in a sequence of posts in order of time; None of too few posts."""
    values = np.asarray(flags, dtype=np.float64)
    if len(values) < ENOUGH:
        return None
    generator = np.random.default_rng(seed)
    shuffled = generator.permuted(np.tile(values, (_SHUFFLES, 1)), axis=1)
    ratios = _ratios(np.vstack([values, shuffled]))
    largest = ratios.max(axis=1)
    place = int(ratios[0].argmax()) + SIDE
    # Equal ones count as at least as large, up to rounding.
    p = float((largest >= largest[0] - 1e-9).mean())
    return Change(place, float(values[:place].mean()), float(values[place:].mean()), p)


def adjusted(p_values: Mapping[str, float]) -> dict[str, float]:
    """P-values adjusted for how many there are (Benjamini and Hochberg)."""
    if not p_values:
        return {}
    found = false_discovery_control(np.array(list(p_values.values())), method="bh")
    return dict(zip(p_values, map(float, found), strict=True))


def seed_of(name: str) -> int:
    """A seed of a creator's own: the same whoever else is in the file."""
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "replace")).digest()[:4])


def _ratios(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-likelihood ratios at each place: shape (n_rows, n_posts - 2 * SIDE + 1)."""
    n = rows.shape[1]
    places = np.arange(SIDE, n - SIDE + 1)
    before = rows.cumsum(axis=1)[:, places - 1]
    whole = rows.sum(axis=1, keepdims=True)
    return (
        _likelihood(before, places)
        + _likelihood(whole - before, n - places)
        - _likelihood(whole, np.array([n]))
    )


def _likelihood(ones: NDArray[np.float64], n: NDArray[np.int_]) -> NDArray[np.float64]:
    share = ones / n
    with np.errstate(divide="ignore", invalid="ignore"):
        found = ones * np.log(share) + (n - ones) * np.log1p(-share)
    return np.nan_to_num(found, nan=0.0)
