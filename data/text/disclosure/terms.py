"""``terms.toml`` as compiled expressions."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from operator import add
from pathlib import Path
from typing import Literal, NamedTuple

Jurisdiction = Literal["us", "uk", "eu", "in"]
JURISDICTIONS: tuple[Jurisdiction, ...] = ("us", "uk", "eu", "in")
Status = Literal["clear", "ambiguous"]
# Words repeat, so which terms a word hints at is remembered; not that of a flood of letters.
_MAX_WORDS, _MAX_WORD_CHARS = 50_000, 64
_STATUS: dict[str, Status | None] = {"c": "clear", "a": "ambiguous", "-": None}


class Term(NamedTuple):
    """One row of the table.

    Attributes:
        name: what it is called in the file.
        hints: one of them is in every text that the pattern matches.
        pattern: the term itself.
        senses: name of the rules of ``disclosure_senses`` that read the words around it.
        status: what it is in each jurisdiction.
    """

    name: str
    hints: frozenset[str]
    pattern: re.Pattern[str]
    senses: str | None
    status: dict[Jurisdiction, Status | None]


class TermTable(NamedTuple):
    """The whole table, compiled.

    Attributes:
        terms: in the order of the file.
        negated: hashtags and phrases that say the opposite of a term.
        negator: what turns the term after it round; matches up to the term.
        sources: where each jurisdiction's reading comes from.
    """

    terms: tuple[Term, ...]
    negated: re.Pattern[str]
    negator: re.Pattern[str]
    sources: dict[str, str]


@cache
def table() -> TermTable:
    """Read and compile the table on first use."""
    raw = tomllib.loads(Path(__file__).with_name("terms.toml").read_text("utf-8"))
    terms = tuple(
        Term(
            name,
            frozenset(row["hint"]),
            re.compile(row["pattern"], re.IGNORECASE),
            row.get("senses"),
            {j: _STATUS[row[j]] for j in JURISDICTIONS},
        )
        for name, row in raw["terms"].items()
    )
    return TermTable(
        terms=terms,
        negated=re.compile(f"{raw['negators']['tags']}|{raw['negators']['denials']}", re.I),
        negator=re.compile(raw["negators"]["pattern"], re.I),
        sources=raw["sources"],
    )


def hinted(lowered: str) -> list[int]:
    """The numbers of all terms of which a hint is in a lower-cased text, in order."""
    found = set[int]()
    for word in _hints().word.findall(lowered):
        found |= _hinted(word) if len(word) <= _MAX_WORD_CHARS else _unremembered(word)
    # A hint with a space in it is in no word.
    for hint, order in _hints().spaced:
        if hint in lowered:
            found.add(order)
    return sorted(found)


class _Hints(NamedTuple):
    """Hints and the numbers of their terms: those within a word, and those with white space.

    ``word`` finds words from where their first hint begins, and passes over those without one.
    """

    plain: tuple[tuple[str, int], ...]
    spaced: tuple[tuple[str, int], ...]
    word: re.Pattern[str]


@cache
def _hints() -> _Hints:
    hints = [(hint, order) for order, term in enumerate(table().terms) for hint in term.hints]
    plain = tuple(pair for pair in hints if pair[0].split() == [pair[0]])
    spaced = tuple(pair for pair in hints if pair not in plain)
    return _Hints(plain, spaced, re.compile(_beginning({hint for hint, _ in plain}) + r"\S*"))


def _beginning(hints: set[str]) -> str:
    """A pattern of all hints, a branch for each letter: in half the time of one for each hint."""
    if "" in hints:
        return ""
    letters = sorted({hint[0] for hint in hints})
    below = (_beginning({hint[1:] for hint in hints if hint[0] == c}) for c in letters)
    return f"(?:{'|'.join(map(add, map(re.escape, letters), below))})"


def _unremembered(word: str) -> frozenset[int]:
    return frozenset(order for hint, order in _hints().plain if hint in word)


_hinted = lru_cache(_MAX_WORDS)(_unremembered)
