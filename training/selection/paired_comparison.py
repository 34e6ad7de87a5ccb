"""Named runs held against one of them on the same posts, or the reason why they cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..evaluation.bootstrap import REPEATS
from ..evaluation.compared import ALL, PAIRED_METRICS, Compared, compare_tables
from ..evaluation.judged import JUDGED_NAMES
from ..reports.comparison import Comparison
from ..reports.metric_names import METRIC_NAMES
from ..tracking.records import evaluation_sha256
from ..tracking.runs import STATUS, FinishedRun, finished_runs, load_table
from .compare import ComparisonError, is_smoke_test
from .distinct_names import run_names, shared_changes
from .same_posts import common_posts, measured, same_posts, what_differs

SEED = 0
Progress = Callable[[Sequence[Any], str], Iterator[Any]]


def _no_progress(steps: Sequence[Any], what: str) -> Iterator[Any]:
    del what
    return iter(steps)


@dataclass(frozen=True)
class Question:
    """How runs are compared.

    Attributes:
        metric: a key of ``PAIRED_METRICS``.
        split: ``train``, where choices are made, or ``gold``.
        axes: names of questions; none for all.
        common: where posts, labels or folds differ, compare the posts that all runs hold.
        repeats: number of bootstrap draws.
    """

    metric: str = "auc_within"
    split: str = "train"
    axes: tuple[str, ...] = ()
    common: bool = False
    repeats: int = REPEATS

    def __post_init__(self) -> None:
        if unknown := [axis for axis in self.axes if axis not in JUDGED_NAMES]:
            raise ValueError(f"axis {unknown[0]!r}: choose among {', '.join(JUDGED_NAMES)}")
        if self.metric not in PAIRED_METRICS:
            raise ValueError(f"metric {self.metric!r}: choose among {', '.join(PAIRED_METRICS)}")


def compare_runs(
    ids: Sequence[str],
    question: Question | None = None,
    *,
    against: str | None = None,
    progress: Progress = _no_progress,
) -> tuple[Comparison, str]:
    """Compare runs with one of them.

    Args:
        ids: of completed runs, or how these begin.
        question: how; None takes the defaults.
        against: the run that the others are compared with; None takes the first.
        progress: wraps the loops over runs and over parts of the draws.

    Returns:
        What was found, and the hash of the posts and labels that it was found on.

    Raises:
        ComparisonError: the runs were not measured on the same posts, labels and folds; the message
            says what differs.
        ValueError: a run is unknown, not completed, a smoke test, or without predictions; or none
            of the questions can be answered.
    """
    asked = question or Question()
    runs = chosen_runs(ids, against)
    names = run_names(runs)
    read = [
        measured(run, name, load_table(run.run_id, "predictions.parquet"), asked.split)
        for run, name in progress(list(zip(runs, names, strict=True)), "reading runs")
    ]
    differs = list(what_differs(read))
    if differs and not asked.common:
        listed = "".join(f"\n  {sentence}" for sentence in differs)
        raise ComparisonError(
            f"these runs were not measured on the same posts, labels and folds of {asked.split}, "
            f"so they cannot be ranked:{listed}\n"
            "Train them again on the same data, or add --common to compare the posts that all of "
            "them hold"
        )
    tables, left_out = common_posts(read) if differs else (same_posts(read), [])
    rows = compare_tables(
        tables, asked.metric, asked.axes or JUDGED_NAMES, repeats=asked.repeats, seed=SEED,
        progress=lambda starts: progress(starts, "bootstrap draws"),
    )  # fmt: skip
    if not rows:
        raise ValueError(
            f"nothing to compare: the first of these runs and another have no "
            f"{METRIC_NAMES[asked.metric]} of the same axis"
            + (f" among {', '.join(asked.axes)}" if asked.axes else "")
        )
    found = Comparison(
        run_ids=tuple(run.run_id for run in runs),
        names=tuple(names),
        metric=asked.metric,
        data=", ".join(sorted({run.tags.get("data.name", "?") for run in runs})),
        split=asked.split,
        posts=len(tables[0]),
        groups=tables[0]["group"].nunique(),
        repeats=asked.repeats,
        seed=SEED,
        rows=tuple(rows),
        common=(*differs, *left_out),
        notes=tuple(_notes(runs, names, rows, asked.axes)),
    )
    return found, evaluation_sha256(tables[0], asked.split)


def chosen_runs(ids: Sequence[str], against: str | None = None) -> list[FinishedRun]:
    """The runs that are meant, the one that all are compared with first.

    Raises:
        ValueError: fewer than two, or one that cannot be compared.
    """
    every = finished_runs(completed_only=False)
    meant = [_meant(name, every) for name in ([against] if against else []) + list(ids)]
    runs = list({run.run_id: run for run in meant}.values())
    if len(runs) < 2:
        raise ValueError("name two runs or more: unpolished compare --all lists them")
    return runs


def _meant(name: str, every: Sequence[FinishedRun]) -> FinishedRun:
    found = [run for run in every if name and run.run_id.startswith(name)]
    if not found:
        raise ValueError(f"run {name}: there is none; unpolished compare --all lists the runs")
    if len(found) > 1:
        ids = ", ".join(run.run_id for run in found[:5])
        raise ValueError(f"run {name}: {len(found)} runs are called so ({ids}): give more of it")
    (run,) = found
    if run.tags.get(STATUS) != "completed":
        raise ValueError(
            f"run {run.run_id} ({run.name}) is not completed (status "
            f"{run.tags.get(STATUS, 'none')}): train it again, or leave it out"
        )
    if is_smoke_test(run):
        raise ValueError(
            f"run {run.run_id} ({run.name}) was trained on the shipped corpus, a smoke test: "
            "compare runs on the public data or on your own posts"
        )
    return run


def _notes(
    runs: Sequence[FinishedRun],
    names: Sequence[str],
    rows: Sequence[Compared],
    asked: Sequence[str],
) -> Iterator[str]:
    """What no name tells of the recipes, and which runs are missing on which axes."""
    if shared := shared_changes(runs):
        yield f"Other than as shipped, in all runs of the recipe: {shared}."
    axes = list(dict.fromkeys(row.axis for row in rows))
    if missing := [axis for axis in asked if axis not in axes]:
        yield f"{', '.join(missing)}: {names[0]}, or all others, have no such figure."
    for model, name in enumerate(names[1:], 1):
        told = {row.axis for row in rows if row.model == model and row.source == ALL}
        if missing := [axis for axis in axes if axis not in told]:
            yield f"{name} has no such figure of {', '.join(missing)}."
