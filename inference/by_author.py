"""Flagged posts by author, for the table at the end of a run: never written anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import sqrt
from typing import NamedTuple

from ..models.scored_post import ScoredPost

# Of fewer posts, a share says next to nothing of their author.
ENOUGH = 20
# Of more authors no table is made, so that counting takes no more memory than a small file.
MAX_AUTHORS = 100_000
_Z = 1.959964
_FLAGGED = {
    "style": ("polished",),
    "paid": ("disclosed", "likely"),
    "performative": ("likely",),
}


class Share(NamedTuple):
    """A share of an author's posts.

    Attributes:
        value: of those that were labelled on this axis.
        low: lower end of the 95 % interval (Wilson 1927).
        high: upper end.
    """

    value: float
    low: float
    high: float


class Author(NamedTuple):
    """An author's posts.

    Attributes:
        name: as it was given.
        posts: how many.
        shares: by axis, ``style``, ``paid``, ``performative``, the share that is flagged; None of
            fewer than ``ENOUGH`` posts, or where no post was labelled.
    """

    name: str
    posts: int
    shares: dict[str, Share | None]


class ByAuthor:
    """Counts of posts, and of flags and labels of each axis, by author."""

    def __init__(self) -> None:
        self._counts: dict[str, list[int]] = {}
        self.too_many = False

    def __len__(self) -> int:
        return len(self._counts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ByAuthor):
            return NotImplemented
        return (self._counts, self.too_many) == (other._counts, other.too_many)

    __hash__ = None  # type: ignore[assignment]

    def count(self, posts: Iterable[tuple[str | None, ScoredPost]]) -> None:
        """Count rows with the author of their post; posts without one are left out."""
        for author, row in posts:
            if author is None or self.too_many:
                continue
            values = [1]
            for axis, flagged in _FLAGGED.items():
                label = getattr(row, axis)
                values += [label in flagged, label is not None]
            self._put(author, values)

    def add(self, other: ByAuthor) -> None:
        """Count another part in."""
        self.too_many |= other.too_many
        for author, counts in other._counts.items():
            self._put(author, counts)
        if self.too_many:
            self._counts.clear()

    def _put(self, author: str, values: list[int]) -> None:
        counts = self._counts.setdefault(author, [0] * len(values))
        for i, value in enumerate(values):
            counts[i] += value
        if len(self._counts) > MAX_AUTHORS:
            self.too_many = True
            self._counts.clear()

    def authors(self) -> Iterator[Author]:
        """Those with most posts first, then by name."""
        ordered = sorted(self._counts.items(), key=lambda item: (-item[1][0], item[0]))
        for name, (posts, *counts) in ordered:
            pairs = zip(_FLAGGED, counts[::2], counts[1::2], strict=True)
            yield Author(
                name,
                posts,
                {axis: wilson(n, of) if posts >= ENOUGH and of else None for axis, n, of in pairs},
            )


def wilson(n: int, of: int) -> Share:
    """A share with its interval by the score method.

    Raises:
        ZeroDivisionError: of nothing.

    >>> [round(end, 3) for end in wilson(5, 20)]
    [0.25, 0.112, 0.469]
    """
    p, z2 = n / of, _Z * _Z
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z * sqrt(p * (1 - p) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return Share(p, max(0.0, middle - half), min(1.0, middle + half))
