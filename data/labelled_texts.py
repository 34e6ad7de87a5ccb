"""What a model is fitted on: masked texts with targets, a missing target marked as such."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from .axes import MISSING, PREDICTED


@dataclass(frozen=True)
class LabelledTexts:
    """Aligned arrays of length n.

    Attributes:
        texts: masked views (``data.text.masking``), never original texts.
        sources: name of the data set each post is from.
        authors: one key per author; rows without an author have one of their own.
        groups: author merged with near-duplicates; never split between folds.
        folds: int8; a post in fold k is scored by models that are fitted on the others, and one in
            no fold (-1) by none.
        style: float32, probability of polished (0, .5, 1), NaN where missing.
        paid: int8, 0, 1 or -1 where missing.
        kinds: float32, shape (n, 3), soft label over ``axes.KINDS``, rows that sum to 1, NaN
            where unknown; finer than ``paid``, and softer where readers differ.
        cause: int8, index into ``axes.CAUSES``, -1 where missing.
        weight: float32, above 0.
    """

    texts: tuple[str, ...]
    sources: NDArray[np.str_]
    authors: NDArray[np.str_]
    groups: NDArray[np.str_]
    folds: NDArray[np.int8]
    style: NDArray[np.float32]
    paid: NDArray[np.int8]
    kinds: NDArray[np.float32]
    cause: NDArray[np.int8]
    weight: NDArray[np.float32]

    def __post_init__(self) -> None:
        if any(len(a) != len(self.texts) for a in self._arrays().values()):
            raise ValueError("all arrays of LabelledTexts must be as long as texts")

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Self:
        """Select rows by index or by mask."""
        index = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        arrays = {name: array[index] for name, array in self._arrays().items()}
        return type(self)(texts=tuple(self.texts[i] for i in index), **arrays)

    def joined(self, other: Self) -> Self:
        """These rows, then the other's."""
        others = other._arrays()
        arrays = {name: np.concatenate([a, others[name]]) for name, a in self._arrays().items()}
        return type(self)(texts=self.texts + other.texts, **arrays)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "texts"}


class LabelTruth(NamedTuple):
    """The truth of one probability.

    Attributes:
        name: for people.
        column: of ``predict_proba``.
        positive: 1, 0 or NaN where there is no truth, shape (n,).
    """

    name: str
    column: int
    positive: NDArray[Any]


def truths(labelled: LabelledTexts, between: float = np.nan) -> list[LabelTruth]:
    """The truths of all probabilities that models give, in their order.

    Args:
        labelled: the posts.
        between: in place of a truth, where a label is known and lies between the classes.
    """
    targets = {"style": labelled.style, "paid": labelled.paid, "cause": labelled.cause}
    return [
        LabelTruth(column.name, i, column.truth(targets, between))
        for i, column in enumerate(PREDICTED)
    ]


def one_hot(labels: NDArray[np.int8], n_classes: int) -> NDArray[np.float32]:
    """Soft labels that are sure, shape (n, n_classes); NaN where the label is missing."""
    found = np.eye(n_classes, dtype=np.float32)[labels]
    found[labels == MISSING] = np.nan
    return found
