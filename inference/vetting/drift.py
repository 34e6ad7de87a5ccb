"""Whether the share of a creator's posts that are flagged has changed, and when.

One change at most is looked for. The statistic is the largest log-likelihood ratio of two binomial
shares against one, over all places with enough posts on both sides. Posts are 0 or 1, so a Gaussian
cost, which libraries of change points offer, would weigh shares near 0 and 1 wrongly. What the
statistic is where nothing changed is found by shuffling the creator's own posts; p-values of all
creators and axes are adjusted together (Benjamini and Hochberg 1995).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

# Of fewer posts nothing is claimed, and on each side of a change there are so many.
ENOUGH, SIDE = 20, 5
LEVEL = 0.1
# More of them where few showed as much.
_SHUFFLES, _RARE = (999, 19_999), 0.005
_PART = 1 << 20


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


def largest_change(
    flags: Sequence[bool], seed: int, moments: Sequence[object] | None = None
) -> Change | None:
    """The largest change in a sequence of posts in order of time.

    Args:
        flags: of the posts.
        seed: of the shuffles.
        moments: when each was posted; posts of one moment are on the same side of a change.

    Returns:
        The change; None of too few posts, of posts that are all alike, or all of one moment.
    """
    values = np.asarray(flags, dtype=np.float64)
    if len(values) < ENOUGH or values.min() == values.max():
        return None
    places = np.arange(SIDE, len(values) - SIDE + 1)
    if moments is not None:
        places = places[[moments[place] != moments[place - 1] for place in places.tolist()]]
    if not len(places):
        return None
    found = _ratios(values[None], places)[0]
    largest = float(found.max())
    place = int(places[found.argmax()])
    generator = np.random.default_rng(seed)
    p = 1.0
    for shuffles in _SHUFFLES:
        as_large = sum(
            # Equal ones count as at least as large, up to rounding.
            int((_ratios(part, places).max(axis=1) >= largest - 1e-9).sum())
            for part in _shuffled(values, shuffles, generator)
        )
        p = (1 + as_large) / (1 + shuffles)
        # What stands out among many creators has to be told from what is only rare.
        if p > _RARE:
            break
    return Change(place, float(values[:place].mean()), float(values[place:].mean()), p)


def _shuffled(
    values: NDArray[np.float64], times: int, generator: np.random.Generator
) -> Iterator[NDArray[np.float64]]:
    """The values in random order, so many times, in parts that fit into memory."""
    rows = max(1, _PART // len(values))
    for start in range(0, times, rows):
        n = min(rows, times - start)
        yield generator.permuted(np.tile(values, (n, 1)), axis=1)


def adjusted(p_values: Mapping[str, float]) -> dict[str, float]:
    """P-values adjusted for how many there are (Benjamini and Hochberg)."""
    if not p_values:
        return {}
    found = false_discovery_control(np.array(list(p_values.values())), method="bh")
    return dict(zip(p_values, map(float, found), strict=True))


def seed_of(name: str) -> int:
    """A seed of a creator's own: the same whoever else is in the file."""
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "replace")).digest()[:4])


def _ratios(rows: NDArray[np.float64], places: NDArray[np.int_]) -> NDArray[np.float64]:
    """Log-likelihood ratios at each place: shape (n_rows, n_places)."""
    n = rows.shape[1]
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
