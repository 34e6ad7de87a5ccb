"""Which terms a text may hold, and whether it may deny one, before any pattern is tried."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from ..word_hints import WordHints
from .terms import table

# Of each, one is in all that is denied, in lower case ("i" has forms that stay).
_DENIED_SIGNS = ("not", "n't", "n’t", "unpa", "uns", "un-s", "#no", "#un")
_DENIED_WORDS = ("ad", "pa", "fted", "spon")


class Hinted(NamedTuple):
    """What is worth a try.

    Attributes:
        terms: numbers of terms, in order.
        denials: whether the text may deny a term.
    """

    terms: list[int]
    denials: bool


def hinted(lowered: str) -> Hinted:
    """What a lower-cased text may hold."""
    n_terms, find = _hints()
    found = find(lowered)
    denials = found[-2:] == [n_terms, n_terms + 1]
    while found and found[-1] >= n_terms:
        found.pop()
    return Hinted(found, denials)


@cache
def _hints() -> tuple[int, WordHints]:
    terms = table().terms
    hints = [term.hints for term in terms]
    return len(terms), WordHints([*hints, _DENIED_SIGNS, _DENIED_WORDS])
