"""Kinds of posts that a run does worse on than on others, found among all of one or two features.

Hundreds are tried, so some look bad by chance. The test flips the sign of what each group of
authors adds to the difference, in all kinds at once, and asks how often the largest difference of
any kind is as large (a single-step max-T test, Westfall and Young 1993, section 2.5, on the sign
flips of groups). It holds whatever the kinds have in common, keeps posts of one author together,
and errs on the side of silence where losses are skewed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..evaluation.bootstrap import Interval, group_weights, interval
from .losses import Losses

MIN_POSTS, MIN_GROUPS, LEVEL = 30, 10, 0.05
_FLIPS, _AT_ONCE = 4999, 500
Kind = tuple[tuple[str, str], ...]


class Slice(NamedTuple):
    """Posts of one kind.

    Attributes:
        kind: one or two features, each with its value.
        n: posts.
        groups: of authors.
        loss: mean.
        wrong: share that is given the opposite label.
        difference: of the mean excess loss from that of all other posts.
    """

    kind: Kind
    n: int
    groups: int
    loss: float
    wrong: float
    difference: float


class WorseSlice(NamedTuple):
    """A kind that a run does worse on.

    Attributes:
        found: its figures.
        loss_elsewhere: mean loss of all other posts.
        interval: 95 % of the difference, resampling groups.
        p: corrected for all that was tried.
        rows: positions of its posts among those of the question.
    """

    found: Slice
    loss_elsewhere: float
    interval: Interval
    p: float
    rows: NDArray[np.intp]


class Candidates(NamedTuple):
    """What is tried for one question.

    Attributes:
        kinds: in order.
        members: which posts are of each, shape (n_kinds, n).
    """

    kinds: list[Kind]
    members: NDArray[np.bool_]


def candidates(features: pd.DataFrame, groups: NDArray[np.str_]) -> Candidates:
    """Kinds of one feature and of two, of enough posts by enough authors, each set of posts once.

    Args:
        features: of the posts of one question, see ``features.features``.
        groups: of authors, shape (n,).
    """
    single = {
        (str(name), str(value)): (features[name] == value).to_numpy(bool)
        for name in features
        for value in sorted(set(features[name]) - {None})
    }
    single = {key: rows for key, rows in single.items() if _enough(rows, groups)}
    kinds: dict[bytes, tuple[Kind, NDArray[np.bool_]]] = {}
    for key, rows in single.items():
        kinds.setdefault(np.packbits(rows).tobytes(), ((key,), rows))
    for (a, first), (b, second) in combinations(single.items(), 2):
        rows = first & second
        if a[0] != b[0] and _enough(rows, groups):
            kinds.setdefault(np.packbits(rows).tobytes(), ((a, b), rows))
    found = list(kinds.values())
    members = np.array([rows for _, rows in found], bool).reshape(len(found), len(features))
    return Candidates([kind for kind, _ in found], members)


def _enough(rows: NDArray[np.bool_], groups: NDArray[np.str_]) -> bool:
    n = int(rows.sum())
    if n < MIN_POSTS or len(rows) - n < MIN_POSTS:
        return False
    return len(np.unique(groups[rows])) >= MIN_GROUPS


def figures(of: Losses, kind: Kind, rows: NDArray[np.bool_], groups: NDArray[np.str_]) -> Slice:
    """Figures of one kind."""
    return Slice(
        kind, int(rows.sum()), len(np.unique(groups[rows])), float(of.loss[rows].mean()),
        float(of.wrong[rows].mean()),
        float(of.excess[rows].mean() - of.excess[~rows].mean()) if not rows.all() else 0.0,
    )  # fmt: skip


def worse_slices(
    questions: Sequence[tuple[Losses, Candidates, NDArray[np.str_]]], *, seed: int = 0
) -> list[list[WorseSlice]]:
    """Kinds that are worse beyond chance, of each question, the surest first.

    Of kinds of two features, those are left out that are no worse than one of the two alone.

    Args:
        questions: losses, what is tried, and the group of each post.
        seed: of the sign flips.
    """
    names = np.unique(
        np.concatenate([np.array([], np.str_), *(groups for *_, groups in questions)])
    )
    parts = [
        _contributions(of.excess, tried.members, np.searchsorted(names, groups), len(names))
        for of, tried, groups in questions
    ]
    ps = _corrected(parts, np.random.default_rng(seed))
    return [
        list(_worse(of, tried, groups, p, part))
        for (of, tried, groups), p, part in zip(questions, ps, parts, strict=True)
    ]


def _contributions(
    excess: NDArray[np.float64], members: NDArray[np.bool_], group: NDArray[np.intp], n_groups: int
) -> NDArray[np.float64]:
    """What each group adds to each difference, over its standard error: shape (n_groups, n_kinds).

    Columns sum to the statistic, and their squares to 1, whatever the signs.
    """
    if not len(members):
        return np.zeros((n_groups, 0))
    inside = members / members.sum(axis=1, keepdims=True)
    outside = ~members / (~members).sum(axis=1, keepdims=True)
    shares = (inside - outside) * (excess - excess.mean())
    found = np.zeros((n_groups, len(members)))
    np.add.at(found, group, shares.T)
    spread = np.sqrt((found**2).sum(axis=0))
    return np.asarray(found / np.where(spread > 0, spread, np.inf))


def _corrected(
    parts: Sequence[NDArray[np.float64]], generator: np.random.Generator
) -> list[NDArray[np.float64]]:
    """Corrected p-values of each question's kinds."""
    every = np.concatenate(parts, axis=1) if parts else np.zeros((0, 0))
    if not every.shape[1]:
        return [np.ones(part.shape[1]) for part in parts]
    statistics, small = every.sum(axis=0), every.astype(np.float32)
    highest = np.concatenate([
        (generator.choice(np.array([-1, 1], np.float32), (n, len(small))) @ small).max(axis=1)
        for n in _portions(_FLIPS)
    ])  # fmt: skip
    # Equal ones count as at least as large, up to rounding.
    as_large = (highest[:, None] >= statistics - 1e-5).sum(axis=0)
    p = (1 + as_large) / (1 + _FLIPS)
    return np.split(p, np.cumsum([part.shape[1] for part in parts])[:-1])


def _portions(n: int) -> Iterator[int]:
    while n > 0:
        yield min(n, _AT_ONCE)
        n -= _AT_ONCE


def _worse(
    of: Losses, tried: Candidates, groups: NDArray[np.str_], p: NDArray[np.float64],
    part: NDArray[np.float64],
) -> Iterator[WorseSlice]:  # fmt: skip
    sure = [i for i in np.argsort(-part.sum(axis=0), kind="stable").tolist() if p[i] <= LEVEL]
    if not sure:
        return
    single = {
        kind[0]: figures(of, kind, rows, groups).difference
        for kind, rows in zip(tried.kinds, tried.members, strict=True)
        if len(kind) == 1
    }
    weights = group_weights(groups)
    for i in sure:
        rows = tried.members[i]
        found = figures(of, tried.kinds[i], rows, groups)
        if len(found.kind) > 1 and any(
            single.get(key, -np.inf) >= found.difference for key in found.kind
        ):
            continue
        draws = _means(weights, of.excess, rows) - _means(weights, of.excess, ~rows)
        yield WorseSlice(
            found, float(of.loss[~rows].mean()), interval(draws, found.difference), float(p[i]),
            np.flatnonzero(rows),
        )  # fmt: skip


def _means(
    weights: NDArray[np.float64], values: NDArray[np.float64], rows: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Mean over some rows of each draw, NaN where none is drawn: shape (repeats,)."""
    total = weights[:, rows].sum(axis=1)
    sums = weights[:, rows] @ values[rows]
    return np.asarray(np.divide(sums, total, out=np.full(len(total), np.nan), where=total > 0))
