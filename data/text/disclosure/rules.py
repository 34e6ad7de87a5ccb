"""What each jurisdiction says of the words that disclose: ``rules_by_country/*.toml``.

A reading of published guidance and of what others wrote on it, with its date; no legal advice.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from ...values.jurisdictions import Jurisdiction
from .places import Wanted
from .terms import KINDS, Kind, table

FOLDER = Path(__file__).with_name("rules_by_country")

# ``kind_only``: tells how the author was rewarded, and is no disclosure that would do.
Verdict = Literal["clear", "needs_more", "weak", "kind_only"]
# What a ``needs_more`` rule wants beside the word.
Need = Literal["brand", "own_language", "beside"]
RulesOf = Literal["posted_at", "today"]

_KEYS = frozenset(
    ["terms", "verdict", "needs", "kind", "valid_from", "valid_to", "new", "source", "note"]
)


class Source(NamedTuple):
    """What a rule rests on.

    Attributes:
        title: of what was read.
        read: the day on which it was.
        from_memory: nobody has read it: no post is clear by it alone.
    """

    title: str
    read: date
    from_memory: bool = False


@dataclass(frozen=True)
class Rule:
    """What one jurisdiction says of some terms.

    Attributes:
        id: jurisdiction and name, such as ``us.ad``.
        terms: names of terms.
        verdict: what they are worth.
        needs: what they need to be clear, for ``needs_more``.
        kind: of the tie, where it differs from that of the term.
        valid_from: first day.
        valid_to: last day; None while it holds.
        new: it changed what had been said of its terms before; else it only wrote down what was
            so, and posts of earlier days are judged by it as well.
        source: what it rests on.
    """

    id: str
    terms: tuple[str, ...]
    verdict: Verdict
    needs: tuple[Need, ...]
    kind: Kind | None
    valid_from: date
    valid_to: date | None
    new: bool
    source: Source

    def holds_on(self, day: date) -> bool:
        """Whether the rule holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Country:
    """All rules of a jurisdiction, whenever they hold.

    Attributes:
        code: of the jurisdiction.
        languages: its own.
        unread: nothing, or next to nothing, was read on it: its answer is ``unknown``.
        wanted: where a clear term has to stand.
        rules: in the order of the file.
    """

    code: Jurisdiction
    languages: tuple[str, ...]
    unread: bool
    wanted: Wanted
    rules: tuple[Rule, ...]

    @property
    def changes(self) -> list[date]:
        """Days on which other rules begin to hold, in order."""
        begin = {rule.valid_from for rule in self.rules}
        ended = {rule.valid_to.toordinal() + 1 for rule in self.rules if rule.valid_to}
        return sorted(begin | {date.fromordinal(day) for day in ended})


@dataclass(frozen=True, eq=False)
class Rules:
    """The rules that a post is judged by: those of a jurisdiction on a day. One object for each.

    Attributes:
        country: whose.
        since: the day from which just these rules hold.
        rules_of: whether it was asked for by the day of the post or that of the run.
        by_term: rule of each term that has one.
    """

    country: Country
    since: date
    rules_of: RulesOf
    by_term: dict[str, Rule] = field(repr=False)


def rules_for(code: Jurisdiction, today: date, posted: date | None = None) -> Rules:
    """The rules of the day of a post; of today where it is not known, or before all rules.

    A word on which there was no rule on that day is judged by the first one that came, unless that
    one is new.

    Args:
        code: the jurisdiction.
        today: the day of the run.
        posted: the day of the post, where it is known.
    """
    changes = _changes(code)
    if posted is not None and changes and posted >= changes[0]:
        return _rules(code, bisect_right(changes, posted), "posted_at")
    return _rules(code, bisect_right(changes, today), "today")


def last_change(today: date) -> date:
    """The last day, up to today, on which the rules of any jurisdiction changed."""
    days = (day for code in get_args(Jurisdiction) for day in _changes(code) if day <= today)
    return max(days, default=date.min)


@cache
def _changes(code: Jurisdiction) -> list[date]:
    return country(code).changes


@cache
def _rules(code: Jurisdiction, n: int, rules_of: RulesOf) -> Rules:
    found = country(code)
    since = found.changes[n - 1] if n else date.min
    held = [rule for rule in found.rules if rule.holds_on(since)]
    by_term = {term: rule for rule in held for term in rule.terms}
    # Guidance is younger than what it says: a word on which none was written yet.
    for rule in sorted(found.rules, key=lambda rule: rule.valid_from):
        if rule.valid_from > since and not rule.new:
            for term in rule.terms:
                by_term.setdefault(term, rule)
    return Rules(found, since, rules_of, by_term)


@cache
def country(code: Jurisdiction) -> Country:
    """Read the file of a jurisdiction on first use.

    Raises:
        ValueError: naming the file and the rule at fault.
    """
    path = FOLDER / f"{code}.toml"
    raw = tomllib.loads(path.read_text("utf-8"))
    sources = {
        name: Source(row["title"], row["read"], row.get("from_memory", False))
        for name, row in raw.get("sources", {}).items()
    }
    rows = raw.get("rules", {}).items()
    rules = tuple(_rule(f"{code}.{name}", row, sources) for name, row in rows)
    _check_once(path.name, rules)
    wanted = Wanted(**raw.get("place", {}))
    return Country(code, tuple(raw["languages"]), raw.get("unread", False), wanted, rules)


@cache
def _term_names() -> frozenset[str]:
    return frozenset(term.name for term in table().terms)


def _rule(name: str, row: dict[str, Any], sources: dict[str, Source]) -> Rule:
    verdict, needs = row["verdict"], tuple(row.get("needs", ()))
    wrong = (
        row.keys() - _KEYS
        or (verdict not in get_args(Verdict) and verdict)
        or set(needs) - set(get_args(Need))
        or (row.get("kind", "paid") not in KINDS and row["kind"])
        or (row["source"] not in sources and row["source"])
        or set(row["terms"]) - _term_names()
    )
    if wrong or (verdict == "needs_more") != bool(needs):
        raise ValueError(f"rules_by_country: {name}: {wrong or 'needs go with needs_more'}")
    return Rule(
        name,
        tuple(row["terms"]),
        verdict,
        needs,
        row.get("kind"),
        row["valid_from"],
        row.get("valid_to"),
        row.get("new", False),
        sources[row["source"]],
    )


def _check_once(file: str, rules: tuple[Rule, ...]) -> None:
    """No term has two rules on one day."""
    for day in {rule.valid_from for rule in rules}:
        seen: dict[str, str] = {}
        for rule in (rule for rule in rules if rule.holds_on(day)):
            for term in rule.terms:
                if term in seen:
                    raise ValueError(f"{file}: {term} is in {seen[term]} and in {rule.id}")
                seen[term] = rule.id
