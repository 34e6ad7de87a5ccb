"""Where a term stands in a post, and whether a jurisdiction wants it elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

Where = Literal["first_words", "among_tags", "after_fold", "at_end"]
Misplaced = Literal["first_words", "start", "before_fold", "fewer_tags_before"]

# A tag after this many others in one block of tags is buried, everywhere.
BLOCK_TAGS = 3
# Letters and digits that may stand before the first words; handles, emoji and signs are no words.
OPENING_CHARS = 30
_OPENING_SEEN = 20 * OPENING_CHARS
# Platforms fold a post after some lines; what comes later is not seen without a tap.
FOLD_CHARS, FOLD_LINES = 500, 5
# Instagram shows this many characters of a caption; ASCI asks for the first two lines.
START_CHARS, START_LINES = 125, 2
# A term is at the end if so many characters at most, tags and handles apart, come after it.
_END_CHARS, _END_SEEN = 10, 400
_BLOCK_CHARS = 400

# Possessive, else commas between tags would be tried in every way.
_BLOCK = re.compile(r"(?:[#@][^\s#]++[\s,.·•|]*+)++$")
_NEXT_TAG = re.compile(r"[\s,.·•|]*#\w")
_TAG = re.compile(r"#\w")
_NO_WORDS = re.compile(r"[#@]\w+|https?:\S*|\W")
_HANDLE_OR_SIGN = re.compile(r"@\w+|[^\w#]")


@dataclass(frozen=True)
class Wanted:
    """Where a jurisdiction wants a term that is clear by its words; see ``rules_by_country``.

    Attributes:
        opening: before it at most ``OPENING_CHARS`` letters and digits, no tag, two lines.
        start: within ``START_CHARS`` characters and ``START_LINES`` lines.
        before_fold: within ``FOLD_CHARS`` characters and ``FOLD_LINES`` lines.
        tags_before: at most so many tags before a tag, anywhere in the post; None for no limit.
    """

    opening: bool = False
    start: bool = False
    before_fold: bool = False
    tags_before: int | None = None


class Place(NamedTuple):
    """Where a term stands.

    Attributes:
        where: all that holds, in the order of ``Where``.
        tags_before: tags before it in its block of tags; 0 where it stands in none.
        misplaced: what a jurisdiction wants and it lacks.
    """

    where: tuple[Where, ...]
    tags_before: int
    misplaced: tuple[Misplaced, ...]


def place_of(text: str, start: int, end: int, wanted: Wanted) -> Place:
    """Where the term ``text[start:end]`` of a normalised text stands."""
    before = text[:start]
    lines = before.count("\n")
    tags = _tags_before(before[-_BLOCK_CHARS:]) if text[start] == "#" else 0
    is_tag = text[start] == "#"
    opening = _HANDLE_OR_SIGN.sub("", before[:_OPENING_SEEN])
    short = start <= _OPENING_SEEN and len(opening) <= OPENING_CHARS
    first_words = short and lines <= 1 and "#" not in opening
    folded = start > FOLD_CHARS or lines >= FOLD_LINES
    held = {
        "first_words": first_words,
        "among_tags": is_tag and (tags > 0 or bool(_NEXT_TAG.match(text, end))),
        "after_fold": folded,
        "at_end": len(_NO_WORDS.sub("", text[end : end + _END_SEEN])) <= _END_CHARS,
    }
    where: list[Where] = [name for name, holds in held.items() if holds]  # type: ignore[misc]
    return Place(tuple(where), tags, tuple(_misplaced(before, tags, is_tag, held, wanted)))


def _misplaced(
    before: str, tags: int, is_tag: bool, held: dict[str, bool], wanted: Wanted
) -> list[Misplaced]:
    lacks: list[Misplaced] = []
    if wanted.opening and not held["first_words"]:
        lacks.append("first_words")
    if wanted.start and (len(before) > START_CHARS or before.count("\n") >= START_LINES):
        lacks.append("start")
    if wanted.before_fold and held["after_fold"]:
        lacks.append("before_fold")
    too_many = wanted.tags_before is not None and len(_TAG.findall(before)) > wanted.tags_before
    if is_tag and (tags >= BLOCK_TAGS or too_many):
        lacks.append("fewer_tags_before")
    return lacks


def _tags_before(before: str) -> int:
    block = _BLOCK.search(before)
    return len(_TAG.findall(block.group())) if block else 0
