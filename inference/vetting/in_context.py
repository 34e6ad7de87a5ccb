"""A creator's posts beside one another: what of each comes again, and whose product it promotes.

A stage of its own after scoring. It changes no label of a post, and a disclosure stays one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from ...data.text.mentioned import mentioned
from ...models.author_context import KnownPost, Recurring, features, recurring
from ...models.author_stage import PROMOTES, AuthorStage, Whose

if TYPE_CHECKING:
    from .creators import VettedPost

_SHOWN_NAMES = 3


class InContext(NamedTuple):
    """A post beside the creator's others.

    Attributes:
        whose: product it promotes; None where the stage does not say: too few posts, one that
            promotes nothing, that discloses or that the model could not read.
        third_party: probability that it is a third party's; None where ``whose`` is.
        names: in it, with how often they come in the creator's posts.
    """

    whose: Whose | None = None
    third_party: float | None = None
    names: tuple[Recurring, ...] = ()

    @property
    def why(self) -> str | None:
        """The names in words, those that say most first; None where the post names nobody."""
        return "; ".join(map(_told, self.names[:_SHOWN_NAMES])) or None


def in_context(posts: Sequence[VettedPost], stage: AuthorStage) -> tuple[InContext, ...]:
    """Each post of one creator beside the others, in their order.

    Args:
        posts: of the creator; those that the model could not read are nobody's context.
        stage: fitted.
    """
    readable = [
        place
        for place, post in enumerate(posts)
        if post.judged and post.row.p_paid is not None and post.row.p_self is not None
    ]
    known = [_known(posts[place]) for place in readable]
    found = [InContext()] * len(posts)
    if not known:
        return tuple(found)
    probabilities = stage.third_party(features(known)).tolist()
    enough = len(known) >= stage.enough_posts
    for place, names, probability in zip(readable, recurring(known), probabilities, strict=True):
        if enough and _promotes(posts[place]):
            found[place] = InContext(stage.whose(probability), round(probability, 6), names)
        else:
            found[place] = InContext(names=names)
    return tuple(found)


def _known(post: VettedPost) -> KnownPost:
    row = post.row
    return KnownPost(
        mentioned(post.text, post.author, row.signals),
        row.p_paid or 0.0,
        row.p_self or 0.0,
        post.posted_at,
    )


def _promotes(post: VettedPost) -> bool:
    row = post.row
    if row.paid == "disclosed" or row.disclosure == "clear":
        return False
    if row.promotion == "unsure":
        return (row.p_paid or 0.0) + (row.p_self or 0.0) >= PROMOTES
    return row.promotion in ("third_party", "self")


def _told(one: Recurring) -> str:
    times = "once" if one.posts == 1 else f"in {one.posts} of {one.of} posts"
    if one.posts > 1 and one.first and one.last:
        times += f", {_day(one.first)} to {_day(one.last)}"
    if one.standing == "own_name":
        return f"{one.said} names the author, {times}"
    return f"{one.said} {times}" + (f", with code {one.code}" if one.code else "")


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
