"""The report: one page of HTML that needs nothing else, with the posts behind its numbers."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ...data.values.safe import safe
from ...models.author_stage import ENOUGH as ENOUGH_POSTS
from ...version import __version__
from .creators import Creator, VettedPost
from .evidence import Claim
from .in_context import InContext
from .rates import ENOUGH
from .render_brief import brief_section, of_creators
from .rules import Hit
from .since import Moved
from .vet import Vetting

_HERE = Path(__file__).parent
# Of a creator; all claims are in the evidence.
_SHOWN_POSTS = 30
_SHOWN_MOVED = 200
_BAR_HEIGHT = 56
_BAR_WIDTH = 8
_SHARES = ("polished", "paid", "performative")
COLUMNS = (
    ("creator", "text"), ("platform", "text"), ("posts", "number"), ("followers", "number"),
    *((f"{flag} (estimate)", "number") for flag in _SHARES),
    ("high commitment", "number"), ("paid, undisclosed", "number"),
    ("of paid, disclosed", "number"), ("rules", "text"),
    ("changed", "text"),
)  # fmt: skip


class Part(NamedTuple):
    """A stretch of a post, marked or not."""

    text: str
    mark: str


def report(vetting: Vetting, title: str = "Creators, as their posts read") -> str:
    """The page.

    Args:
        vetting: of creators.
        title: of the page.

    Raises:
        ImportError: the extra ``vet`` is not installed.
    """
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError as error:
        raise ImportError(f"{error}: pip install 'unpolished[vet]'") from error
    environment = Environment(
        autoescape=True, loader=FileSystemLoader(_HERE), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    style, script = ((_HERE / name).read_text("utf-8") for name in ("report.css", "report.js"))
    claims: defaultdict[tuple[str | None, str], list[Claim]] = defaultdict(list)
    for claim in vetting.claims:
        claims[claim.platform, claim.creator].append(claim)
    fits = of_creators(vetting.fits)
    return environment.get_template("report.html.jinja").render(
        title=title, vetting=vetting, moved=[*map(_moved, (vetting.moved or [])[:_SHOWN_MOVED])],
        model=safe(vetting.model), enough=ENOUGH, columns=COLUMNS, version=__version__,
        brief=brief_section(vetting.points, vetting.fits, vetting.creators),
        enough_context=ENOUGH_POSTS,
        creators=[
            _creator(
                creator,
                row,
                claims[creator.key.platform or None, creator.key.name],
                vetting.hits.get(creator.key, ()),
            )
            | {"brief": fits.get(creator.key)}
            for creator, row in zip(vetting.creators, vetting.rows, strict=True)
        ],
        # The page runs and shows these and nothing else, whatever a post holds.
        style=_Trusted(style), style_sha256=_sha256(style),
        script=_Trusted(script), script_sha256=_sha256(script),
    )  # fmt: skip


class _Trusted(str):
    """Our own style and script, which are not escaped."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _moved(one: Moved) -> str:
    who = f"{one.creator} ({one.platform})" if one.platform else one.creator
    if one.what in ("new", "gone"):
        return safe(f"{who}: {one.what}")
    before, after = ("–" if value is None else value for value in (one.before, one.after))
    return safe(f"{who}: {one.what.replace('_', ' ')} {before} before, {after} now")


def _creator(
    creator: Creator, row: Mapping[str, Any], claims: Sequence[Claim], hits: Sequence[Hit]
) -> dict[str, Any]:
    by_post: defaultdict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        by_post[claim.post_id, claim.text_sha256].append(claim)
    claimed = [
        (post, context)
        for post, context in creator.beside_others()
        if (post.id, post.sha256) in by_post
    ]
    return {
        "name": safe(creator.key.name),
        "row": row,
        "platform": safe(row["platform"]) if row["platform"] else None,
        "tier": safe(row["tier"]) if row["tier"] else None,
        "disclosed": f"{row['paid_disclosed']} of {row['paid_posts']}",
        "shares": [{"value": row[f"{flag}_share"], "text": _share(row, flag)} for flag in _SHARES],
        "hits": [
            {"action": hit.action, "rule": safe(hit.rule), "posts": [*map(safe, hit.posts)]}
            for hit in hits
        ],
        "rules": ", ".join(sorted({hit.action for hit in hits})),
        "changed": ", ".join(flag for flag in creator.changes),
        "changes": list(_changes(creator, row)),
        "bars": _bars(creator),
        "facts": list(_facts(row)),
        "n_claimed": len(claimed),
        "posts": [
            _post(post, by_post[post.id, post.sha256], context)
            for post, context in claimed[:_SHOWN_POSTS]
        ],
    }


def _share(row: Mapping[str, Any], flag: str) -> str:
    """The estimate, and how many posts were flagged."""
    raw = f"{row[f'{flag}_posts']} of {row['posts_judged']}"
    value = row[f"{flag}_share"]
    if value is None:
        return raw if row["enough_posts"] else f"too few ({raw})"
    low, high = row[f"{flag}_share_low"], row[f"{flag}_share_high"]
    return f"{value:.0%} [{low:.0%}, {high:.0%}], {raw}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _changes(creator: Creator, row: Mapping[str, Any]) -> Iterator[str]:
    for flag, change in creator.changes.items():
        yield (
            f"Of the posts before {row[f'{flag}_changed'][:10]}, {change.before:.0%} read as "
            f"{flag}, of those since, {change.after:.0%} (adjusted p = {change.p:.3f})."
        )


def _facts(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is said of a creator beside the table, each with its name."""
    yield "raw, polished, unsure", _counts(row, "style", ("raw", "polished", "unsure"))
    yield (
        "paid: disclosed, undisclosed, ambiguous",
        ", ".join(str(row[f"paid_{kind}"]) for kind in ("disclosed", "undisclosed", "ambiguous")),
    )
    yield (
        "promotes nothing, own, others', unsure",
        _counts(row, "promotion", ("none", "self", "third_party", "unsure")),
    )
    if row["promotion_self_in_context"] is not None:
        yield (
            "own, others', beside the other posts",
            _counts(row, "promotion", ("self_in_context", "third_party_in_context")),
        )
    yield (
        "commitment to a cause: none, low, high, unsure",
        _counts(row, "cause", ("none", "low", "high", "unsure")),
    )
    for name, value in row.items():
        if name.startswith("disclosure_rate_"):
            code = name.removeprefix("disclosure_rate_").upper()
            yield f"of paid, clearly disclosed ({code})", _percent(value)
    yield "another language", _percent(row["share_other_language"])
    yield "not readable", _percent(row["share_not_readable"])
    if row["engagement"] is not None:
        yield "likes and comments a follower", f"{row['engagement']:.1%}"
    if row["engagement_of_tier"] is not None:
        yield "of the median of the tier", f"{row['engagement_of_tier']:.1f} times"
    if row["engagement_paid_to_own"] is not None:
        yield "paid beside other posts", f"{row['engagement_paid_to_own']:.1f} times"
    if row["days_between_posts"] is not None:
        yield "days between posts", f"{row['days_between_posts']:.1f}"
    yield "captions that repeat", _percent(row["share_repeated"])
    yield "captions that others have, too", _percent(row["share_shared_with_others"])
    for kind in ("brands", "codes"):
        if row[kind]:
            yield kind, ", ".join(safe(f"{one['value']} ({one['posts']})") for one in row[kind][:8])


def _counts(row: Mapping[str, Any], column: str, labels: Sequence[str]) -> str:
    return ", ".join(str(row[f"{column}_{label}"]) for label in labels)


def _bars(creator: Creator) -> dict[str, Any] | None:
    """Posts by month, with those that are polished and those that are paid."""
    months: Counter[str] = Counter()
    polished: Counter[str] = Counter()
    paid: Counter[str] = Counter()
    for post in creator.posts:
        if post.posted_at is not None:
            month = f"{post.posted_at.year:04}-{post.posted_at.month:02}"
            months[month] += 1
            polished[month] += post.row.style == "polished"
            paid[month] += post.is_paid
    if len(months) < 2:
        return None
    every = list(_months(min(months), max(months)))
    most = max(months.values())

    def height(n: int) -> int:
        return round(_BAR_HEIGHT * n / most)

    bars = [
        {
            "x": place * _BAR_WIDTH, "all": height(months[month]),
            "polished": height(polished[month]), "paid": height(paid[month]),
        }
        for place, month in enumerate(every)
    ]  # fmt: skip
    label = f"Posts by month, {every[0]} to {every[-1]}, at most {most} a month"
    told = "; ".join(
        f"{month}: {months[month]} posts, {polished[month]} polished, {paid[month]} paid"
        for month in every
        if months[month]
    )
    return {"bars": bars, "width": len(every) * _BAR_WIDTH, "label": label, "told": told}


def _months(first: str, last: str) -> Iterator[str]:
    year, month = map(int, first.split("-"))
    while f"{year:04}-{month:02}" <= last:
        yield f"{year:04}-{month:02}"
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _post(post: VettedPost, claims: Sequence[Claim], context: InContext) -> dict[str, Any]:
    labels = ", ".join(
        f"{axis} {label}"
        for axis in ("style", "paid", "promotion", "performative", "disclosure")
        if (label := getattr(post.row, axis)) is not None
    )
    return {
        "id": safe(post.id), "url": safe(post.url) if post.url else None,
        "date": post.posted_at.date().isoformat() if post.posted_at else None,
        "labels": labels, "parts": parts_of(post), "context": _context(context),
        "claims": [
            c.model_copy(update={"note": safe(c.note) if c.note else None}) for c in claims
        ],
    }  # fmt: skip


def _context(context: InContext) -> str | None:
    """What the creator's other posts tell: of whose product, and which names come again."""
    said = context.why
    if context.whose is not None:
        whose = "own promotion" if context.whose == "self" else "a deal"
        told = f"{whose} (probability of a deal {context.third_party:.2f})"
        said = f"{told}; {said}" if said else told
    return safe(said) if said else None


def parts_of(post: VettedPost) -> list[Part]:
    """A post cut where marks begin and end: words that disclose, and reasons of its flags."""
    marks = [""] * len(post.text)
    for reason in post.row.reasons:
        if reason.weight > 0:
            marks[reason.start : reason.end] = [reason.flag] * (reason.end - reason.start)
    for term in post.row.disclosure_terms:
        marks[term.start : term.end] = ["disclosure"] * (term.end - term.start)
    parts: list[Part] = []
    start = 0
    for place in range(1, len(marks) + 1):
        if place == len(marks) or marks[place] != marks[start]:
            parts.append(Part(safe(post.text[start:place]), marks[start]))
            start = place
    return parts
