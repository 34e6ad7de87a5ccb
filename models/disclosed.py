"""What a row says of disclosures: under which rules, and beside the platform's own flag."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol

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

    @cached_property
    def of_most_posts(self) -> tuple[Rules, ...]:
        """The rules of a post that says neither where nor when."""
        return _rules((), None, self)


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
    posted = post.posted_at
    if posted is None and post.jurisdiction is None and post.author_country is None:
        return asked.of_most_posts
    own = post.jurisdiction or (post.author_country and (post.author_country,)) or ()
    return _rules(own, posted.date() if posted else None, asked)


@lru_cache(maxsize=10_000)
def _rules(own: tuple[Jurisdiction, ...], posted: date | None, asked: Asked) -> tuple[Rules, ...]:
    codes = dict.fromkeys((*own, *asked.jurisdictions))
    return tuple(rules_for(code, asked.today, posted) for code in codes)


class Judged(NamedTuple):
    """What a post discloses under the rules of each jurisdiction.

    Attributes:
        first: under those that decide.
        rows: all of them, as the row has them.
    """

    first: Disclosure
    rows: tuple[JurisdictionDisclosure, ...]


def judged(found: Found, rules: tuple[Rules, ...]) -> Judged:
    """Judge the terms of a post by rules, at least one."""
    return _judged(found, rules) if found.matches else _without_terms(rules)


# Most posts have no term.
@lru_cache(maxsize=1_000)
def _without_terms(rules: tuple[Rules, ...]) -> Judged:
    return _judged(find_terms(""), rules)


def _judged(found: Found, rules: tuple[Rules, ...]) -> Judged:
    disclosures = [judge(found, one) for one in rules]
    return Judged(disclosures[0], tuple(map(_described, disclosures)))


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
