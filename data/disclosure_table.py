"""``disclosure_terms.toml`` as compiled expressions."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

Jurisdiction = Literal["us", "uk", "eu", "in"]
JURISDICTIONS: tuple[Jurisdiction, ...] = ("us", "uk", "eu", "in")
Status = Literal["clear", "ambiguous"]
# Words repeat, so which terms a word hints at is remembered; not that of a flood of letters.
_MAX_WORDS, _MAX_WORD_CHARS = 50_000, 64
_STATUS: dict[str, Status | None] = {"c": "clear", "a": "ambiguous", "-": None}


class Term(NamedTuple):
    """One row of the table."""

    name: str
    hints: frozenset[str]
    pattern: re.Pattern[str]
    status: dict[Jurisdiction, Status | None]


class Table(NamedTuple):
    """The whole table, compiled.

    Attributes:
        terms: in the order of the file.
        homonyms: stretches in which no term counts.
        negated: hashtags and phrases that say the opposite of a term.
        negator: what turns the term after it round; matches up to the term.
        sources: where each jurisdiction's reading comes from.
    """

    terms: tuple[Term, ...]
    homonyms: re.Pattern[str]
    negated: re.Pattern[str]
    negator: re.Pattern[str]
    sources: dict[str, str]


@cache
def table() -> Table:
    """Read and compile the table on first use."""
    raw = tomllib.loads(Path(__file__).with_name("disclosure_terms.toml").read_text("utf-8"))
    terms = tuple(
        Term(
            name,
            frozenset(row["hint"]),
            re.compile(row["pattern"], re.IGNORECASE),
            {j: _STATUS[row[j]] for j in JURISDICTIONS},
        )
        for name, row in raw["terms"].items()
    )
    return Table(
        terms=terms,
        homonyms=re.compile("|".join(raw["homonyms"]["patterns"]), re.I),
        negated=re.compile(f"{raw['negators']['tags']}|{raw['negators']['denials']}", re.I),
        negator=re.compile(raw["negators"]["pattern"], re.I),
        sources=raw["sources"],
    )


def hinted(lowered: str) -> list[int]:
    """The numbers of all terms of which a hint stands in a lower-cased text, in order."""
    words = lowered.split()
    of_word = _hinted if len(max(words, key=len, default="")) <= _MAX_WORD_CHARS else _unremembered
    found = set().union(*map(of_word, words))
    # A hint with a space in it stands in no word.
    for hint, order in _hints().spaced:
        if hint in lowered:
            found.add(order)
    return sorted(found)


class _Hints(NamedTuple):
    """Hints and the numbers of their terms: those within a word, and those with white space."""

    plain: tuple[tuple[str, int], ...]
    spaced: tuple[tuple[str, int], ...]


@cache
def _hints() -> _Hints:
    hints = [(hint, order) for order, term in enumerate(table().terms) for hint in term.hints]
    plain = tuple(pair for pair in hints if pair[0].split() == [pair[0]])
    return _Hints(plain, tuple(pair for pair in hints if pair not in plain))


def _unremembered(word: str) -> frozenset[int]:
    return frozenset(order for hint, order in _hints().plain if hint in word)


_hinted = lru_cache(_MAX_WORDS)(_unremembered)
