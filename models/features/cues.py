"""Interpretable cues: counts over one masked text, shared by ``rules`` and the n-grams."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Sequence
from math import log1p

import numpy as np
from numpy.typing import NDArray

from ...data.text.brands import count_brands
from ...data.text.chunks import windows
from .cue_names import LEXICONS, PATTERNS
from .cues_of_many import counts_of_many, shapes_of_many

# Patterns that are nothing but one sign, which is counted in less time.
_SIGNS = {"trade": "<trade>", "url": "<url>", "contact": "<contact>", "code": "<code>",
          "exclamation": "!", "question": "?", "new_line": "\n"}  # fmt: skip
# The others are looked for in one of several views of a text: all of it, or all or nothing of it
# where they need digits, capitals or what is not ASCII.
_ALL, _IF_DIGITS, _IF_CAPITALS, _IF_NOT_ASCII = range(4)
_VIEWS = {"price": _IF_DIGITS, "percent": _IF_DIGITS, "number": _IF_DIGITS, "clock": _IF_DIGITS,
          "capitals": _IF_CAPITALS, "emoji": _IF_NOT_ASCII}  # fmt: skip
_COUNTERS = tuple(
    (_SIGNS.get(name, ""), pattern.findall, _VIEWS.get(name, _ALL))
    for name, pattern in PATTERNS.items()
)
# From so many texts on they are counted together.
_MANY = 48
_CAPITALS = string.ascii_uppercase.encode()
_DIGIT = re.compile(r"\d")

_LEXICON_OF: dict[str, list[int]] = {}
for _i, _words in enumerate(LEXICONS.values()):
    for _word in _words.split():
        _LEXICON_OF.setdefault(_word, []).append(_i)
_WORD = re.compile(r"(?<![\w#@<])[a-z][a-z'’]*")


def _n_upper(text: str) -> int:
    if text.isascii():
        return len(text) - len(text.encode().translate(None, _CAPITALS))
    return sum(map(str.isupper, text))


_SHAPES: dict[str, Callable[[str, list[str]], float]] = {
    "length": lambda text, _: log1p(len(text)),
    "words": lambda _, words: log1p(len(words)),
    "hashtag_share": lambda text, words: (
        sum(w[0] == "#" for w in words) / max(1, len(words)) if "#" in text else 0.0
    ),
    "word_length": lambda _, words: sum(map(len, words)) / max(1, len(words)) / 10,
    "starts_upper": lambda text, _: float(text[:1].isupper()),
    "ends_in_tags": lambda _, words: float(bool(words) and words[-1][0] == "#"),
    "upper_share": lambda text, _: _n_upper(text) / max(1, len(text)),
    "brands": lambda text, _: log1p(count_brands(text)),
    "one_handle": lambda text, _: float("@user1" in text and "@user2" not in text),
    "handle_first": lambda text, _: float(text.startswith("@user")),
}

NAMES: tuple[str, ...] = (*PATTERNS, *LEXICONS, *_SHAPES)


def cues(texts: Sequence[str]) -> NDArray[np.float64]:
    """Cue values of masked texts: shape (n_posts, ``len(NAMES)``), counts as log(1 + n)."""
    if len(texts) >= _MANY:
        table = np.concatenate([_of_many(some) for some in windows(texts)])
    else:
        rows = [_row(text) for text in texts]
        table = np.array(rows, dtype=np.float64).reshape(len(rows), len(NAMES))
    counts = len(PATTERNS) + len(LEXICONS)
    table[:, :counts] = np.log1p(table[:, :counts])
    return table


def _of_many(texts: Sequence[str]) -> NDArray[np.float64]:
    lowered = [text.lower() for text in texts]
    counts = counts_of_many(texts, lowered), shapes_of_many(texts, lowered)
    return np.concatenate(counts, axis=1)


def _counts(text: str, lowered: str) -> list[int]:
    """Count the matches of each of ``PATTERNS``; only those that can match are searched."""
    views = (
        text,
        text if _DIGIT.search(text) else "",
        "" if text == lowered else text,
        "" if text.isascii() else text,
    )
    return [
        text.count(sign) if sign else len(findall(views[view])) for sign, findall, view in _COUNTERS
    ]


def _row(text: str) -> list[float]:
    lowered = text.lower()
    said = [0.0] * len(LEXICONS)
    for word in _WORD.findall(lowered):
        if word in _LEXICON_OF:
            for lexicon in _LEXICON_OF[word]:
                said[lexicon] += 1
    words = text.split()
    return [
        *_counts(text, lowered),
        *said,
        *(shape(text, words) for shape in _SHAPES.values()),
    ]
