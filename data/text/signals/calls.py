"""Calls to buy (``calls_to_buy.toml``)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from .places import places
from .signal import Hit

TABLE = Path(__file__).with_name("calls_to_buy.toml")
_BACK_CHARS = 24
# What turns a call into none.
_DENIED = re.compile(
    r"(?:\b(?:no|not|never|nicht|kein|keine|keinen|pas|nie|non|niet|geen|without|where"
    r"|i['’]?m|i am|is he|is she|parking|rooms?|tickets?|seats?)|n['’]t)[^\S\n](?:a |the |any )?$",
    re.IGNORECASE,
)
# A clause begins: at the start, after a sign, or after a word that leads to a command.
_STARTS = re.compile(
    r"(?:^|[^\w\s,'’][^\S\n]?|,[^\S\n]|\n|\b(?:and|or|to|go|please|can|you|then|so)[^\S\n])$",
    re.IGNORECASE,
)


class Call(NamedTuple):
    """One way of calling.

    Attributes:
        name: of the rule.
    starts: it begins with one of them, in small letters.
    hints: one of them is in every text that it matches, in small letters.
        pattern: compiled.
        at_start: whether it counts only where a clause begins.
    """

    name: str
    starts: tuple[str, ...]
    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    at_start: bool


@cache
def calls() -> tuple[Call, ...]:
    """Read the table on first use."""
    return tuple(
        Call(
            name,
            tuple(row["start"]),
            tuple(row["hint"]),
            re.compile(rf"(?<!\w)(?:{row['pattern']})(?!\w)", re.IGNORECASE),
            row.get("at_start", False),
        )
        for name, rows in tomllib.loads(TABLE.read_text("utf-8")).items()
        for row in rows.values()
    )


def calls_to_buy(text: str, lowered: str, numbers: Iterable[int]) -> Iterator[Hit]:
    """Calls of a normalised text; ``why`` is the name of the rule.

    Args:
        text: normalised.
        lowered: the same in small letters, letter by letter.
        numbers: of the calls to try, in ``calls()``.
    """
    found = [hit for number in numbers for hit in _of_call(text, lowered, calls()[number])]
    last = 0
    for hit in sorted(found, key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= last:
            last = hit.end
            yield hit


def _of_call(text: str, lowered: str, call: Call) -> Iterator[Hit]:
    for begin in call.starts:
        for start in places(lowered, begin):
            match = call.pattern.match(text, start)
            before = text[max(0, start - _BACK_CHARS) : start]
            if match is None or _DENIED.search(before):
                continue
            if not call.at_start or _STARTS.search(before):
                end = start + len(match.group().rstrip())
                yield Hit(start, end, "call_to_buy", (call.name,))
