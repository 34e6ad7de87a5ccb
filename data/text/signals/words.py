"""Which rules for signals may find something in a text, before any pattern is tried."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from ..word_hints import WordHints
from . import amounts, codes, sponsors
from .calls import calls


class Hinted(NamedTuple):
    """Which rules are worth a try.

    Attributes:
        amounts: off a price.
        codes: after a word for it.
        discounts: words beside which letters and digits are a code.
        thanks: for sponsors.
        calls: numbers of calls to buy.
    """

    amounts: bool = False
    codes: bool = False
    discounts: bool = False
    thanks: bool = False
    calls: tuple[int, ...] = ()


_NONE = Hinted()
# Calls are numbered behind the four others.
_CALLS = 4


def hinted(lowered: str) -> Hinted:
    """The rules of which a hint is in a lower-cased text."""
    found = _hints()(lowered)
    return _together(tuple(found)) if found else _NONE


@lru_cache(maxsize=4096)
def _together(numbers: tuple[int, ...]) -> Hinted:
    amounts_hinted, codes_hinted, discounts, thanks = (n in numbers for n in range(_CALLS))
    calls_hinted = tuple(n - _CALLS for n in numbers if n >= _CALLS)
    return Hinted(amounts_hinted, codes_hinted, discounts, thanks, calls_hinted)


@cache
def _hints() -> WordHints:
    own = [amounts.HINTS, codes.HINTS, codes.DISCOUNT_HINTS, sponsors.HINTS]
    return WordHints([*own, *(call.hints for call in calls())])
