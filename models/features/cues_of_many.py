"""The cues of many texts at once: what ``cues.py`` says of each, to the last digit.

A call of numpy costs as much as a pattern in ten texts, so few texts are not read so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log1p

import numpy as np
from numpy.typing import NDArray

from ...data.text.brands import brands_in_each
from ...data.text.letters import (
    ASCII_LETTER,
    ASCII_UPPER,
    DIGIT,
    SPACE,
    UPPER,
    WORD,
    Letters,
    Places,
)
from ...data.text.word_table import Words, WordTable
from .cue_names import LEXICONS, PATTERNS

_BY_WORD: dict[str, list[int]] = {}
for _i, _words in enumerate(LEXICONS.values()):
    for _word in _words.split():
        _BY_WORD.setdefault(_word, []).append(_i)
_TABLE = WordTable(list(_BY_WORD))
# The lexicons of all words, those of one behind those of the other, and where each begins.
_LEXICONS_OF = np.array([lexicon for its in _BY_WORD.values() for lexicon in its])
_N_LEXICONS_OF = np.array([*map(len, _BY_WORD.values())])
_FIRST_OF = np.cumsum(_N_LEXICONS_OF) - _N_LEXICONS_OF
# Counts up to here have their logarithm looked up.
_LOG1P = np.array([log1p(n) for n in range(4_097)])


def counts_of_many(texts: Sequence[str], lowered: Sequence[str]) -> NDArray[np.int64]:
    """Matches of each of ``PATTERNS`` and words of each of ``LEXICONS`` in masked texts.

    Args:
        texts: at least one.
        lowered: the same in small letters.

    Returns:
        Shape (n_posts, n_patterns + n_lexicons).
    """
    letters = Letters(texts)
    counts = np.stack([letters.count(_COUNTS[name](letters)) for name in PATTERNS], axis=1)
    _exact_clocks(counts[:, list(PATTERNS).index("clock")], texts)
    return np.concatenate([counts, _lexicons(Letters(lowered))], axis=1)


def _hashtags(letters: Letters) -> Places:
    places = letters.places("#")
    return places[letters.is_kind(places + 1, WORD)]


def _users(sign: str) -> Callable[[Letters], Places]:
    def count(letters: Letters) -> Places:
        places = letters.places(sign)
        return places[letters.follows(places, "user") & letters.is_kind(places + 5, DIGIT)]

    return count


def _placeholders(rest: str) -> Callable[[Letters], Places]:
    def count(letters: Letters) -> Places:
        places = letters.places("<")
        return places[letters.follows(places, rest)]

    return count


def _signs(sign: str) -> Callable[[Letters], Places]:
    return lambda letters: letters.places(sign)


def _emoji(letters: Letters) -> Places:
    p = letters.points
    return np.flatnonzero(
        ((p >= 0x2600) & (p <= 0x27BF)) | (p == 0x2B50) | ((p >= 0x1F300) & (p <= 0x1FAFF))
    )


def _times(begin: Places, length: Places, size: int) -> Places:
    """As often as so many letters go into each stretch."""
    return np.repeat(begin, length // size)


def _ellipses(letters: Letters) -> Places:
    dots = _times(*letters.runs(letters.points == ord(".")), 2)
    return np.concatenate([dots, letters.places("…")])


def _capitals(letters: Letters) -> Places:
    begin, length = letters.runs(letters.are(ASCII_UPPER))
    whole = ~letters.is_kind(begin - 1, WORD) & ~letters.is_kind(begin + length, WORD)
    return begin[whole & (length >= 3)]


def _stretched(letters: Letters) -> Places:
    p = letters.points
    begin, length = letters.repeats(letters.are(ASCII_LETTER) | (p == ord("!")) | (p == ord("?")))
    return _times(begin, length, 3)


def _lower_i(letters: Letters) -> Places:
    places = letters.places("i")
    return places[~letters.is_kind(places - 1, WORD) & ~letters.is_kind(places + 1, WORD)]


def _prices(letters: Letters) -> Places:
    p = letters.points
    places = np.flatnonzero((p == ord("$")) | (p == ord("£")) | (p == ord("€")) | (p == ord("₹")))
    gap = letters.is_kind(places + 1, SPACE)
    return places[letters.is_kind(places + 1 + gap, DIGIT)]


def _percents(letters: Letters) -> Places:
    places = letters.places("%")
    gap = letters.is_kind(places - 1, SPACE)
    return places[letters.is_kind(places - 1 - gap, DIGIT)]


def _numbers(letters: Letters) -> Places:
    return letters.runs(letters.are(DIGIT))[0]


def _clocks(letters: Letters) -> Places:
    """Where a time may end its hour; two may overlap, see ``_exact_clocks``."""
    digits = np.flatnonzero(letters.are(DIGIT))
    colon = letters.follows(digits, ":")
    colon &= letters.is_kind(digits + 2, DIGIT) & letters.is_kind(digits + 3, DIGIT)
    at = digits + 1 + letters.is_kind(digits + 1, SPACE)
    half = (letters.follows(at, "a", 0) | letters.follows(at, "p", 0)) | (
        letters.follows(at, "A", 0) | letters.follows(at, "P", 0)
    )
    half &= letters.follows(at, "m") | letters.follows(at, "M")
    half &= ~letters.is_kind(at + 2, WORD)
    return digits[colon | half]


def _exact_clocks(column: NDArray[np.int64], texts: Sequence[str]) -> None:
    findall = PATTERNS["clock"].findall
    for i in np.flatnonzero(column > 1).tolist():
        column[i] = len(findall(texts[i]))


_COUNTS: dict[str, Callable[[Letters], Places]] = {
    "hashtag": _hashtags,
    "handle": _users("@"),
    "echo": _users("#"),
    "trade": _placeholders("trade>"),
    "url": _placeholders("url>"),
    "contact": _placeholders("contact>"),
    "code": _placeholders("code>"),
    "emoji": _emoji,
    "exclamation": _signs("!"),
    "question": _signs("?"),
    "ellipsis": _ellipses,
    "new_line": _signs("\n"),
    "capitals": _capitals,
    "stretched": _stretched,
    "lower_i": _lower_i,
    "price": _prices,
    "percent": _percents,
    "number": _numbers,
    "clock": _clocks,
}


def _lexicons(letters: Letters) -> NDArray[np.int64]:
    """How many words of each lexicon each lower-cased text has, shape (n_posts, n_lexicons)."""
    p = letters.points
    small = (p >= ord("a")) & (p <= ord("z"))
    # A word: small letters and apostrophes, from the first letter that stands after none of these.
    begin, length = letters.runs(small | (p == ord("'")) | (p == ord("’")))
    before = letters.are(WORD) | (p == ord("#")) | (p == ord("@")) | (p == ord("<"))
    first = np.flatnonzero(small[1:] & ~before[:-1]) + 1
    at = np.searchsorted(first, begin)
    is_word = at < len(first)
    at, end = at[is_word], (begin + length)[is_word]
    is_word = first[at] < end
    start = first[at][is_word]
    found = _TABLE.find(Words(letters, start, end[is_word] - start))
    known = np.flatnonzero(found >= 0)
    cells = letters.texts_of(start[known]) * len(LEXICONS)
    found = found[known]
    counts = np.zeros(len(letters.starts) * len(LEXICONS), np.int64)
    for n in range(int(_N_LEXICONS_OF.max())):
        some = _N_LEXICONS_OF[found] > n
        lexicons = _LEXICONS_OF[_FIRST_OF[found[some]] + n]
        counts += np.bincount(cells[some] + lexicons, minlength=len(counts))
    return counts.reshape(-1, len(LEXICONS))


def shapes_of_many(texts: Sequence[str], lowered: Sequence[str]) -> NDArray[np.float64]:
    """What ``cues.SHAPES`` says of masked texts, shape (n_posts, n_shapes)."""
    letters = Letters(texts)
    starts, lengths = letters.starts, letters.lengths
    spaces = letters.are(SPACE)
    # What is between texts is no letter of a word either.
    spaces[0] = spaces[starts + lengths] = True
    begins = np.flatnonzero(spaces[:-1] & ~spaces[1:]) + 1
    words, tags = letters.count(begins), begins[letters.points[begins] == ord("#")]
    at_least_one = np.maximum(1, words)
    n_letters = letters.count_each(~spaces)
    last = (
        begins[np.minimum(np.searchsorted(begins, starts + lengths) - 1, len(begins) - 1)]
        if len(begins)
        else starts
    )
    handles = letters.places("@")
    handles = handles[letters.follows(handles, "user")]
    first, second = (letters.count(handles[letters.follows(handles, number, 5)]) for number in "12")
    return np.stack(
        [
            _log1p(lengths),
            _log1p(words),
            letters.count(tags) / at_least_one,
            n_letters / at_least_one / 10,
            letters.is_kind(starts, UPPER),
            (words > 0) & (letters.points[last] == ord("#")),
            letters.count_each(letters.are(UPPER)) / np.maximum(1, lengths),
            _log1p(brands_in_each(lowered)),
            (first > 0) & (second == 0),
            (letters.points[starts] == ord("@")) & letters.follows(starts, "user"),
        ],
        axis=1,
    )


def _log1p(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    # The same to the last digit on every processor, as numpy's is not.
    if counts.max() < len(_LOG1P):
        return _LOG1P[counts]
    return np.array([*map(log1p, counts.tolist())])
