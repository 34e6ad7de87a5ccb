"""The one interface of every model family."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ..data.labelled_texts import LabelledTexts

# Column order of every probability array in the project.
PROBABILITIES = ("p_polished", "p_paid", "p_performative", "p_committed")

Probabilities = NDArray[np.float32]


@runtime_checkable
class Model(Protocol):
    """A classifier over masked texts.

    Attributes:
        family: the name recipes and saved folders use.
    """

    family: ClassVar[str]

    def fit(self, train: LabelledTexts) -> Self:
        """Fit on partly labelled texts; a missing target adds no loss."""
        ...

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:
        """Score masked texts: float32 of shape (n_posts, 4), columns as ``PROBABILITIES``.

        Columns 2 and 3 (low and high commitment) sum to at most 1.
        """
        ...

    def save(self, folder: Path) -> None:
        """Write weights and options into an existing folder; nothing is pickled."""
        ...

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Rebuild what ``save`` wrote; its probabilities are bit-equal."""
        ...


class Scores(NamedTuple):
    """What a model says about texts, and whether it read all of each.

    Attributes:
        probabilities: shape (n_posts, 4), columns as ``PROBABILITIES``.
        truncated: whether tokens of a text were left out, shape (n_posts,).
    """

    probabilities: Probabilities
    truncated: NDArray[np.bool_]


@runtime_checkable
class Truncating(Protocol):
    """A model that may read less than the whole of a text."""

    def scores(self, texts: Sequence[str]) -> Scores:
        """As ``Model.predict_proba``, and what was left out."""
        ...


def scores_of(model: Model, texts: Sequence[str]) -> Scores:
    """Scores of masked texts by any model; one that is not ``Truncating`` reads all of them."""
    if isinstance(model, Truncating):
        return model.scores(texts)
    return Scores(model.predict_proba(texts), np.zeros(len(texts), bool))
