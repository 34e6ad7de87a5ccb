"""The letters of many texts at once, and what kind each is.

What a pattern tells of one text in a few microseconds, numpy tells of a thousand texts in the time
of ten, because a call costs more than the letters of a post.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]

# Kinds of letters, as bits; a letter may be of several.
WORD, DIGIT, SPACE, UPPER, ASCII_UPPER, ASCII_LETTER = (1 << bit for bit in range(6))
_KNOWN = 1 << 7
# Stands between texts; of no kind.
_BETWEEN = "\0"


class _Kinds:
    """Kinds by code point, found out for each when it is first met."""

    def __init__(self) -> None:
        self._table = np.zeros(0x110000, np.uint8)

    def __call__(self, points: NDArray[np.uint32]) -> NDArray[np.uint8]:
        kinds = self._table[points]
        new = kinds == 0
        if new.any():
            for point in np.unique(points[new]).tolist():
                self._table[point] = _kinds_of(chr(point)) | _KNOWN
            kinds = self._table[points]
        return kinds


def _kinds_of(letter: str) -> int:
    # As ``\w``, ``\d`` and ``\s`` are for texts.
    kinds = WORD if letter.isalnum() or letter == "_" else 0
    kinds |= DIGIT if letter.isdecimal() else 0
    kinds |= SPACE if letter.isspace() else 0
    kinds |= UPPER if letter.isupper() else 0
    if letter.isascii() and letter.isalpha():
        kinds |= ASCII_LETTER | (ASCII_UPPER if letter.isupper() else 0)
    return kinds


_kinds = _Kinds()


class Letters:
    """Some texts, letter by letter.

    Attributes:
        joined: the texts, a letter more before, between and behind them.
        points: code points of ``joined``, shape (n_letters,); those more are 0 and of no kind.
        kinds: of each, as bits.
        starts: where each text begins, shape (n_texts,).
        lengths: of each text, shape (n_texts,).
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.joined = f"{_BETWEEN}{_BETWEEN.join(texts)}{_BETWEEN}"
        self.points = np.frombuffer(self.joined.encode("utf-32-le", "surrogatepass"), "<u4")
        self.kinds = _kinds(self.points)
        self.lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        self.starts = np.cumsum(self.lengths + 1) - self.lengths

    def with_letter(self, old: str, new: str) -> Letters:
        """The same texts with one letter in place of another; their kinds stay those of the old."""
        other = copy(self)
        other.points = np.where(self.points == ord(old), np.uint32(ord(new)), self.points)
        return other

    def are(self, kind: int) -> NDArray[np.bool_]:
        """Which letters are of a kind."""
        return np.asarray((self.kinds & kind) != 0)

    def places(self, sign: str) -> Places:
        """Where a letter is."""
        return np.flatnonzero(self.points == ord(sign))

    def follows(self, places: Places, word: str, after: int = 1) -> NDArray[np.bool_]:
        """At which places a word stands, so many letters behind each."""
        found = np.ones(len(places), bool)
        for n, letter in enumerate(word, after):
            # Beyond the end are no letters that a word has.
            found &= self.points[np.minimum(places + n, len(self.points) - 1)] == ord(letter)
        return found

    def is_kind(self, places: Places, kind: int) -> NDArray[np.bool_]:
        """At which places a letter of a kind is; beyond the end is none."""
        return np.asarray((self.kinds[np.minimum(places, len(self.kinds) - 1)] & kind) != 0)

    def texts_of(self, places: Places) -> Places:
        """The numbers of the texts in which places are."""
        return np.searchsorted(self.starts, places, "right") - 1

    def count(self, places: Places) -> Places:
        """How many of some places are in each text, shape (n_texts,)."""
        return np.bincount(self.texts_of(places), minlength=len(self.starts))

    def count_each(self, member: NDArray[np.bool_]) -> Places:
        """How many letters of each text are members, faster than ``count`` where many are.

        What is between texts is no member.
        """
        # Of each text and of what is behind it, which is none.
        edges = np.stack([self.starts, self.starts + self.lengths], axis=1).ravel()
        return np.add.reduceat(member, edges, dtype=np.int64)[::2]

    def runs(self, member: NDArray[np.bool_]) -> tuple[Places, Places]:
        """Stretches of letters that are all members: where each begins, and how long it is."""
        edges = np.flatnonzero(member[1:] != member[:-1]) + 1
        return edges[::2], edges[1::2] - edges[::2]

    def repeats(self, member: NDArray[np.bool_]) -> tuple[Places, Places]:
        """Stretches of one and the same member letter, two and longer: begin, and length."""
        same = (self.points[1:] == self.points[:-1]) & member[1:]
        begin, length = self.runs(np.concatenate([[False], same, [False]]))
        return begin - 1, length + 1
