"""What a row says of disclosures: under which rules, and beside the platform's own flag."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Protocol

from ..data.text.disclosure.find import Disclosure, DisclosureTerm, Found, find_terms, judge
from ..data.text.disclosure.rules import Rules, rules_for
from ..data.text.disclosure.terms import Kind
from ..data.values.jurisdictions import Jurisdiction
from .scored_post import Conflict, JurisdictionDisclosure, MatchedTerm

# Disclosed, and yet nothing that a third party gave for a post.
_UNPAID_KINDS: frozenset[Kind] = frozenset(["own_brand", "employment", "ai"])


@dataclass(frozen=True)
class Asked:
    """Whose rules judge posts that do not say it themselves.

    Attributes:
        jurisdictions: the first fills the flat columns and decides ``paid``.
        today: day of the rules for posts without a date.
    """

    jurisdictions: tuple[Jurisdiction, ...] = ("us",)
    today: date = field(default_factory=date.today)


class Dated(Protocol):
    """What decides by which rules a post is judged."""

    @property
    def posted_at(self) -> datetime | None:
        """When it was posted."""
        ...

    @property
    def jurisdiction(self) -> tuple[Jurisdiction, ...] | None:
        """Its own jurisdictions."""
        ...

    @property
    def author_country(self) -> Jurisdiction | None:
        """That of its author."""
        ...


def rules_of(post: Dated, asked: Asked) -> tuple[Rules, ...]:
    """The rules that a post is judged by, one for each jurisdiction; equal ones are one object.

    Its own jurisdictions come first, else that of its author; those asked for follow.
    """
    own = post.jurisdiction or (post.author_country and (post.author_country,)) or ()
    posted = post.posted_at
    return _rules(own, posted.date() if posted else None, asked)


@lru_cache(maxsize=10_000)
def _rules(own: tuple[Jurisdiction, ...], posted: date | None, asked: Asked) -> tuple[Rules, ...]:
    codes = dict.fromkeys((*own, *asked.jurisdictions))
    return tuple(rules_for(code, asked.today, posted) for code in codes)


def judged(found: Found, rules: tuple[Rules, ...]) -> tuple[Disclosure, ...]:
    """What a post discloses under the rules of each jurisdiction."""
    if not found.matches:
        return _without_terms(rules)
    return tuple(judge(found, one) for one in rules)


# Most posts have no term.
@lru_cache(maxsize=1_000)
def _without_terms(rules: tuple[Rules, ...]) -> tuple[Disclosure, ...]:
    nothing = find_terms("")
    return tuple(judge(nothing, one) for one in rules)


def is_paid(disclosure: Disclosure) -> bool:
    """Whether it says clearly that something came from a third party."""
    return disclosure.status == "clear" and bool(disclosure.clear_kinds - _UNPAID_KINDS)


def conflict(flag: bool | None, disclosure: Disclosure) -> Conflict | None:
    """Where the platform's flag and the words disagree; an absent flag is unknown and does not.

    Words are those of a kind for which a third party gives something, whether or not they would be
    enough, but for those whose meaning is open.
    """
    if flag is None:
        return None
    words = any(_says_paid(term) for term in disclosure.terms)
    if words or not flag:
        return "words_without_flag" if words and not flag else None
    claims = any(term.claim for term in disclosure.terms)
    return "flag_against_words" if claims else "flag_without_words"


def _says_paid(term: DisclosureTerm) -> bool:
    return term.kind is not None and term.kind not in _UNPAID_KINDS and "sense" not in term.lacks


def described(disclosures: tuple[Disclosure, ...]) -> tuple[JurisdictionDisclosure, ...]:
    """As the row has them."""
    if disclosures[0].terms:
        return tuple(map(_described, disclosures))
    return _described_without_terms(disclosures)


@lru_cache(maxsize=1_000)
def _described_without_terms(
    disclosures: tuple[Disclosure, ...],
) -> tuple[JurisdictionDisclosure, ...]:
    return tuple(map(_described, disclosures))


def _described(found: Disclosure) -> JurisdictionDisclosure:
    return JurisdictionDisclosure(
        jurisdiction=found.jurisdiction,
        disclosure=found.status,
        rules_of=found.rules_of,
        terms=tuple(map(_term, found.terms)),
    )


def _term(found: DisclosureTerm) -> MatchedTerm:
    return MatchedTerm(
        term=found.term,
        start=found.start,
        end=found.end,
        status=found.status,
        rule=found.rule,
        kind=found.kind,
        claim=found.claim,
        place=found.where,
        tags_before=found.tags_before,
        lacks=found.lacks,
    )
