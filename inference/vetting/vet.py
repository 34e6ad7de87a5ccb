"""Vet creators: their posts scored, counted together, and the evidence for each claim."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import count, islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from ...data.errors import InputError, Reject
from ...data.io.fields.columns import plain
from ...data.io.fields.find import Fields
from ...data.io.read import Item, items_of
from ...data.posts import Post
from ...data.text.repair.repair import repair
from ...models.author_stage import shipped_stage
from ...models.base import HIGH, PROBABILITIES
from ...models.pipeline import Pipeline
from ...models.scored_post import ScoredPost
from ..batch.inputs import find_inputs
from ..options import Options
from ..row_scorer import WINDOW, RowScorer
from .brief import Point, read_brief
from .creators import Creator, Key, VettedPost, by_creator, rows
from .drift import LEVEL, Change, adjusted, largest_change, seed_of
from .evidence import Claim, claims_of, read_decisions, with_decisions
from .fit import Comparison, Fit
from .in_context import in_context
from .rates import rates_of
from .repeats import repeated
from .rules import Hit, hits, read_rules
from .since import Moved, moved, read_earlier
from .tiers import TIERS

OnProgress = Callable[[int], None]
# Ids of channels and accounts, in which a letter's case counts.
_ID = re.compile(r"[\w:-]{20,}$", re.ASCII)
_EARLIEST, _LATEST = 1990, 2100
# Flags whose change over time is looked for.
_CHANGING = ("polished", "paid")


class Given(NamedTuple):
    """Files that a vetting takes in beside the posts.

    Attributes:
        decisions: claims that somebody has decided on.
        rules: of the user's own, see ``rules.Rule``.
        since: the folder of an earlier report.
        brief: what is looked for, a point on each line, see ``brief.read_brief``.
    """

    decisions: Path | None = None
    rules: Path | None = None
    since: Path | None = None
    brief: Path | None = None


_NOTHING = Given()


@dataclass
class Vetting:
    """What the posts of creators tell.

    Attributes:
        creators: in the order of their names.
        claims: about their posts.
        posts: records that were read.
        without_author: posts that no creator could be found for.
        repeated: records of a post that was read before, which count no more.
        rejected: records that are no posts, by reason code.
        read_as: what files were read as.
        model: name of the model.
        undated: whether no post has a date, so that no change could be looked for.
        tiers: that creators were put into.
        hits: rules of the user's own that creators meet.
        moved: what changed since an earlier report; None where none was given.
        points: of the brief.
        fits: how near creators are to them, nearest first; None where no brief was given.
    """

    creators: list[Creator]
    claims: list[Claim]
    posts: int = 0
    without_author: int = 0
    repeated: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    read_as: dict[str, int] = field(default_factory=dict)
    model: str = ""
    undated: bool = False
    tiers: Mapping[str, int] = field(default_factory=lambda: TIERS)
    hits: Mapping[Key, tuple[Hit, ...]] = field(default_factory=dict)
    moved: list[Moved] | None = None
    points: tuple[Point, ...] = ()
    fits: list[Fit] | None = None

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """One for each creator, as the table has it."""
        table = list(rows(self.creators, self.tiers))
        for creator, row in zip(self.creators, table, strict=True):
            row["posts_by_fold_models"] = self.by_fold_models(creator)
            for action in ("stop", "watch"):
                found = [hit for hit in self.hits.get(creator.key, ()) if hit.action == action]
                row[f"rules_{action}"] = [
                    {"rule": hit.rule, "posts": list(hit.posts)} for hit in found
                ]
        return table

    def by_fold_models(self, creator: Creator) -> int:
        """Posts that a fold model scored: the model had seen them, or others by their author."""
        return sum(
            post.row.model is not None and post.row.model.name != self.model
            for post in creator.posts
        )

    @cached_property
    def all_by_fold_models(self) -> int:
        """As ``by_fold_models``, of all creators."""
        return sum(map(self.by_fold_models, self.creators))


def vet_file(
    pipeline: Pipeline,
    source: str | Path | BinaryIO,
    options: Options | None = None,
    *,
    files: Given = _NOTHING,
    tiers: Mapping[str, int] = TIERS,
    on_progress: OnProgress = lambda _: None,
) -> Vetting:
    """Vet the creators of a file, a folder, a glob or a stream; see ``vet``.

    Raises:
        InputError: unusable input, no author anywhere, or decisions that do not fit the posts.
    """
    options = options or Options()
    inputs = find_inputs(source, options.input_format)
    fields = Fields(options.columns, options.source, options.sheet, exports=True)
    found = _vetted(pipeline, inputs.items(fields), options, files, tiers, on_progress)
    found.read_as = dict(fields.export.read_as)
    return found


def vet(
    posts: Iterable[Mapping[str, Any]],
    pipeline: Pipeline | None = None,
    options: Options | None = None,
    *,
    files: Given = _NOTHING,
    tiers: Mapping[str, int] = TIERS,
) -> Vetting:
    """Vet the creators of posts.

    Args:
        posts: with their ``author``, and where they are known ``platform``, ``posted_at``,
            ``followers``, ``likes``, ``comments`` and ``url``.
        pipeline: a loaded model, with fold models or not (``models.fold_models``); default the
            one that is shipped.
        options: of these, jurisdictions, and which columns hold the fields.
        files: decisions, rules, an earlier report, and a brief.
        tiers: name to the number of followers from which it begins.

    Raises:
        InputError: no author anywhere, or decisions that do not fit the posts.
    """
    options = options or Options()
    fields = Fields(options.columns)
    items = items_of(enumerate(posts, 1), Post, fields, count(1))
    loaded = pipeline or Pipeline.load(None, options.runtime)
    return _vetted(loaded, items, options, files, tiers, lambda _: None)


def _vetted(
    pipeline: Pipeline,
    items: Iterator[Item[Post]],
    options: Options,
    files: Given,
    tiers: Mapping[str, int],
    on_progress: OnProgress,
) -> Vetting:
    # What is at fault in these is said before posts are scored.
    decided = {} if files.decisions is None else read_decisions(files.decisions)
    rules = [] if files.rules is None else read_rules(files.rules)
    earlier = None if files.since is None else read_earlier(files.since)
    comparison = None if files.brief is None else _comparison(pipeline, files.brief)
    found = Vetting([], [], model=pipeline.info.name, tiers=tiers)
    posts = _once(_scored(pipeline, items, options, found, on_progress, comparison), found)
    if not posts:
        if found.without_author:
            raise InputError(
                "no post names its author, so there is nobody to vet; say which column does with "
                "--map author=COLUMN"
            )
        raise InputError("there are no posts to vet")
    creators = by_creator(posts, rates_of(pipeline.info))
    times = repeated(creators)
    stage = shipped_stage()
    creators = [
        replace(
            one,
            repeated=times.get(one.key, (0, 0)),
            in_context=in_context(one.posts, stage),
        )
        for one in creators
    ]
    found.undated = not any(creator.dated for creator in creators)
    found.creators = with_changes(creators)
    claims = list({claim.claim: claim for claim in claims_of(found.creators)}.values())
    found.claims = with_decisions(claims, decided, files.decisions or Path())
    texts = {post.sha256: post.text for c in found.creators for post in c.posts} if rules else {}
    found.hits = hits(rules, found.claims, texts)
    found.moved = None if earlier is None else list(moved(earlier, found.rows))
    if comparison is not None:
        found.points, found.fits = comparison.points, comparison.fits(found.creators)
    return found


def _comparison(pipeline: Pipeline, brief: Path) -> Comparison:
    if PROBABILITIES[HIGH] not in pipeline.info.thresholds.told:
        raise InputError(
            f"{brief}: model {pipeline.info.name} does not tell which posts show high commitment, "
            "by which creators are compared with a brief; take another --model"
        )
    return Comparison(read_brief(brief))


def _scored(
    pipeline: Pipeline,
    items: Iterator[Item[Post]],
    options: Options,
    found: Vetting,
    on_progress: OnProgress,
    comparison: Comparison | None,
) -> Iterator[tuple[Key, bool, VettedPost]]:
    """Posts with their creators; what has none, or is no post, is counted."""
    scorer = RowScorer(pipeline, options)
    while window := list(islice(items, WINDOW)):
        found.posts += len(window)
        named: list[Post] = []
        for item in window:
            if isinstance(item.found, Reject):
                found.rejected[item.found.code] = found.rejected.get(item.found.code, 0) + 1
            elif not _key(item.found).name:
                found.without_author += 1
            else:
                named.append(item.found)
        vetted = []
        for post, row in zip(named, scorer.rows(named), strict=True):
            if row.error is not None:
                found.rejected["model"] = found.rejected.get("model", 0) + 1
                continue
            vetted.append((_key(post), post.repost_of is not None, _vetted_post(post, row)))
        if comparison is not None:
            comparison.add(post for _, is_repost, post in vetted if not is_repost)
        yield from vetted
        on_progress(found.posts)


def _once(
    posts: Iterator[tuple[Key, bool, VettedPost]], found: Vetting
) -> list[tuple[Key, bool, VettedPost]]:
    """Each post once: exports overlap. Two texts under one id are two posts."""
    seen: set[tuple[Key, str, str]] = set()
    kept = []
    for key, is_repost, post in posts:
        name = (key, post.id, post.sha256)
        if name in seen:
            found.repeated += 1
            continue
        seen.add(name)
        kept.append((key, is_repost, post))
    return kept


def _key(post: Post) -> Key:
    # Handles are the same in any case, with the sign before them or without; ids are not.
    name = str(plain((post.author or "").strip().lstrip("@").strip()))
    platform = str(plain((post.platform or "").strip().casefold()))
    return Key(platform, name if _ID.match(name) else name.casefold())


def _vetted_post(post: Post, row: ScoredPost) -> VettedPost:
    return VettedPost(
        post.row_id, post.url, repair(post.text).text, _utc(post.posted_at), post.followers,
        post.likes, post.comments, row, post.author,
    )  # fmt: skip


def _utc(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    # What stands for no date at all would stretch a span over centuries.
    if not _EARLIEST <= moment.year <= _LATEST:
        return None
    # Of a time without a zone only the day is of use, which UTC shifts by less than one.
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def with_changes(creators: Sequence[Creator]) -> list[Creator]:
    """Creators with those changes that stand out over all of them."""
    found: dict[str, tuple[Key, str, Change]] = {}
    for creator in creators:
        dated = [post for post in creator.judged if post.posted_at is not None]
        for flag in _CHANGING:
            flags = [
                post.is_paid if flag == "paid" else post.row.style == "polished" for post in dated
            ]
            name = "\t".join((*creator.key, flag))
            moments = [post.posted_at for post in dated]
            if (change := largest_change(flags, seed_of(name), moments)) is not None:
                found[name] = creator.key, flag, change
    p_values = adjusted({name: change.p for name, (_, _, change) in found.items()})
    changes: dict[Key, dict[str, Change]] = {}
    for name, (key, flag, change) in found.items():
        if p_values[name] <= LEVEL:
            changes.setdefault(key, {})[flag] = change._replace(p=p_values[name])
    return [replace(one, changes=changes.get(one.key, {})) for one in creators]
