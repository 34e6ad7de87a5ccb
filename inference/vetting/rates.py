"""A share of posts corrected for how often the classifier flags what it should, and what not.

Rogan and Gladen (1978): of a share of flagged posts ``a``, with a hit rate ``h`` (flagged of those
that should be) and a false-flag rate ``f`` (flagged of the others), the share that should be is
``(a - f) / (h - f)``. The interval draws all three: ``a`` from the creator's posts, ``h`` and ``f``
from what is known of them (Lang and Reiczigel 2014 say why both belong in it).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...models.saved_model import ModelInfo

# Of fewer posts nothing is said.
ENOUGH = 20
_DRAWS = 4_000
# Jeffreys' prior: half a success and half a failure.
_PRIOR = 0.5
_Z = 1.959964
_LEVELS = (2.5, 97.5)
# Label, the axis of the model's metrics, and the threshold that flags it. Labels of promotion and
# of causes are made of several flags, whose rates are not those of the label.
FLAGS = {
    "polished": ("style", "p_polished"),
    "paid": ("paid", "p_paid"),
    "performative": ("performative", "p_performative"),
}


class Rate(NamedTuple):
    """A rate of a classifier, as a Beta distribution with this mean and so many observations."""

    mean: float
    n: float

    def draws(self, generator: np.random.Generator) -> NDArray[np.float64]:
        """What it may be, shape (4000,)."""
        hits = self.mean * self.n
        return generator.beta(hits + _PRIOR, self.n - hits + _PRIOR, _DRAWS)


class Rates(NamedTuple):
    """How often a flag is right: measured out of fold, on posts of authors the model did not see.

    Attributes:
        hit: flagged of the posts that should be.
        false_flag: flagged of the others.
    """

    hit: Rate
    false_flag: Rate


class Corrected(NamedTuple):
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float


def rates_of(info: ModelInfo) -> dict[str, Rates]:
    """The rates of each flag that a model was measured on.

    Posts of one author are alike, so a rate counts for as many observations as its interval, which
    resamples authors, is wide; the false-flag rate for as many as there were authors.
    """
    found = {}
    for flag, (axis, column) in FLAGS.items():
        value, low, high = info.metrics.get(axis, {}).get("recall", (None, None, None))
        threshold = getattr(info.thresholds, column, None)
        if value is None or low is None or high is None or threshold is None:
            continue
        if threshold.negatives_flagged is None or not threshold.negative_authors:
            continue
        deviation = max((high - low) / (2 * _Z), 1e-6)
        n = max(value * (1 - value) / deviation**2 - 1, 1.0)
        false = Rate(threshold.negatives_flagged, float(threshold.negative_authors))
        found[flag] = Rates(Rate(value, n), false)
    return found


def corrected(
    flagged: int, posts: int, rates: Rates, *, certain: int = 0, seed: int = 0
) -> Corrected | None:
    """The share of posts that should be flagged; None of too few posts to say.

    Args:
        flagged: by the model.
        posts: that were judged.
        rates: of the flag.
        certain: posts known to be so without the model, which are not among ``flagged``; the
            correction is for the others, and the interval for both.
        seed: of the draws.

    Examples:
        Half of a hundred posts are flagged by a flag that finds 8 of 10, and 1 of 10 others:

        >>> found = corrected(50, 100, Rates(Rate(0.8, 200), Rate(0.1, 200)))
        >>> round(found.value, 2)
        0.57
    """
    if posts < ENOUGH:
        return None
    others = posts - certain
    generator = np.random.default_rng(seed)
    apparent = generator.beta(flagged + _PRIOR, others - flagged + _PRIOR, _DRAWS)
    hit, false = _drawn(rates, seed + 1)
    # A creator of whom less is flagged than of others by mistake has a lower rate of mistakes, and
    # one of whom more is flagged than can be found a higher one of hits: how low and high, nobody
    # knows, so the interval takes in all of it.
    drawn = _share(
        apparent, np.where(apparent > hit, 1.0, hit), np.where(apparent < false, 0.0, false)
    )
    point = _share(
        np.array([flagged / others if others else 0.0]), np.array([rates.hit.mean]),
        np.array([rates.false_flag.mean]),
    )  # fmt: skip
    known = generator.beta(certain + _PRIOR, others + _PRIOR, _DRAWS) if certain else 0.0
    low, high = np.percentile(known + (1 - known) * drawn, _LEVELS)
    value = float((certain + others * point[0]) / posts)
    # A point estimate at a bound of what is possible is in its interval.
    return Corrected(value, min(float(low), value), max(float(high), value))


@lru_cache(maxsize=64)
def _drawn(rates: Rates, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What the hit and the false-flag rate may be: drawn once, the same for all creators."""
    generator = np.random.default_rng(seed)
    return rates.hit.draws(generator), rates.false_flag.draws(generator)


def _share(
    apparent: NDArray[np.float64], hit: NDArray[np.float64], false: NDArray[np.float64]
) -> NDArray[np.float64]:
    # A flag that is no better than chance says nothing: the share may be anything.
    gap = np.maximum(hit - false, 1e-6)
    return np.clip((apparent - false) / gap, 0.0, 1.0)
