"""Disclosure of a material connection, found by rule, with the matched words and their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NamedTuple

from ...values.jurisdictions import Jurisdiction
from ..aligned import Edited
from ..normalise import normalise
from .brand import brand_near
from .matches import Match, matches
from .places import Misplaced, Place, Where, place_of
from .rules import Need, Rule, Rules, RulesOf, rules_for
from .terms import KINDS, Claim, Kind

__all__ = ["Disclosure", "DisclosureTerm", "Found", "find_disclosures", "find_terms", "judge"]

# Longer texts are searched at both ends only.
HEAD_CHARS, TAIL_CHARS = 20_000, 5_000

TermStatus = Literal["clear", "ambiguous", "weak", "unknown"]
Status = Literal["none", "weak", "ambiguous", "clear", "unknown"]
# ``source``: the rule is from memory. ``sense``: the words around it leave its meaning open.
Lack = Need | Misplaced | Literal["source", "sense"]
_BEST: tuple[TermStatus, ...] = ("clear", "ambiguous", "weak")


@dataclass(frozen=True, slots=True)
class DisclosureTerm:
    """A matched term; ``text[start:end]`` of the original post is ``term``.

    Attributes:
        term: the words.
        start: code-point offset.
        end: offset behind it.
        status: what it is worth in the jurisdiction; None for a claim.
        rule: id of the rule that says so; None where none was read on this word.
        kind: of the tie; None for a claim.
        claim: what is claimed in place of a disclosure.
        where: see ``places.Place``.
        tags_before: tags before it in its block.
        lacks: why it is not clear.
    """

    term: str
    start: int
    end: int
    status: TermStatus | None
    rule: str | None
    kind: Kind | None
    claim: Claim | None
    where: tuple[Where, ...]
    tags_before: int
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What a post discloses under the rules of one jurisdiction.

    Attributes:
        jurisdiction: whose rules.
        rules_of: whether they are those of the post's day or of today.
        status: the clearest that a term has, but for kind ``ai``; ``unknown`` where nothing was
            read on the jurisdiction.
        terms: every term that counts, and claims, by place.
    """

    jurisdiction: Jurisdiction
    rules_of: RulesOf
    status: Status
    terms: tuple[DisclosureTerm, ...]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Kinds of all terms, in the order of ``terms.KINDS``."""
        if not self.terms:
            return ()
        found = {term.kind for term in self.terms}
        return tuple(kind for kind in KINDS if kind in found)

    @property
    def clear_kinds(self) -> frozenset[Kind]:
        """Kinds of the terms that are clear."""
        return frozenset(t.kind for t in self.terms if t.status == "clear" and t.kind)


class Found(NamedTuple):
    """A text and the terms in it.

    Attributes:
        text: the original post.
        edited: normalised, and its middle cut out where it is long.
        matches: see ``matches.matches``.
    """

    text: str
    edited: Edited
    matches: Sequence[Match]


def find_disclosures(
    text: str, jurisdiction: Jurisdiction = "us", posted: date | None = None
) -> Disclosure:
    """Find the disclosure terms of a post under the rules of one jurisdiction; never raises.

    Words that the text around them shows in another sense do not count; negated ones are claims.
    A clear term becomes ambiguous where its sense is unclear, and by its place: see
    ``places.Wanted`` and the file of the jurisdiction.

    Args:
        text: of the post.
        jurisdiction: whose rules.
        posted: its day, for rules that have changed since; default: the rules of today.

    Examples:
        >>> find_disclosures("#ad soft hands again").status
        'clear'
        >>> find_disclosures("not an ad, I paid for these gloves").status
        'none'
        >>> find_disclosures("Werbung | soft hands again", "de").terms[0].rule
        'de.werbung'
    """
    return judge(find_terms(text), rules_for(jurisdiction, date.today(), posted))


def find_terms(text: str) -> Found:
    """The terms of a post, whatever the jurisdiction; never raises."""
    if len(text) <= HEAD_CHARS + TAIL_CHARS:
        edited = normalise(text)
    else:
        cut = Edited(text).edit([(HEAD_CHARS, len(text) - TAIL_CHARS, "\n")])
        edited = normalise(cut.text)
        edited = Edited(edited.text, (*cut.steps, *edited.steps))
    return Found(text, edited, matches(edited.text))


def judge(found: Found, rules: Rules) -> Disclosure:
    """What the terms of a post are worth under some rules."""
    code, unread = rules.country.code, rules.country.unread
    if not found.matches:
        return Disclosure(code, rules.rules_of, "unknown" if unread else "none", ())
    terms = [_judged(found, match, rules) for match in found.matches]
    if any("beside" in term.lacks for term in terms):
        terms = _beside(terms)
    counted = {term.status for term in terms if term.kind != "ai"}
    best: Status = next((s for s in _BEST if s in counted), "unknown" if unread else "none")
    return Disclosure(code, rules.rules_of, best, tuple(terms))


def _judged(found: Found, match: Match, rules: Rules) -> DisclosureTerm:
    text = found.edited.text
    place = place_of(text, match.start, match.end, rules.country.wanted)
    start, end = found.edited.span(match.start, match.end)
    status: TermStatus | None = None
    rule: Rule | None = None
    lacks: tuple[Lack, ...] = ()
    if match.claim is None and match.term is not None:
        rule = rules.by_term.get(match.term.name)
        status, lacks = _status(text, match, rule, rules, place)
    kind = match.term.kind if match.term and match.claim is None else None
    return DisclosureTerm(
        found.text[start:end],
        start,
        end,
        status,
        rule.id if rule else None,
        rule.kind or kind if rule else kind,
        match.claim,
        place.where,
        place.tags_before,
        lacks,
    )


def _status(
    text: str, match: Match, rule: Rule | None, rules: Rules, place: Place
) -> tuple[TermStatus, tuple[Lack, ...]]:
    if rule is None:
        return ("unknown" if rules.country.unread else "ambiguous"), ()
    if rule.verdict in ("weak", "kind_only"):
        return "weak", ()
    lacks: list[Lack] = [need for need in rule.needs if _lacks(need, text, match, rules)]
    # Where it stands matters less than the clear one that it has to stand beside.
    lacks += () if "beside" in rule.needs else place.misplaced
    if match.unclear:
        lacks.append("sense")
    if rule.source.from_memory:
        lacks.append("source")
    return ("ambiguous" if lacks else "clear"), tuple(dict.fromkeys(lacks))


def _lacks(need: Need, text: str, match: Match, rules: Rules) -> bool:
    if need == "brand":
        return brand_near(text, match.start, match.end) is None
    if need == "own_language":
        own = rules.country.languages
        return match.term is None or not set(own) & set(match.term.languages)
    # What stands beside it is known when all terms are.
    return True


def _beside(terms: Sequence[DisclosureTerm]) -> list[DisclosureTerm]:
    """Terms that need another one beside them, where one is clear by itself."""
    if not any(term.status == "clear" for term in terms):
        return list(terms)
    found = []
    for term in terms:
        lacks = tuple(lack for lack in term.lacks if lack != "beside")
        done = not lacks and "beside" in term.lacks
        found.append(replace(term, lacks=lacks, status="clear" if done else term.status))
    return found
