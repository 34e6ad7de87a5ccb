"""The one interface of every model family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ..data.axes import COLUMNS
from ..data.labelled_texts import LabelledTexts

# Column order of every probability array in the project.
PROBABILITIES = tuple(column.probability for column in COLUMNS)
STYLE = PROBABILITIES.index("p_polished")
# Columns of low and high commitment, which share one distribution with none.
LOW, HIGH = PROBABILITIES.index("p_performative"), PROBABILITIES.index("p_committed")
# Columns of whose product is promoted, which share one distribution with nobody's.
THIRD_PARTY, SELF = PROBABILITIES.index("p_paid"), PROBABILITIES.index("p_self")
# What models said before they told promotion of one's own.
FIRST_FOUR = PROBABILITIES[:SELF]

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
        """Score masked texts: float32 of shape (n_posts, 5), columns as ``PROBABILITIES``.

        Columns ``LOW`` and ``HIGH`` (low and high commitment) sum to at most 1, and so do
        ``THIRD_PARTY`` and ``SELF``. ``SELF`` is NaN of a model that was not trained on it.
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
        probabilities: shape (n_posts, 5), columns as ``PROBABILITIES``.
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
            score for each of ``PROBABILITIES``, shape (n_posts, 5); float arrays alone.
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


def own_share(scores: Probabilities) -> NDArray[np.float64]:
    """Of the posts that are not paid, the share that promotes its author's own, shape (n_posts,).

    NaN where a model does not tell.
    """
    paid, own = scores[:, THIRD_PARTY].astype(np.float64), scores[:, SELF].astype(np.float64)
    return np.asarray(np.clip(own / np.maximum(1 - paid, np.finfo(np.float32).tiny), 0, 1))


def with_own_share(first_four: NDArray[Any], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores of shape (n_posts, 5) from the first four columns and what ``own_share`` gives."""
    four = first_four.astype(np.float64)
    return np.column_stack([four, (1 - four[:, THIRD_PARTY]) * share])


def all_columns(scores: NDArray[np.float32]) -> Probabilities:
    """Scores of five columns, of which the last is NaN where a model has but four."""
    missing = len(PROBABILITIES) - scores.shape[1]
    return np.pad(scores, ((0, 0), (0, missing)), constant_values=np.nan) if missing else scores


def scores_of(model: Model, texts: Sequence[str]) -> Scores:
    """Scores of masked texts by any model; one that is not ``Truncating`` reads all of them."""
    if isinstance(model, Truncating):
        return model.scores(texts)
    return Scores(model.predict_proba(texts), np.zeros(len(texts), bool))
