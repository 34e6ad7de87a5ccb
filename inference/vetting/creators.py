"""Posts by creator, and one row for each."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from ...models.scored_post import ScoredPost
from .drift import Change
from .in_context import InContext
from .rates import ENOUGH, Corrected, Rates, corrected
from .tiers import TIERS, engagement, median_of, tier_of

# Labels that each flag is, by column of the row.
FLAGGED: Mapping[str, tuple[str, str]] = {
    "polished": ("style", "polished"),
    "performative": ("performative", "likely"),
}
# A disclosure that says so clearly enough, by rule; what is weaker is ambiguous.
_SAYS_NOTHING = ("none", "weak", "unknown", None)
_DAY = 24 * 3600
# A gap of none between two posts is no rhythm.
_FEW_GAPS = 4


class Key(NamedTuple):
    """A creator: the same name on two platforms is two."""

    platform: str
    name: str


class VettedPost(NamedTuple):
    """A post of a creator with what was said of it.

    Attributes:
        id: of the post.
        url: where it is, if it is known.
        text: as it was scored.
        posted_at: in UTC, if it is known.
        followers: of the creator by then.
        likes: count.
        comments: count.
        row: of the scorer.
        author: as the post gives it.
    """

    id: str
    url: str | None
    text: str
    posted_at: datetime | None
    followers: int | None
    likes: int | None
    comments: int | None
    row: ScoredPost
    author: str | None = None

    @property
    def sha256(self) -> str:
        """Hash of its text."""
        return hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest()

    @property
    def judged(self) -> bool:
        """Whether the model could read it: in its language, and long enough."""
        return self.row.reason_code not in ("language", "too_short", "removed")

    @property
    def is_paid(self) -> bool:
        """Whether it is disclosed as paid, or reads so."""
        return self.row.paid in ("disclosed", "likely")

    @property
    def is_undisclosed(self) -> bool:
        """Whether it reads as paid and says nothing of it."""
        return self.row.paid == "likely" and self.row.disclosure in _SAYS_NOTHING

    @property
    def is_ambiguous(self) -> bool:
        """Whether it reads as paid and says something that need not mean so."""
        return self.row.paid == "likely" and not self.is_undisclosed


class Mention(NamedTuple):
    """A brand or a code in a creator's posts."""

    kind: str
    value: str
    posts: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True)
class Creator:
    """One creator: the row of the table, and the posts behind it, in order of time.

    Attributes:
        key: who.
        posts: of their own; reposts are left out.
        n_reposts: how many these were.
        rates: of the model, by flag.
        repeated: captions that repeat within the creator's posts, and those that others have.
        changes: of a share over time, by flag, with the p-value adjusted over all creators.
        in_context: each post beside the others; empty where that was not looked at.
    """

    key: Key
    posts: tuple[VettedPost, ...]
    n_reposts: int
    rates: Mapping[str, Rates]
    repeated: tuple[int, int] = (0, 0)
    changes: Mapping[str, Change] = field(default_factory=dict)
    in_context: tuple[InContext, ...] = ()

    @property
    def judged(self) -> tuple[VettedPost, ...]:
        """The posts that the model could read."""
        return tuple(post for post in self.posts if post.judged)

    def count(self, column: str, label: str) -> int:
        """How many judged posts have a label."""
        return sum(getattr(post.row, column) == label for post in self.judged)

    def beside_others(self) -> Iterator[tuple[VettedPost, InContext]]:
        """The posts, each with what the others tell of it."""
        return zip(self.posts, self.in_context or [InContext()] * len(self.posts), strict=True)

    def count_in_context(self, label: str) -> int | None:
        """How many judged posts promote so beside the others; None where the others tell nothing.

        A post of which they tell nothing counts as it is labelled.
        """
        if not any(context.whose for context in self.in_context):
            return None
        return sum(
            (context.whose or post.row.promotion) == label
            for post, context in self.beside_others()
            if post.judged
        )

    def share(self, flag: str) -> Corrected | None:
        """The corrected share of a flag; None of too few posts, or where no rate is known."""
        if flag not in self.rates:
            return None
        certain = 0
        if flag == "paid":
            certain = self.count("paid", "disclosed")
            flagged = self.count("paid", "likely")
        else:
            flagged = self.count(*FLAGGED[flag])
        return corrected(flagged, len(self.judged), self.rates[flag], certain=certain)

    @property
    def dated(self) -> list[datetime]:
        """Times of the posts that have one."""
        return [post.posted_at for post in self.posts if post.posted_at is not None]

    @property
    def followers(self) -> int | None:
        """As last known; of a post without a date only where no other says."""
        known = [post for post in self.posts if post.followers is not None]
        dated = [post for post in known if post.posted_at is not None]
        return (dated or known)[-1].followers if known else None

    @property
    def engagement(self) -> float | None:
        """The median over posts with counts."""
        return median_of(engagement(p.likes, p.comments, p.followers) for p in self.posts)


def by_creator(
    posts: Iterable[tuple[Key, bool, VettedPost]], rates: Mapping[str, Rates]
) -> list[Creator]:
    """Group posts, those of a creator in order of time, those without a date last.

    Args:
        posts: each with its creator, and whether it is a repost.
        rates: of the model.
    """
    own: defaultdict[Key, list[VettedPost]] = defaultdict(list)
    reposts: Counter[Key] = Counter()
    for key, is_repost, post in posts:
        if is_repost:
            reposts[key] += 1
        else:
            own[key].append(post)
    last = datetime.max.replace(tzinfo=UTC)
    return [
        Creator(
            key,
            tuple(sorted(own[key], key=lambda post: (post.posted_at or last, post.id))),
            reposts[key],
            rates,
        )
        for key in sorted(own.keys() | reposts.keys())
    ]


def mentions(creator: Creator) -> list[Mention]:
    """Brands and codes, those in most posts first."""
    found: defaultdict[tuple[str, str], list[VettedPost]] = defaultdict(list)
    for post in creator.posts:
        said = {(s.kind, s.value.casefold()) for s in post.row.signals if s.kind in _MENTIONED}
        for one in said:
            found[one].append(post)
    rows = []
    for (sort, value), posts in found.items():
        dates = [post.posted_at for post in posts if post.posted_at is not None]
        span = (min(dates), max(dates)) if dates else (None, None)
        rows.append(Mention(sort, value, len(posts), *span))
    return sorted(rows, key=lambda one: (-one.posts, one.kind, one.value))


_MENTIONED = ("code", "sponsor", "affiliate_link")


def rows(creators: Sequence[Creator], tiers: Mapping[str, int] = TIERS) -> Iterator[dict[str, Any]]:
    """One row for each creator, as the table has it; None is what cannot be said.

    Args:
        creators: all of a file: engagement is told beside others of the same tier.
        tiers: name to the number of followers from which it begins.
    """
    of_tier: defaultdict[str | None, list[float]] = defaultdict(list)
    for creator in creators:
        if creator.engagement is not None:
            of_tier[tier_of(creator.followers, tiers)].append(creator.engagement)
    codes = sorted({d.jurisdiction for c in creators for p in c.posts for d in p.row.disclosures})
    for creator in creators:
        yield _row(creator, tiers, of_tier, codes)


def _row(
    creator: Creator,
    tiers: Mapping[str, int],
    of_tier: Mapping[str | None, list[float]],
    jurisdictions: Sequence[str],
) -> dict[str, Any]:
    judged, posts = creator.judged, creator.posts
    n = len(judged)
    dates = creator.dated
    row: dict[str, Any] = {
        "platform": creator.key.platform or None,
        "creator": creator.key.name,
        "posts": len(posts),
        "reposts": creator.n_reposts,
        "posts_judged": n,
        "enough_posts": n >= ENOUGH,
        "share_other_language": _of(sum(p.row.reason_code == "language" for p in posts), posts),
        "share_not_readable": _of(
            sum(p.row.reason_code in ("too_short", "removed") for p in posts), posts
        ),
        "first_post": min(dates).isoformat() if dates else None,
        "last_post": max(dates).isoformat() if dates else None,
    }
    for column, labels in (
        ("style", ("raw", "polished", "unsure")),
        ("promotion", ("none", "self", "third_party", "unsure")),
        ("performative", ("likely", "unlikely", "unsure")),
        ("cause", ("none", "low", "high", "unsure")),
    ):
        row |= {f"{column}_{label}": creator.count(column, label) for label in labels}
    for label in ("self", "third_party"):
        row[f"promotion_{label}_in_context"] = creator.count_in_context(label)
    # A disclosure is read in any language.
    disclosed = sum(post.row.paid == "disclosed" for post in posts)
    paid = [post for post in posts if post.is_paid]
    row |= {
        "paid_disclosed": disclosed,
        "paid_undisclosed": sum(post.is_undisclosed for post in judged),
        "paid_ambiguous": sum(post.is_ambiguous for post in judged),
        "disclosure_rate": disclosed / len(paid) if paid else None,
    }
    for jurisdiction in jurisdictions:
        clear = [said for post in paid if (said := _clear(post, jurisdiction)) is not None]
        row[f"disclosure_rate_{jurisdiction}"] = sum(clear) / len(clear) if clear else None
    for flag in ("polished", "paid", "performative"):
        share = creator.share(flag)
        row |= {
            f"{flag}_posts": len(paid) if flag == "paid" else creator.count(*FLAGGED[flag]),
            f"{flag}_share": share.value if share else None,
            f"{flag}_share_low": share.low if share else None,
            f"{flag}_share_high": share.high if share else None,
        }
    row |= _audience(creator, tiers, of_tier) | _rhythm(dates) | _repeats(creator)
    for flag in ("polished", "paid"):
        row |= _change(creator, flag)
    found = mentions(creator)
    row["brands"] = [_mention(one) for one in found if one.kind == "sponsor"]
    row["codes"] = [_mention(one) for one in found if one.kind != "sponsor"]
    return row


def _of(count: int, posts: Sequence[Any]) -> float | None:
    return count / len(posts) if posts else None


def _clear(post: VettedPost, jurisdiction: str) -> bool | None:
    """Whether a post discloses clearly there; None where it was not judged by its rules."""
    found = [d for d in post.row.disclosures if d.jurisdiction == jurisdiction]
    return found[0].disclosure == "clear" if found else None


def _audience(
    creator: Creator, tiers: Mapping[str, int], of_tier: Mapping[str | None, list[float]]
) -> dict[str, Any]:
    tier = tier_of(creator.followers, tiers)
    own = creator.engagement
    others = of_tier.get(tier, [])
    beside = median(others) if len(others) > 1 else None
    paid, unpaid = (
        median_of(
            engagement(p.likes, p.comments, p.followers)
            for p in creator.judged
            if p.is_paid == wanted
        )
        for wanted in (True, False)
    )
    return {
        "followers": creator.followers,
        "tier": tier,
        "engagement": own,
        "engagement_of_tier": own / beside if own is not None and beside else None,
        "engagement_paid_to_own": paid / unpaid if paid is not None and unpaid else None,
    }


def _rhythm(dates: Sequence[datetime]) -> dict[str, Any]:
    ordered = sorted(dates)
    gaps = [(b - a).total_seconds() / _DAY for a, b in pairwise(ordered)]
    return {
        "days_between_posts": median(gaps) if len(gaps) >= _FEW_GAPS else None,
        "longest_gap_days": max(gaps) if gaps else None,
    }


def _repeats(creator: Creator) -> dict[str, Any]:
    within, across = creator.repeated
    return {
        "share_repeated": _of(within, creator.posts),
        "share_shared_with_others": _of(across, creator.posts),
    }


def _change(creator: Creator, flag: str) -> dict[str, Any]:
    change = creator.changes.get(flag)
    when = None
    if change is not None:
        dated = [post for post in creator.judged if post.posted_at is not None]
        when = dated[change.place].posted_at
    return {
        f"{flag}_changed": when.isoformat() if when else None,
        f"{flag}_before": change.before if change else None,
        f"{flag}_after": change.after if change else None,
        f"{flag}_change_p": change.p if change else None,
    }


def _mention(one: Mention) -> dict[str, Any]:
    return {
        "value": one.value, "kind": one.kind, "posts": one.posts,
        "first": one.first.isoformat() if one.first else None,
        "last": one.last.isoformat() if one.last else None,
    }  # fmt: skip
