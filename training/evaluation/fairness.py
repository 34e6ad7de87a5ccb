"""How much a model's answers change with the way something is said, or with a name.

Paired as in counterfactual fairness tests of text classifiers (Garg et al. 2019; Blodgett et al.
2016 for dialect): both posts of a pair say the same, so that any difference is the model's.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...data.axes import LABELS
from ...data.dataset.fairness_pairs import Pair
from ...data.posts import Post
from ...models.base import PROBABILITIES
from ...models.pipeline import Pipeline
from ...models.scored_post import ScoredPost
from .bootstrap import LEVEL, REPEATS, interval

# The mean change of a probability may be this far from none, and this share of labels may change.
MAX_CHANGE, MAX_SHARE = 0.05, 0.05


def paired_changes(pipeline: Pipeline, pairs: Sequence[Pair]) -> pd.DataFrame:
    """Measure a model on pairs.

    Returns:
        Long table with the columns ``kind``, ``measure``, ``n``, ``value``, ``low``, ``high``
        and ``within`` (whether the value keeps its limit). Measures are ``p_*``, the mean change
        from plain to register with a bootstrap interval over pairs; ``*_flipped``, the share of
        pairs with opposite labels; and ``*_changed``, the share with different ones, ``unsure``
        included; both with Wilson's interval.
    """
    in_register = _scored(pipeline, [pair.text for pair in pairs])
    plain = _scored(pipeline, [pair.plain for pair in pairs])
    registers = np.array([pair.kind for pair in pairs])
    rows = []
    for kind in dict.fromkeys(registers.tolist()):
        chosen = np.flatnonzero(registers == kind)
        here = [(in_register[i], plain[i]) for i in chosen]
        for name in PROBABILITIES:
            told = [(getattr(a, name), getattr(b, name)) for a, b in here]
            if None in told[0]:
                continue
            change = np.array([a - b for a, b in told])
            value, low, high = _mean(change)
            rows.append((kind, name, len(here), value, low, high, abs(value) <= MAX_CHANGE))
        for name in LABELS:
            labels = [(getattr(a, name), getattr(b, name)) for a, b in here]
            if None in labels[0]:
                continue
            changed = [a != b for a, b in labels]
            flipped = [a != b and "unsure" not in (a, b) for a, b in labels]
            for measure, found in (("flipped", flipped), ("changed", changed)):
                value, low, high = _share(sum(found), len(found))
                within = value <= MAX_SHARE
                rows.append((kind, f"{name}_{measure}", len(here), value, low, high, within))
    columns = ["kind", "measure", "n", "value", "low", "high", "within"]
    return pd.DataFrame(rows, columns=columns)


def _scored(pipeline: Pipeline, texts: Sequence[str]) -> list[ScoredPost]:
    return pipeline.score([Post(text=text) for text in texts], errors="raise")


def _mean(change: NDArray[np.float64]) -> tuple[float, float, float]:
    drawn = np.random.default_rng(0).integers(0, len(change), (REPEATS, len(change)))
    value = float(change.mean())
    return (value, *interval(change[drawn].mean(axis=1), value))


def _share(count: int, n: int) -> tuple[float, float, float]:
    from scipy.stats import binomtest

    found = binomtest(count, n).proportion_ci(LEVEL, method="wilson")
    return count / n, float(found.low), float(found.high)
