"""``disclosure_terms.toml`` as compiled expressions."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

Jurisdiction = Literal["us", "uk", "eu", "in"]
JURISDICTIONS: tuple[Jurisdiction, ...] = ("us", "uk", "eu", "in")
Status = Literal["clear", "ambiguous"]
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
        hints: of all terms; a text with none of them has no term.
        homonyms: stretches in which no term counts.
        negated: hashtags and phrases that say the opposite of a term.
        negator: what turns the term after it round; matches up to the term.
        sources: where each jurisdiction's reading comes from.
    """

    terms: tuple[Term, ...]
    hints: tuple[str, ...]
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
        hints=tuple(sorted({hint for term in terms for hint in term.hints})),
        homonyms=re.compile("|".join(raw["homonyms"]["patterns"]), re.I),
        negated=re.compile(f"{raw['negators']['tags']}|{raw['negators']['denials']}", re.I),
        negator=re.compile(raw["negators"]["pattern"], re.I),
        sources=raw["sources"],
    )
