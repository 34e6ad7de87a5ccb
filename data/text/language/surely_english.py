"""Which of many texts are surely English, told at once: what ``detect._read`` tells of each.

Most posts are, and need not be taken apart into words one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ..chunks import windows
from ..letters import WORD, Letters
from ..word_table import Words, WordTable
from .english import english_words

# Fewer are read one by one in less time.
MANY = 24
_LINKS = (("h", "ttp"), ("w", "ww."))
# Letters and marks of other scripts than Latin that ``detect`` keeps, though some are no letters.
_KEPT = ((0x0591, 0x1CFF), (0xA8E0, 0xA8FF))


def surely_english(texts: Sequence[str], least: float, least_chars: int) -> list[bool]:
    """Which texts have so large a share of words that English posts use.

    Never of a text that is too long, or has letters beyond ASCII or links: those have to be read.

    Args:
        texts: at most as long as is read of a text; in any other, False.
        least: share of words.
        least_chars: of a text without its noise; shorter ones are not told.
    """
    return [sure for some in windows(texts) for sure in _sure(some, least, least_chars).tolist()]


def _sure(texts: Sequence[str], least: float, least_chars: int) -> NDArray[np.bool_]:
    letters = Letters([text.lower() for text in texts])
    p = letters.points
    word = letters.are(WORD)
    small = (p >= ord("a")) & (p <= ord("z"))
    foreign = word & (p > 127)
    for first, last in _KEPT:
        foreign |= (p >= first) & (p <= last)
    plain = letters.count_each(foreign) == 0
    for sign, rest in _LINKS:
        places = letters.places(sign)
        plain[letters.texts_of(places[letters.follows(places, rest)])] = False
    left = small & ~_noise(letters, word)
    apostrophe = (p == ord("'")) | (p == ord("’"))
    joins = np.zeros(len(p), bool)
    joins[1:-1] = apostrophe[1:-1] & left[:-2] & left[2:]
    words = Words(letters.with_letter("’", "'"), *letters.runs(left | joins))
    n_words = letters.count(words.begin)
    known = letters.count(words.begin[_table().find(words) >= 0])
    kept = left | apostrophe
    chars = letters.count_each(kept) + letters.count(letters.runs(kept)[0]) - 1
    sure = plain & (chars >= least_chars) & (known / np.maximum(1, n_words) >= least)
    return np.asarray(sure)


def _noise(letters: Letters, word: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Letters of placeholders, handles and hashtags."""
    p = letters.points
    noise = np.zeros(len(p) + 1, np.int8)
    signs = np.flatnonzero((p == ord("@")) | (p == ord("#")))
    signs = signs[letters.is_kind(signs + 1, WORD)]
    begin, length = letters.runs(word)
    _mark(noise, begin, length, signs)
    begin, length = letters.runs(word | (p == ord("-")))
    closed = p[begin + length] == ord(">")
    _mark(noise, begin[closed], length[closed], letters.places("<"))
    return np.cumsum(noise[:-1], dtype=np.int8) > 0


def _mark(
    noise: NDArray[np.int8], begin: NDArray[np.int64], length: NDArray[np.int64],
    signs: NDArray[np.int64],
) -> None:  # fmt: skip
    """Mark the stretches that begin right behind a sign."""
    if not len(begin):
        return
    at = np.searchsorted(begin, signs + 1)
    met = at < len(begin)
    met[met] = begin[at[met]] == signs[met] + 1
    np.add.at(noise, begin[at[met]], 1)
    np.add.at(noise, (begin + length)[at[met]], -1)


@cache
def _table() -> WordTable:
    return WordTable(sorted(english_words()))
