"""Disclosure of a material connection, found by rule, with the matched words and their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from ..aligned import Edited
from ..normalise import normalise
from .senses import sense_of
from .terms import Jurisdiction, Status, Term, hinted, table

__all__ = ["Disclosure", "DisclosureTerm", "Jurisdiction", "disclosure_spans", "find_disclosures"]

# Longer texts are searched at both ends only.
HEAD_CHARS, TAIL_CHARS = 20_000, 5_000
# A tag after this many others in one block of tags is buried.
BLOCK_TAGS = 3
# Platforms fold a post after some lines; what comes later is not seen without a tap.
FOLD_CHARS, FOLD_LINES = 500, 5
# ASCI: within the first two lines. ASA: first in the post.
INDIA_CHARS, INDIA_LINES = 125, 2
UK_CHARS = 30
_NEGATOR_CHARS = 40
_BLOCK_CHARS = 400

_BLOCK = re.compile(rf"(?:[#@][^\s#]+[\s,.·•|]*){{{BLOCK_TAGS},}}$")
_TAG = re.compile(r"#\w")
# Of each, one is in all that is negated, in lower case ("i" has forms that stay).
_NEGATED_SIGNS = ("not", "n't", "n’t", "unpa", "uns", "un-s", "#no", "#un")
_DENIED_SIGNS = ("ad", "pa", "fted", "spon")
# Whose words are denied.
_DENIED_SENSES = ("ad", "gift")


@dataclass(frozen=True, slots=True)
class DisclosureTerm:
    """A matched term; ``text[start:end]`` of the original post is ``term``."""

    term: str
    start: int
    end: int
    status: Status


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The clearest status found, and every term that counts."""

    status: Literal["none", "ambiguous", "clear"]
    terms: tuple[DisclosureTerm, ...]


_NOTHING = Disclosure("none", ())


class _Match(NamedTuple):
    start: int
    end: int
    term: Term
    negated: bool
    unclear: bool


def find_disclosures(text: str, jurisdiction: Jurisdiction = "us") -> Disclosure:
    """Find the disclosure terms of one jurisdiction; never raises.

    Negated terms do not count, nor those that the words around them show in another sense. A clear
    term becomes ambiguous where its sense is unclear, and by its place:

    - a tag behind at least three others in one block, everywhere;
    - us: beyond 500 characters or five line breaks;
    - in: beyond 125 characters or the second line;
    - uk: not within the first 30 characters, leading handles and emoji apart.

    Examples:
        >>> find_disclosures("#ad soft hands again").status
        'clear'
        >>> find_disclosures("not an ad, I paid for these gloves").status
        'none'
    """
    edited = normalise(_ends(text).text) if len(text) > HEAD_CHARS + TAIL_CHARS else normalise(text)
    if len(text) > HEAD_CHARS + TAIL_CHARS:
        edited = Edited(edited.text, (*_ends(text).steps, *edited.steps))
    found = []
    for match in _matches(edited.text):
        status = match.term.status[jurisdiction]
        if match.negated or status is None:
            continue
        if status == "clear" and (
            match.unclear or _misplaced(edited.text, match.start, jurisdiction)
        ):
            status = "ambiguous"
        start, end = edited.span(match.start, match.end)
        found.append(DisclosureTerm(text[start:end], start, end, status))
    if not found:
        return _NOTHING
    clear = any(term.status == "clear" for term in found)
    return Disclosure("clear" if clear else "ambiguous", tuple(found))


def disclosure_spans(text: str) -> list[tuple[int, int]]:
    """Spans of every term of every jurisdiction in a normalised text, for masking.

    Sorted and apart. Ambiguous and negated ones are included, a negated one with its negator; words
    in another sense are not.
    """
    spans = [(m.start, m.end) for m in _matches(text, with_negator=True)]
    if _may_deny(text):
        denied = (match.span() for match in table().negated.finditer(text))
        spans += [span for span in denied if not _denies_another_sense(text, *span)]
    return _merged(spans)


def _may_deny(text: str) -> bool:
    lowered = text.lower()
    return any(sign in lowered for sign in _NEGATED_SIGNS) and any(
        sign in lowered for sign in _DENIED_SIGNS
    )


def _denies_another_sense(text: str, start: int, end: int) -> bool:
    """Whether "not an ad" goes on as in "not an ad agency"."""
    last_word = max(text.rfind(" ", start, end) + 1, start)
    return any(sense_of(text, last_word, end, name) == "other" for name in _DENIED_SENSES)


def _matches(text: str, *, with_negator: bool = False) -> Iterator[_Match]:
    """Matches by place; where two overlap, the earlier one, and of these the longer."""
    known, last = table(), 0
    passed: dict[str, int] = {}
    for start, minus_end, order in _candidates(text):
        end, term = -minus_end, known.terms[order]
        if start < last or (term.senses and start < passed.get(term.senses, 0)):
            continue
        sense = sense_of(text, start, end, term.senses) if term.senses else "disclosure"
        if term.senses and sense == "other":
            # What else the list finds within it ("#sponsored", "sponsored") has the same sense.
            passed[term.senses] = end
            continue
        last = end
        window = max(0, start - _NEGATOR_CHARS)
        negator = known.negator.search(text[window:start])
        if negator and with_negator:
            start = window + negator.start()
        yield _Match(start, end, term, negator is not None, sense == "unclear")


# A post is asked for twice, when it is masked and for what it discloses.
@lru_cache(maxsize=2)
def _candidates(text: str) -> tuple[tuple[int, int, int], ...]:
    """Start, -end and number of every term, by place."""
    known = table()
    found = []
    for order in hinted(text.lower()):
        for match in known.terms[order].pattern.finditer(text):
            start, end = _trimmed(text, *match.span())
            found.append((start, -end, order))
    return tuple(sorted(found))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without the signs and spaces a pattern may begin or end with."""
    while start < end - 1 and not (text[start].isalnum() or text[start] in "#@"):
        start += 1
    while start < end - 1 and text[end - 1].isspace():
        end -= 1
    return start, end


def _misplaced(text: str, start: int, jurisdiction: Jurisdiction) -> bool:
    before = text[:start]
    if text[start] == "#" and _in_block(before[-_BLOCK_CHARS:]):
        return True
    lines = before.count("\n")
    if jurisdiction == "us":
        return start > FOLD_CHARS or lines >= FOLD_LINES
    if jurisdiction == "in":
        return start > INDIA_CHARS or lines >= INDIA_LINES
    if jurisdiction == "uk":
        opening = re.sub(r"@\w+|[^\w#]", "", before)
        return len(opening) > UK_CHARS or lines > 1 or "#" in opening
    return False


def _in_block(before: str) -> bool:
    block = _BLOCK.search(before)
    return block is not None and len(_TAG.findall(block.group())) >= BLOCK_TAGS


def _ends(text: str) -> Edited:
    return Edited(text).edit([(HEAD_CHARS, len(text) - TAIL_CHARS, "\n")])
