"""What a model is fitted on: masked texts with targets, a missing target marked as such."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

CAUSES = ("none", "low", "high")
MISSING = -1


@dataclass(frozen=True)
class LabelledTexts:
    """Aligned arrays of length n.

    Attributes:
        texts: masked views (``data.masking``), never original texts.
        authors: one key per author; rows without an author have one of their own.
        groups: author merged with near-duplicates; never split between folds.
        style: float32, probability of polished (0, .5, 1), NaN where missing.
        paid: int8, 0, 1 or -1 where missing.
        cause: int8, index into ``CAUSES``, -1 where missing.
        weight: float32, above 0.
    """

    texts: tuple[str, ...]
    authors: NDArray[np.str_]
    groups: NDArray[np.str_]
    style: NDArray[np.float32]
    paid: NDArray[np.int8]
    cause: NDArray[np.int8]
    weight: NDArray[np.float32]

    def __post_init__(self) -> None:
        arrays = (self.authors, self.groups, self.style, self.paid, self.cause, self.weight)
        if any(a.shape != (len(self.texts),) for a in arrays):
            raise ValueError("all arrays of LabelledTexts must be as long as texts")

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Self:
        """Select rows by index or by mask."""
        index = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        return type(self)(
            texts=tuple(self.texts[i] for i in index),
            authors=self.authors[index],
            groups=self.groups[index],
            style=self.style[index],
            paid=self.paid[index],
            cause=self.cause[index],
            weight=self.weight[index],
        )
