"""Creators joined from labelled posts, with a change at a known place, and real ones shuffled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
from unpolished.inference.vetting.creators import Creator, Key, VettedPost
from unpolished.inference.vetting.vet import with_changes

BEFORE = 0.1
CREATORS, CHANGING = 50, 10
_START = datetime(2024, 1, 1, tzinfo=UTC)


class Pool(NamedTuple):
    """Judged posts by the label of one flag."""

    positive: Sequence[VettedPost]
    negative: Sequence[VettedPost]


class Cell(NamedTuple):
    """What the creators of a file are like.

    Attributes:
        posts: where these are from.
        flag: whose share changes, ``polished`` or ``paid``.
        size: posts a creator has.
        rise: of the share.
        by_label: posts are flagged as they are labelled, and not as the model says.
    """

    posts: str
    flag: str
    size: int
    rise: float
    by_label: bool


class Found(NamedTuple):
    """What was claimed in one file.

    Attributes:
        true: creators that change and of whose share that is claimed.
        false: claims about creators that do not change.
        errors: of true claims, in posts.
    """

    true: int
    false: int
    errors: tuple[int, ...]


Pools = Mapping[tuple[str, str], Pool]


def joined(
    pool: Pool, cell: Cell, rng: np.random.Generator, name: str
) -> list[tuple[Creator, int]]:
    """The creators of a file, each with the place of its change; 0 of those that do not change."""
    return [
        _joined(pool, cell, rng, Key("", f"{name} {i}"), changes=i < CHANGING)
        for i in range(CREATORS)
    ]


def _joined(
    pool: Pool, cell: Cell, rng: np.random.Generator, key: Key, *, changes: bool
) -> tuple[Creator, int]:
    n = cell.size
    place = int(rng.integers(n // 4, 3 * n // 4 + 1)) if changes else 0
    share = np.where(np.arange(n) >= place, BEFORE + cell.rise * changes, BEFORE)
    drawn = [iter(rng.permutation(len(some)).tolist()) for some in pool]
    posts = []
    for day, positive in enumerate((rng.random(n) < share).tolist()):
        post = pool[not positive][next(drawn[not positive])]
        if cell.by_label:
            post = post._replace(row=post.row.model_copy(update=_said(cell.flag, positive)))
        posts.append(post._replace(posted_at=_START + timedelta(days=day)))
    return Creator(key, tuple(posts), 0, {}), place


def _said(flag: str, positive: bool) -> dict[str, str]:
    if flag == "polished":
        return {"style": "polished" if positive else "raw"}
    return {"paid": "likely" if positive else "unlikely"}


def found_in(creators: Sequence[tuple[Creator, int]], flag: str) -> Found:
    """Claims in a file; of a creator that changes, the other share may change with it."""
    true, false, errors = 0, 0, []
    with_claims = with_changes([creator for creator, _ in creators])
    for (_, place), creator in zip(creators, with_claims, strict=True):
        if not place:
            false += len(creator.changes)
        elif (change := creator.changes.get(flag)) is not None:
            true += 1
            errors.append(abs(change.place - place))
    return Found(true, false, tuple(errors))


def shuffled(creators: Sequence[Creator], rng: np.random.Generator, name: str) -> list[Creator]:
    """Creators with their judged posts in random order, at the same moments."""
    found = []
    for i, creator in enumerate(creators):
        posts = [post for post in creator.judged if post.posted_at is not None]
        moments = [post.posted_at for post in posts]
        order = rng.permutation(len(posts)).tolist()
        moved = [posts[j]._replace(posted_at=at) for j, at in zip(order, moments, strict=True)]
        # The name is the seed of the test's own shuffles.
        found.append(replace(creator, key=Key("", f"{name} {i}"), posts=tuple(moved)))
    return found
