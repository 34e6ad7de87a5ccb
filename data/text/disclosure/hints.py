"""Which terms a text may hold, told by pieces of its words before any pattern is tried."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from operator import add
from typing import NamedTuple

from .terms import table

# Words repeat, so which terms a word hints at is remembered; not that of a flood of letters.
_MAX_WORDS, _MAX_WORD_CHARS = 100_000, 64


_NONE: frozenset[int] = frozenset()


class _Hints(NamedTuple):
    """Numbers of terms by hint, and a pattern that finds where any hint begins.

    Attributes:
        plain: by hint without white space.
        spaced: hints with white space, which stand in no word.
        beginning: of any plain hint; most words have none.
    """

    plain: dict[str, frozenset[int]]
    spaced: dict[str, frozenset[int]]
    beginning: re.Pattern[str]


def hinted(lowered: str) -> list[int]:
    """The numbers of all terms of which a hint is in a lower-cased text, in order."""
    words = lowered.split()
    if max(map(len, words), default=0) <= _MAX_WORD_CHARS:
        found = _NONE.union(*map(_hinted, words))
    else:
        found = _unremembered(lowered)
    for hint, orders in _hints().spaced.items():
        if hint in lowered:
            found |= orders
    return sorted(found)


def _unremembered(word: str) -> frozenset[int]:
    hints = _hints()
    if not hints.beginning.search(word):
        return _NONE
    return _NONE.union(*(orders for hint, orders in hints.plain.items() if hint in word))


_hinted = lru_cache(_MAX_WORDS)(_unremembered)


@cache
def _hints() -> _Hints:
    by_hint: dict[str, set[int]] = {}
    for order, term in enumerate(table().terms):
        for hint in term.hints:
            by_hint.setdefault(hint, set()).add(order)
    plain = {h: frozenset(orders) for h, orders in by_hint.items() if h.split() == [h]}
    spaced = {h: frozenset(orders) for h, orders in by_hint.items() if h not in plain}
    return _Hints(plain, spaced, re.compile(_any_of(set(plain))))


def _any_of(hints: set[str]) -> str:
    """A pattern of all hints, a branch for each letter: in half the time of one for each hint."""
    if "" in hints:
        return ""
    letters = sorted({hint[0] for hint in hints})
    below = (_any_of({hint[1:] for hint in hints if hint[0] == c}) for c in letters)
    return f"(?:{'|'.join(map(add, map(re.escape, letters), below))})"
