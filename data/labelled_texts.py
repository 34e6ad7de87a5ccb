"""What a model is fitted on: masked texts with targets, a missing target marked as such."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from .axes import COLUMNS, KINDS, MISSING, PAID

_VIEWS = ("texts", "with_author")


@dataclass(frozen=True)
class LabelledTexts:
    """Aligned arrays of length n.

    Attributes:
        texts: masked views (``data.text.masking``) without the author, never original texts.
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
        taught: float32, shape (n, 5), what a teacher says of each post, columns as
            ``models.base.PROBABILITIES``; NaN where none was asked; left out, of no post.
        with_author: masked views made with the author, which are those of ``texts`` where a post
            has none or does not name it; left out, they are all the same.
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
    with_author: tuple[str, ...] = ()
    taught: NDArray[np.float32] = field(
        default_factory=lambda: np.empty((0, len(COLUMNS)), np.float32)
    )

    def __post_init__(self) -> None:
        if not self.with_author:
            object.__setattr__(self, "with_author", self.texts)
        if not len(self.taught):
            unasked = np.full((len(self.texts), len(COLUMNS)), np.nan, np.float32)
            object.__setattr__(self, "taught", unasked)
        columns = (self.with_author, *self._arrays().values())
        if any(len(column) != len(self.texts) for column in columns):
            raise ValueError("all arrays of LabelledTexts must be as long as texts")

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def kind(self) -> NDArray[np.int8]:
        """Index of the likeliest of ``axes.KINDS`` that ``paid`` allows, -1 where unknown."""
        shares = self.kinds.copy()
        paid = KINDS.index("paid")
        shares[self.paid == PAID.index("no"), paid] = -1
        shares[np.isnan(shares)] = -1
        kind = np.where(self.paid == PAID.index("yes"), paid, shares.argmax(axis=1))
        known = ~np.isnan(self.kinds[:, 0]) | (self.paid == PAID.index("yes"))
        return np.where(known, kind, MISSING).astype(np.int8)

    @property
    def labelled(self) -> NDArray[np.bool_]:
        """Whether anything is known of a post, shape (n,)."""
        voted = (self.paid != MISSING) | (self.cause != MISSING)
        return np.asarray(voted | ~np.isnan(self.style) | ~np.isnan(self.kinds[:, 0]))

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Self:
        """Select rows by index or by mask."""
        index = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        arrays = {name: array[index] for name, array in self._arrays().items()}
        texts, with_author = (tuple(v[i] for i in index) for v in (self.texts, self.with_author))
        return type(self)(texts=texts, with_author=with_author, **arrays)

    def joined(self, other: Self) -> Self:
        """These rows, then the other's."""
        others = other._arrays()
        arrays = {name: np.concatenate([a, others[name]]) for name, a in self._arrays().items()}
        return type(self)(
            texts=self.texts + other.texts,
            with_author=self.with_author + other.with_author,
            **arrays,
        )

    def both_views(self) -> Self:
        """What a model is fitted on: a post whose views differ twice, at half its weight.

        So a model knows what a mark of the author says, and does without where it has none.
        """
        differ = np.array([a != b for a, b in zip(self.texts, self.with_author, strict=True)], bool)
        weight = np.where(differ, self.weight / 2, self.weight).astype(np.float32)
        halved = replace(self, weight=weight)
        again = halved.take(differ)
        return halved.joined(replace(again, texts=again.with_author))

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _VIEWS}


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
    targets = {
        "style": labelled.style, "paid": labelled.paid, "kind": labelled.kind,
        "cause": labelled.cause,
    }  # fmt: skip
    return [
        LabelTruth(column.name, i, column.truth(targets, between))
        for i, column in enumerate(COLUMNS)
    ]


def one_hot(labels: NDArray[np.int8], n_classes: int) -> NDArray[np.float32]:
    """Soft labels that are sure, shape (n, n_classes); NaN where the label is missing."""
    found = np.eye(n_classes, dtype=np.float32)[labels]
    found[labels == MISSING] = np.nan
    return found
