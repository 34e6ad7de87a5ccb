"""The sense of a disclosure term, told by the words around it.

``senses_by_language/*.toml`` have the rules; this module only compiles and applies them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

Sense = Literal["disclosure", "unclear", "other"]
# How far rules look, in characters; every search is bounded, so that long posts take linear time.
BEFORE_CHARS, AT_CHARS, NEAR_CHARS = 60, 120, 160
FOLDER = Path(__file__).with_name("senses_by_language")
_PATTERNS = ("before", "at", "near", "unless")


class Rule(NamedTuple):
    """One rule: it holds if every pattern that it has does.

    Attributes:
        sense: what a term is where the rule holds.
        before: ends where the term begins.
        at: begins where the term begins.
        near: matches anywhere near the term.
        unless: matches nowhere near the term.
    """

    sense: Sense
    before: re.Pattern[str] | None
    at: re.Pattern[str] | None
    near: re.Pattern[str] | None
    unless: re.Pattern[str] | None

    def holds(self, text: str, start: int, end: int) -> bool:
        """Whether the rule holds for the term ``text[start:end]``."""
        if self.at and not self.at.match(text, start, start + AT_CHARS):
            return False
        if self.before and not self.before.search(text, max(0, start - BEFORE_CHARS), start):
            return False
        around = max(0, start - NEAR_CHARS), end + NEAR_CHARS
        if self.near and not self.near.search(text, *around):
            return False
        return not (self.unless and self.unless.search(text, *around))


def sense_of(text: str, start: int, end: int, name: str) -> Sense:
    """The sense of the term ``text[start:end]`` of a normalised text.

    Args:
        text: the text.
        start: where the term begins.
        end: where it ends.
        name: of the list of rules; the first that holds decides.
    """
    for rule in rules(name):
        if rule.holds(text, start, end):
            return rule.sense
    return "disclosure"


@cache
def rules(name: str) -> tuple[Rule, ...]:
    """A list of rules, compiled on first use: few posts need more than one or two.

    Raises:
        KeyError: there is no such list.
        ValueError: a rule has an unknown key or sense.
    """
    table = _table()
    return tuple(_rule(row, table["words"]) for row in table[name])


def names() -> frozenset[str]:
    """The names of all lists."""
    return frozenset(_table()) - {"words"}


@cache
def _table() -> dict[str, Any]:
    """Lists of all files by name, and the words that any of them explains."""
    merged: dict[str, Any] = {"words": {}}
    for path in sorted(FOLDER.glob("*.toml")):
        read = tomllib.loads(path.read_text("utf-8"))
        merged["words"] |= read.pop("words", {})
        for name, rows in read.items():
            if name in merged:
                raise ValueError(f"{path.name}: there is another list called {name}")
            merged[name] = [{**row, "file": path.name} for row in rows]
    return merged


def _rule(row: Mapping[str, Any], words: Mapping[str, str]) -> Rule:
    if row["sense"] not in get_args(Sense) or not row.keys() <= {"sense", "file", *_PATTERNS}:
        raise ValueError(f"{row['file']}: no rule: {dict(row)}")
    return Rule(row["sense"], *(_compiled(name, row.get(name), words) for name in _PATTERNS))


def _compiled(name: str, pattern: str | None, words: Mapping[str, str]) -> re.Pattern[str] | None:
    if pattern is None:
        return None
    for word, alternatives in words.items():
        pattern = pattern.replace(f"{{{word}}}", alternatives)
    return re.compile(rf"(?:{pattern})\Z" if name == "before" else pattern, re.IGNORECASE)
