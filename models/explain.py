"""Explanations: the stretches of a post that support a flag.

Linear models over n-grams, over an embedding that is the mean of token states, or over both: the
additive share of every n-gram and token in the log-odds, summed per word. Other families: occlusion
of at most 20 word groups, the fall of the log-odds without the group.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ..data.text.masking import Masked
from .base import PROBABILITIES, Model
from .scored_post import Reason

# Words of models that tell shares; groups of others, which hold more than a word in a long post. As
# many that hiding them moves a flag as much with either (benchmarks/studies/reasons.py).
MAX_WORDS = 8
MAX_SPANS = 5
MAX_GROUPS = 20
_FLAGS: tuple[Literal["polished", "paid", "performative"], ...] = (
    "polished",
    "paid",
    "performative",
)
_EPSILON = 1e-7

Span = tuple[int, int]


@runtime_checkable
class Additive(Protocol):
    """A model whose log-odds are a sum over stretches of the text.

    One that has an attribute ``explains`` is such a model only where that is true.
    """

    def contributions(self, text: str) -> list[tuple[int, int, NDArray[np.float64]]]:
        """(start, end, shares of shape (5,)) of each stretch."""
        ...


class Shares(NamedTuple):
    """What each stretch of a masked text adds to the log-odds.

    Attributes:
        spans: of the stretches, in order: words, or groups of them.
        values: shape (n_stretches, 5).
        most: stretches that are shown as reasons of one flag.
    """

    spans: list[Span]
    values: NDArray[np.float64]
    most: int


def find_shares(model: Model, text: str) -> Shares:
    """The shares of a masked text's words where the model tells them, else of groups of words."""
    words = [m.span() for m in re.finditer(r"\S+", text)]
    if not words:
        return Shares([], np.zeros((0, len(PROBABILITIES))), 0)
    if isinstance(model, Additive) and getattr(model, "explains", True):
        return Shares(words, _word_shares(model, text, words), MAX_WORDS)
    groups = _groups(words)
    return Shares(groups, _occlusion(model, text, groups), MAX_SPANS)


def find_reasons(
    model: Model, masked: Masked, original: str, axes: Sequence[int]
) -> tuple[Reason, ...]:
    """The strongest spans for each axis, by falling weight.

    Args:
        model: any family.
        masked: the masked view of ``original``.
        original: the text that offsets refer to.
        axes: columns of ``PROBABILITIES`` among 0, 1, 2.
    """
    groups, shares, most = find_shares(model, masked.text)
    found = []
    for axis in axes:
        for start, end, weight in _strongest(groups, shares[:, axis], most):
            begin, stop = masked.span(start, end)
            found.append(
                Reason(
                    flag=_FLAGS[axis], start=begin, end=stop,
                    text=original[begin:stop], weight=round(float(weight), 4),
                )
            )  # fmt: skip
    return tuple(found)


def _word_shares(model: Additive, text: str, words: Sequence[Span]) -> NDArray[np.float64]:
    word_of = np.full(len(text) + 1, -1)
    for i, (start, end) in enumerate(words):
        word_of[start:end] = i
    shares = np.zeros((len(words), len(PROBABILITIES)))
    for start, end, share in model.contributions(text):
        covered = word_of[start:end]
        covered = covered[covered >= 0]
        if len(covered):
            np.add.at(shares, covered, share / len(covered))
    return shares


def _groups(words: Sequence[Span]) -> list[Span]:
    """Consecutive words joined until at most ``MAX_GROUPS`` groups are left."""
    parts = np.array_split(np.arange(len(words)), min(MAX_GROUPS, len(words)))
    return [(words[part[0]][0], words[part[-1]][1]) for part in parts]


def _occlusion(model: Model, text: str, groups: Sequence[Span]) -> NDArray[np.float64]:
    without = [(text[:start] + text[end:]).strip() for start, end in groups]
    p = np.clip(model.predict_proba([text, *without]).astype(np.float64), _EPSILON, 1 - _EPSILON)
    log_odds = np.log(p) - np.log1p(-p)
    return np.asarray(log_odds[0] - log_odds[1:])


def _strongest(
    groups: Sequence[Span], shares: NDArray[np.float64], most: int
) -> list[tuple[int, int, float]]:
    """The groups, at most ``most``, that support a flag; neighbours are joined into one span."""
    best = sorted(i for i in np.argsort(-shares, kind="stable")[:most] if shares[i] > 0)
    runs: list[list[int]] = [[i] for i in best[:1]]
    for before, i in pairwise(best):
        if i == before + 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    spans = [(groups[r[0]][0], groups[r[-1]][1], float(shares[r].sum())) for r in runs]
    return sorted(spans, key=lambda span: -span[2])
