"""Terms in a text: where they stand, in which sense, and whether they are denied.

Nothing here depends on a jurisdiction: what a term is worth there is judged afterwards.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from .hints import hinted
from .senses import sense_of
from .terms import Claim, Term, table

_NEGATOR_CHARS = 40
# The first letter of a name, or a handle, at the end of a term.
_BEGUN = re.compile(r"(?:(?<=\s)[^\W\d_]|(?<!\w)@[\w.]+)\Z")
_GOES_ON = re.compile(r"\.?\w")
# The beginning of a handle whose end reads like a term ("@the.sponsored").
_HANDLE = re.compile(r"(?<!\w)@\w(?:[\w.]*\w)?\.\Z")
# Whose words are denied.
_DENIED_SENSES = ("ad", "gift")


class Match(NamedTuple):
    """One term found.

    Attributes:
        start: where it begins in the normalised text.
        end: where it ends.
        term: which; None for a phrase that only denies.
        claim: what is claimed by it, in place of a disclosure; a negated term claims ``unpaid``.
        unclear: the words around it leave its sense open.
    """

    start: int
    end: int
    term: Term | None
    claim: Claim | None
    unclear: bool


def matches(text: str) -> list[Match]:
    """Terms of a normalised text by place, without those in another sense.

    Where two overlap, the earlier one stands, and of these the longer. A claim begins with what
    denies.
    """
    candidates, may_deny = _candidates(text)
    found = list(_terms(text, candidates)) if candidates else []
    if may_deny:
        found += _denials(text, found)
        found.sort(key=lambda match: match.start)
    return found


def disclosure_spans(text: str) -> list[tuple[int, int]]:
    """Spans of every term of every jurisdiction in a normalised text, for masking.

    Sorted and apart; claims are included, words in another sense are not.
    """
    candidates, may_deny = _candidates(text)
    spans = [(match.start, match.end) for match in _terms(text, candidates)]
    if may_deny:
        spans += _denied(text)
    return _merged(spans)


def _terms(text: str, candidates: Sequence[tuple[int, int, int]]) -> Iterator[Match]:
    known, last = table(), 0
    passed: dict[str, int] = {}
    for start, minus_end, order in candidates:
        end, term = -minus_end, known.terms[order]
        if start < last or (term.senses and start < passed.get(term.senses, 0)):
            continue
        sense = sense_of(text, start, end, term.senses) if term.senses else "disclosure"
        if term.senses and sense == "other":
            # What else the list finds within it ("#sponsored", "sponsored") has the same sense.
            passed[term.senses] = end
            continue
        last = end
        claim = term.claim
        if claim is None:
            window = max(0, start - _NEGATOR_CHARS)
            if negator := known.negator.search(text[window:start]):
                start, claim = window + negator.start(), "unpaid"
        yield Match(start, end, term, claim, sense == "unclear")


# A post is asked for twice, when it is masked and for what it discloses.
@lru_cache(maxsize=2)
def _candidates(text: str) -> tuple[Sequence[tuple[int, int, int]], bool]:
    """Start, -end and number of every term, by place; and whether the text may deny one."""
    known, hints = table(), hinted(text.lower())
    found = []
    for order in hints.terms:
        for match in known.terms[order].pattern.finditer(text):
            start, end = _trimmed(text, *match.span())
            if text[start - 1 : start] == "." and _within_handle(text, start):
                continue
            found.append((start, -end, order))
    return sorted(found), hints.denials


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without the signs and spaces a pattern may begin or end with."""
    while start < end - 1 and not (text[start].isalnum() or text[start] in "#@"):
        start += 1
    # Patterns may look at how a name begins, which is no part of the term.
    if (cut := _BEGUN.search(text, start + 1, end)) and _GOES_ON.match(text, end):
        end = cut.start()
    while start < end - 1 and text[end - 1].isspace():
        end -= 1
    return start, end


def _within_handle(text: str, start: int) -> bool:
    """Whether a term that stands after a dot goes on a handle; a sentence begins with a capital."""
    return text[start].islower() and _HANDLE.search(text, max(0, start - 32), start) is not None


def _denied(text: str) -> Iterator[tuple[int, int]]:
    for match in table().denied.finditer(text):
        if not _denies_another_sense(text, *match.span()):
            yield match.span()


def _denies_another_sense(text: str, start: int, end: int) -> bool:
    """Whether "not an ad" goes on as in "not an ad agency"."""
    last_word = max(text.rfind(" ", start, end) + 1, start)
    return any(sense_of(text, last_word, end, name) == "other" for name in _DENIED_SENSES)


def _denials(text: str, found: list[Match]) -> list[Match]:
    """Claims that stand apart from all terms found."""
    starts = [match.start for match in found]

    def is_free(start: int, end: int) -> bool:
        # Terms stand apart, so that only the last one that begins before the end can be in the way.
        before = bisect_left(starts, end) - 1
        return before < 0 or found[before].end <= start

    spans = [span for span in _denied(text) if is_free(*span)]
    return [Match(start, end, None, "unpaid", False) for start, end in spans]


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
