"""The words that disclose, of all languages: ``terms_by_language/*.toml``, compiled."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

FOLDER = Path(__file__).with_name("terms_by_language")

Kind = Literal["paid", "gifted", "affiliate", "event", "own_brand", "employment", "political", "ai"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Claim = Literal["unpaid"]

_KEYS = frozenset(["kind", "claim", "languages", "hint", "pattern", "senses"])
# What may stand between a negation and the term.
_BETWEEN = "(?:an?|even|being|been|getting|in|any|really|a paid|paid|by|some|some kind of|for)"


@dataclass(frozen=True, eq=False)
class Term:
    """One way of saying it.

    Attributes:
        name: what it is called in the file; no other term has the same name.
        languages: whose word it is.
        kind: of the tie that it discloses; None for a claim.
        claim: what it claims, where it discloses nothing.
        hints: one of them is in every text that the pattern matches, in small letters.
        source: the pattern, tried without regard to case.
        senses: the rules of ``senses_by_language`` that read the words around it.
    """

    name: str
    languages: tuple[str, ...]
    kind: Kind | None
    claim: Claim | None
    hints: tuple[str, ...]
    source: str
    senses: str | None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when it is first needed: most runs meet few of all terms."""
        return re.compile(self.source, re.IGNORECASE)


class TermTable(NamedTuple):
    """All terms.

    Attributes:
        terms: English ones first, then by language; where two match the same, the first counts.
        denied: hashtags and phrases that say that something is no disclosure.
        negator: what turns the term after it round; matches up to the term.
    """

    terms: tuple[Term, ...]
    denied: re.Pattern[str]
    negator: re.Pattern[str]


@cache
def table() -> TermTable:
    """Read the files on first use.

    Raises:
        ValueError: naming the file and the term at fault.
    """
    terms: list[Term] = []
    negators, denied = [], []
    for path in sorted(FOLDER.glob("*.toml"), key=lambda path: (path.stem != "en", path.stem)):
        raw = tomllib.loads(path.read_text("utf-8"))
        negators += raw.get("negators", [])
        denied += raw.get("denied", [])
        for name, row in raw.get("terms", {}).items():
            terms.append(_term(path, name, row, raw["language"]))
    names = [term.name for term in terms]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"terms_by_language: two terms are called {min(twice)}")
    negator = rf"(?:\b(?:{'|'.join(negators)})|\bno|\b\w{{1,6}}n['’]t)(?:-|[^\S\n])+"
    return TermTable(
        terms=tuple(terms),
        denied=re.compile("|".join(denied), re.IGNORECASE),
        negator=re.compile(rf"{negator}(?:{_BETWEEN}[^\S\n]+){{0,2}}$", re.IGNORECASE),
    )


def _term(path: Path, name: str, row: dict[str, Any], language: str) -> Term:
    where = f"{path.name}: {name}"
    if not row.keys() <= _KEYS or ("kind" in row) == ("claim" in row):
        raise ValueError(f"{where}: it has a kind or a claim, and of these keys: {sorted(_KEYS)}")
    if row.get("kind", "paid") not in KINDS or row.get("claim", "unpaid") not in get_args(Claim):
        raise ValueError(f"{where}: no such kind or claim")
    return Term(
        name,
        tuple(row.get("languages", [language])),
        row.get("kind"),
        row.get("claim"),
        tuple(row["hint"]),
        row["pattern"],
        row.get("senses"),
    )
