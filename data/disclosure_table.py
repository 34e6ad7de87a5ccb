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
    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    status: dict[Jurisdiction, Status | None]


class Table(NamedTuple):
    """The whole table, compiled.

    Attributes:
        terms: in the order of the file.
        homonyms: stretches in which no term counts.
        negated_tags: hashtags that say the opposite.
        negator: what turns the term after it round; matches up to the term.
        sources: where each jurisdiction's reading comes from.
    """

    terms: tuple[Term, ...]
    homonyms: re.Pattern[str]
    negated_tags: re.Pattern[str]
    negator: re.Pattern[str]
    sources: dict[str, str]


@cache
def table() -> Table:
    """Read and compile the table on first use."""
    raw = tomllib.loads(Path(__file__).with_name("disclosure_terms.toml").read_text("utf-8"))
    terms = tuple(
        Term(
            name,
            tuple(row["hint"]),
            re.compile(row["pattern"], re.IGNORECASE),
            {j: _STATUS[row[j]] for j in JURISDICTIONS},
        )
        for name, row in raw["terms"].items()
    )
    return Table(
        terms=terms,
        homonyms=re.compile("|".join(raw["homonyms"]["patterns"]), re.I),
        negated_tags=re.compile(raw["negators"]["tags"], re.I),
        negator=re.compile(raw["negators"]["pattern"], re.I),
        sources=raw["sources"],
    )
