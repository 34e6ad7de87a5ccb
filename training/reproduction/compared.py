"""Two runs of one recipe on one data set, row by row and metric by metric."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..tracking.records import IDENTITY, LABELS

_POST = ["split", "source", "source_id"]
_FIGURE = ["split", "axis", "metric", "slice"]
_FIRST = 5
# Families that say the same to the last bit wherever code, libraries and posts are the same.
EXACT = ("rules", "linear")


class Tolerance(NamedTuple):
    """How far a repeated run may be off, where sums are not taken in the same order each time.

    Attributes:
        score: no score differs by more.
        near: a difference that is not worth a word.
        share: of the posts that may have a score that differs by more than ``near``, and of those
            that may have another flag.
        figure: no AUC over all posts of a split differs by more. Other metrics are counted at a
            threshold, and jump where one post passes it.
    """

    score: float
    near: float
    share: float
    figure: float


EQUAL = Tolerance(0.0, 0.0, 0.0, 0.0)
NETWORKS = Tolerance(score=0.02, near=0.001, share=0.02, figure=0.002)


def tolerance_of(family: str) -> Tolerance:
    """What is asked of a run of this family."""
    return EQUAL if family in EXACT else NETWORKS


class Difference(NamedTuple):
    """Where two runs differ.

    Attributes:
        of: a post, or a metric with its split and slice.
        column: the score, or which of value and bounds.
        before: in the run.
        after: in its reproduction.
    """

    of: str
    column: str
    before: float
    after: float

    @property
    def size(self) -> float:
        """Infinite where one of the two has no number."""
        return float(_distance(np.array([self.before]), np.array([self.after]))[0])


@dataclass(frozen=True)
class Comparison:
    """What was found.

    Attributes:
        tolerance: that was asked.
        posts: that both runs have.
        scores: columns of scores.
        posts_off: of which a score differs by more than ``tolerance.near``.
        flags_off: flags that differ.
        largest: of the differences of a score.
        first: posts that differ, in the order of the run, each with its largest difference.
        figures: metrics that both runs have.
        figures_off: those that differ by more than is asked, largest first.
        figures_moved: metrics that differ at all.
        faults: why the runs do not match; empty where they do.
    """

    tolerance: Tolerance
    posts: int
    scores: int
    posts_off: int
    flags_off: int
    largest: Difference | None
    first: tuple[Difference, ...]
    figures: int
    figures_off: tuple[Difference, ...]
    figures_moved: int
    faults: tuple[str, ...]

    @property
    def matches(self) -> bool:
        """Whether the second run gave what the first did."""
        return not self.faults


def compared(
    before: tuple[pd.DataFrame, pd.DataFrame],
    after: tuple[pd.DataFrame, pd.DataFrame],
    tolerance: Tolerance,
) -> Comparison:
    """Compare what two runs stored; the order of rows does not count.

    Args:
        before: predictions and metrics of the run.
        after: those of its reproduction.
        tolerance: see ``tolerance_of``.
    """
    faults: list[str] = []
    left, right = _aligned(before[0], after[0], _POST, "posts", faults)
    known = [c for c in (*IDENTITY, *LABELS) if c in left and c in right and c not in _POST]
    changed = {name: int((~_same(left[name], right[name])).sum()) for name in known}
    faults += [f"{n:,} posts have another {name}" for name, n in changed.items() if n]
    scores = _shared(left, right, [*_POST, *known], faults)
    flags = [name for name in scores if "flag_" in name]
    flags_off = sum(int((~_same(left[name], right[name])).sum()) for name in flags)
    if flags_off > tolerance.share * len(left) * len(flags):
        faults.append(f"{flags_off:,} of {len(left) * len(flags):,} flags differ")
    scores = [name for name in scores if name not in flags]
    found = _score_differences(left, right, scores)
    largest = max(found, key=lambda one: one.size, default=None)
    off = [one for one in found if one.size > tolerance.near]
    if largest is not None and largest.size > tolerance.score:
        faults.append(f"a score differs by {largest.size:.3g}: {largest.column} of {largest.of}")
    if len(off) > tolerance.share * len(left):
        faults.append(f"{len(off):,} of {len(left):,} posts have another score")
    figures, moved = _figures(before[1], after[1], faults)
    judged = [one for one in moved if tolerance == EQUAL or _is_auc(one)]
    figures_off = [one for one in judged if one.size > tolerance.figure]
    if figures_off:
        faults.append(f"{len(figures_off):,} of {figures:,} metrics differ")
    return Comparison(
        tolerance=tolerance, posts=len(left), scores=len(scores), posts_off=len(off),
        flags_off=flags_off, largest=largest, first=tuple(off[:_FIRST]), figures=figures,
        figures_off=tuple(sorted(figures_off, key=lambda one: -one.size)),
        figures_moved=len(moved), faults=tuple(faults),
    )  # fmt: skip


def _aligned(
    before: pd.DataFrame, after: pd.DataFrame, key: list[str], what: str, faults: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows that both have, in the order of the first; ids may repeat."""
    tables = [
        table.assign(_again=table.groupby(key).cumcount()).set_index([*key, "_again"], drop=False)
        for table in (before, after)
    ]
    for table, other, where in (
        (tables[0], tables[1], "run"), (tables[1], tables[0], "reproduction"),
    ):  # fmt: skip
        alone = table.index.difference(other.index)
        if len(alone):
            named = " ".join(map(str, alone[0][:-1]))
            faults.append(f"{len(alone):,} {what} are in the {where} alone, the first: {named}")
    both = tables[0].index[tables[0].index.isin(tables[1].index)]
    kept = [table.loc[both].drop(columns="_again").reset_index(drop=True) for table in tables]
    return kept[0], kept[1]


def _shared(
    left: pd.DataFrame, right: pd.DataFrame, leave: Sequence[str], faults: list[str]
) -> list[str]:
    """Columns that both tables have; one that a single table has is a fault."""
    if alone := sorted(set(left.columns) ^ set(right.columns)):
        faults.append(f"columns that one run has alone: {', '.join(alone)}")
    return [name for name in left.columns if name in right.columns and name not in leave]


def _same(left: pd.Series, right: pd.Series) -> NDArray[np.bool_]:
    return np.asarray((left == right) | (left.isna() & right.isna()), bool)


def _distance(left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Absolute difference; none of two that are missing, infinite where one is."""
    missing = np.isnan(left), np.isnan(right)
    found = np.where(missing[0] ^ missing[1], np.inf, np.abs(left - right))
    return np.where(missing[0] & missing[1], 0.0, found)


def _score_differences(
    left: pd.DataFrame, right: pd.DataFrame, scores: Sequence[str]
) -> list[Difference]:
    """The largest difference of each post that has one, in order."""
    if left.empty or not scores:
        return []
    values = [table[list(scores)].to_numpy(np.float64) for table in (left, right)]
    distance = _distance(*values)
    rows = np.flatnonzero(distance.max(axis=1) > 0)
    columns = distance[rows].argmax(axis=1)
    names = left[_POST].astype(str).agg(" ".join, axis=1)
    return [
        Difference(names.iloc[row], scores[column], *(float(v[row, column]) for v in values))
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    ]


def _figures(
    before: pd.DataFrame, after: pd.DataFrame, faults: list[str]
) -> tuple[int, list[Difference]]:
    """How many metrics both have, and those that differ in value, bounds or counts."""
    left, right = _aligned(before, after, _FIGURE, "metrics", faults)
    return len(left), list(_moved(left, right))


def _moved(left: pd.DataFrame, right: pd.DataFrame) -> Iterator[Difference]:
    for column in ("value", "low", "high", "n", "positives"):
        values = [table[column].to_numpy(np.float64) for table in (left, right)]
        for row in np.flatnonzero(_distance(*values) > 0).tolist():
            named = " ".join(str(left[name].iloc[row]) for name in _FIGURE)
            yield Difference(named, column, *(float(v[row]) for v in values))


def _is_auc(one: Difference) -> bool:
    return one.column == "value" and " auc_" in one.of and one.of.endswith(" all")
