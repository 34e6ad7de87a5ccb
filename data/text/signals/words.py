"""Pieces of words that tell, in one pass, which rules may find something in a text."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from . import amounts, codes, sponsors
from .calls import calls

# From most to least frequent, as in English and its neighbours; all others are rarer still.
_FREQUENT = " etaoinshrdlumcwfgypbvkjxqz"


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


class _Pieces(NamedTuple):
    """All hints.

    Attributes:
        pattern: of the hints that hold no other, from their rarest letter on.
        by_letter: of these: the hint, and where that letter is in it.
        longer: the hints that hold another one, by that one.
        rules: of each hint.
    """

    pattern: re.Pattern[str]
    by_letter: dict[str, list[tuple[str, int]]]
    longer: dict[str, list[str]]
    rules: dict[str, Hinted]


def hinted(lowered: str) -> Hinted:
    """The rules of which a hint is in a lower-cased text."""
    pieces = _pieces()
    match = pieces.pattern.search(lowered)
    if match is None:
        return _NONE
    found: set[str] = set()
    while match is not None:
        start = match.start()
        for word, place in pieces.by_letter[lowered[start]]:
            if lowered.startswith(word, start - place) and start >= place:
                found.add(word)
        match = pieces.pattern.search(lowered, start + 1)
    for word in tuple(found):
        found.update(longer for longer in pieces.longer[word] if longer in lowered)
    return _rules_of(frozenset(found))


@lru_cache(maxsize=4096)
def _rules_of(words: frozenset[str]) -> Hinted:
    return _together([_pieces().rules[word] for word in words])


@cache
def _pieces() -> _Pieces:
    rules: dict[str, list[Hinted]] = {}
    given = [
        (amounts.HINTS, Hinted(amounts=True)),
        (codes.HINTS, Hinted(codes=True)),
        (codes.DISCOUNT_HINTS, Hinted(discounts=True)),
        (sponsors.HINTS, Hinted(thanks=True)),
    ]
    given += [(call.hints, Hinted(calls=(number,))) for number, call in enumerate(calls())]
    for words, rule in given:
        for word in words:
            rules.setdefault(word, []).append(rule)
    short = [word for word in rules if not any(other in word for other in rules if other != word)]
    longer = {word: [other for other in rules if word in other and word != other] for word in short}
    by_letter: dict[str, list[tuple[str, int]]] = {}
    for word in short:
        place = max(range(len(word)), key=lambda i: _rank(word[i]))
        by_letter.setdefault(word[place], []).append((word, place))
    joined = {word: _together(its) for word, its in rules.items()}
    return _Pieces(re.compile(_pattern(by_letter)), by_letter, longer, joined)


def _pattern(by_letter: dict[str, list[tuple[str, int]]]) -> str:
    """A branch for each rare letter, in which the hints go on from there and then look back.

    The matcher passes over letters that begin no branch, and over branches by their next letter,
    so that this takes a third of the time of branches that begin where the hints do.
    """
    branches = []
    for letter in sorted(by_letter, key=_rank):
        ends = [_from(word, place) for word, place in by_letter[letter]]
        branches.append(f"{re.escape(letter)}(?:{'|'.join(sorted(ends))})")
    return "|".join(branches)


def _from(word: str, place: int) -> str:
    behind = f"(?<={re.escape(word)})" if place else ""
    return re.escape(word[place + 1 :]) + behind


def _together(rules: list[Hinted]) -> Hinted:
    return Hinted(
        any(rule.amounts for rule in rules),
        any(rule.codes for rule in rules),
        any(rule.discounts for rule in rules),
        any(rule.thanks for rule in rules),
        tuple(sorted({number for rule in rules for number in rule.calls})),
    )


def _rank(letter: str) -> int:
    place = _FREQUENT.find(letter)
    return place if place >= 0 else len(_FREQUENT)
