"""Which words of many texts are in a list, told without taking a text apart into words.

Up to eight letters are read at once, as one number. Words of the list are looked up by the numbers
of all their letters, and what is found is compared with those, so that no word is taken for
another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .letters import Letters, Places

Numbers = NDArray[np.uint64]

# Letters in one number, and the longest word that a list may have.
_STEP, MAX_LETTERS = 8, 24
# Of a number, what holds the first so many letters.
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(_STEP + 1)], np.uint64)
# Odd, else letters would get lost (the golden ratio, as Knuth's multiplicative hashing has it).
_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)


class Words:
    """Stretches of letters.

    Attributes:
        begin: of each in the letters, shape (n_words,).
        length: of each, at least 1.
        steps: their letters eight by eight, each shape (n_words,); letters beyond ``MAX_LETTERS``
            are in none, and what is not in Latin-1 is 0.
    """

    def __init__(self, letters: Letters, begin: Places, length: Places) -> None:
        self.begin, self.length = begin, length
        points = letters.points
        small = np.zeros(len(points) + MAX_LETTERS, np.uint8)
        np.copyto(small[: len(points)], points, casting="unsafe", where=points < 1 << 8)
        read = np.lib.stride_tricks.as_strided(
            small[: len(small) // _STEP * _STEP].view("<u8"), (len(points) + _STEP,), (1,)
        )
        self.steps = [read[begin] & _MASKS[np.minimum(length, _STEP)]]
        for n in range(_STEP, MAX_LETTERS, _STEP):
            longer = np.flatnonzero(length > n)
            step = np.zeros(len(begin), np.uint64)
            step[longer] = read[begin[longer] + n] & _MASKS[np.minimum(length[longer] - n, _STEP)]
            self.steps.append(step)

    @property
    def numbers(self) -> Numbers:
        """One for each, mostly another one for another word."""
        first, *others = self.steps
        for step, factor in zip(others, _FACTORS, strict=True):
            first = first ^ step * np.uint64(factor)
        return first


class WordTable:
    """A list of words to be found in texts."""

    def __init__(self, words: Sequence[str]) -> None:
        """Make the table.

        Args:
            words: different ones, none empty, in letters of Latin-1.

        Raises:
            ValueError: a word is longer than ``MAX_LETTERS``.
        """
        letters = Letters(words)
        if letters.lengths.max(initial=0) > MAX_LETTERS:
            raise ValueError(f"a word is longer than {MAX_LETTERS} letters: {max(words, key=len)}")
        self._words = Words(letters, letters.starts, letters.lengths)
        self._numbers = self._words.numbers
        self._bits = 3 + int(self._words.length.size).bit_length()
        self._rounds: list[NDArray[np.int32]] = []
        left = np.arange(len(words))
        while len(left):
            # A slot has room for one word; the others are put elsewhere in the next round.
            slots = self._slots(self._numbers[left], len(self._rounds))
            round_ = np.full(1 << self._bits, -1, np.int32)
            round_[slots] = left
            self._rounds.append(round_)
            left = left[round_[slots] != left]

    def find(self, words: Words) -> NDArray[Any]:
        """Which word of the list each is, as its place there, or -1."""
        found, numbers = np.full(len(words.begin), -1), words.numbers
        left = np.arange(len(numbers))
        for n, round_ in enumerate(self._rounds):
            at = round_[self._slots(numbers[left], n)]
            same = (at >= 0) & (self._numbers[at] == numbers[left])
            found[left[same]] = at[same]
            left = left[~same]
        hits = np.flatnonzero(found >= 0)
        at = found[hits]
        same = self._words.length[at] == words.length[hits]
        for of_list, of_text in zip(self._words.steps, words.steps, strict=True):
            same &= of_list[at] == of_text[hits]
        found[hits[~same]] = -1
        return found

    def _slots(self, numbers: Numbers, n: int) -> Numbers:
        """Where the words of some numbers are in a round, if they are."""
        factor = np.uint64(_FACTORS[0] + 2 * n)
        return numbers * factor >> np.uint64(64 - self._bits)
