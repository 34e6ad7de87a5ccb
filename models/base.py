"""The one interface of every model family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ..data.axes import PREDICTED
from ..data.labelled_texts import LabelledTexts

# Column order of every probability array in the project.
PROBABILITIES = tuple(column.probability for column in PREDICTED)
# Columns of low and high commitment, which share one distribution with none.
LOW, HIGH = PROBABILITIES.index("p_performative"), PROBABILITIES.index("p_committed")

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

        Columns ``LOW`` and ``HIGH`` (low and high commitment) sum to at most 1.
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


@dataclass(frozen=True)
class Diagnostics:
    """What a model tells about itself beside its scores, for evaluation and tracking.

    Attributes:
        by_post: columns of the out-of-fold table by name, one value a post, shape (n_posts,), or a
            score for each of ``PROBABILITIES``, shape (n_posts, 4); float arrays alone.
        figures: metrics of a run by name.
    """

    by_post: Mapping[str, NDArray[np.floating[Any]]] = field(default_factory=dict)
    figures: Mapping[str, float] = field(default_factory=dict)


@runtime_checkable
class Diagnosed(Protocol):
    """A model with something to tell about itself."""

    def diagnostics(self, texts: Sequence[str]) -> Diagnostics:
        """What is to be known of the fitted model, and of how it scores these masked texts."""
        ...


def diagnostics_of(model: Model, texts: Sequence[str] = ()) -> Diagnostics:
    """Diagnostics of any model; one that is not ``Diagnosed`` has none."""
    return model.diagnostics(texts) if isinstance(model, Diagnosed) else Diagnostics()


def cause_classes(scores: Probabilities) -> NDArray[np.float64]:
    """Probabilities of no, low and high commitment, shape (n_posts, 3)."""
    low, high = scores[:, LOW].astype(np.float64), scores[:, HIGH].astype(np.float64)
    return np.stack([1 - low - high, low, high], axis=1)


def scores_of(model: Model, texts: Sequence[str]) -> Scores:
    """Scores of masked texts by any model; one that is not ``Truncating`` reads all of them."""
    if isinstance(model, Truncating):
        return model.scores(texts)
    return Scores(model.predict_proba(texts), np.zeros(len(texts), bool))
