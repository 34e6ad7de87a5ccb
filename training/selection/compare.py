"""Completed runs side by side; only runs on the same folds and evaluation set are ranked."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ...models.families.by_name import FAMILIES
from ..evaluation.judged import JUDGED_NAMES
from ..reports.metric_names import (
    METRIC_NAMES,
    PERFECT,
    PERFECT_95,
    beside_perfect,
    number,
    with_interval,
)
from ..tracking.runs import FinishedRun, finished_runs

# Two runs are comparable where these agree.
COMPARABLE = {"folds.sha256": "fold file", "evaluation.sha256": "evaluation set"}
_SHOWN = (
    "auc_within", "auc_pooled", "auc_loso", "auc_source_only", "auc_within_length", "spearman",
    "average_precision", "f1", "calibration_error",
)  # fmt: skip
_COLUMN_WIDTH = 22
HEADLINE = "auc_within"
WITH_INTERVAL = (HEADLINE, "auc_loso", "auc_within_both_splits", "recall_at_precision_70")


class ComparisonError(ValueError):
    """Runs that must not be ranked against each other."""


@dataclass(frozen=True)
class Group:
    """Runs that may be compared: same folds, same evaluation set; newest first.

    Attributes:
        runs: the runs.
        differs: tags in which the group differs from the first group shown.
    """

    runs: tuple[FinishedRun, ...]
    differs: tuple[str, ...] = ()

    @property
    def smoke_test(self) -> bool:
        """Whether the numbers are from the shipped corpus, and so no result."""
        return is_smoke_test(self.runs[0])


def comparison(runs: Iterable[FinishedRun], *, every_run: bool = False) -> list[Group]:
    """Group evaluated runs by what makes them comparable, smoke tests last.

    Args:
        runs: completed runs.
        every_run: not only the newest of those that were asked for the same, see ``repeated``.
    """
    evaluated = comparable_runs(runs)
    if not every_run:
        newest: dict[tuple[str, ...], FinishedRun] = {}
        for run in evaluated:
            newest.setdefault(repeated(run), run)
        evaluated = list(newest.values())
    grouped: dict[tuple[str, ...], list[FinishedRun]] = {}
    for run in evaluated:
        grouped.setdefault(tuple(run.tags[tag] for tag in COMPARABLE), []).append(run)
    found = sorted(grouped.values(), key=lambda group: is_smoke_test(group[0]))
    return [Group(tuple(group), tuple(differing([found[0][0], group[0]]))) for group in found]


def differing(runs: Sequence[FinishedRun]) -> list[str]:
    """Tags that forbid ranking these runs."""
    return [tag for tag in COMPARABLE if len({run.tags.get(tag) for run in runs}) > 1]


def check_comparable(runs: Sequence[FinishedRun]) -> None:
    """Refuse runs on different folds or evaluation sets.

    Raises:
        ComparisonError: naming the tag that differs, and its values.
    """
    for tag in differing(runs):
        values = ", ".join(f"{recipe(r)} {r.tags.get(tag, 'none')[:8]}" for r in runs)
        raise ComparisonError(
            f"these runs cannot be ranked: {tag} ({COMPARABLE[tag]}) differs: {values}. "
            "Train them again on the same data"
        )


def rank(runs: Sequence[FinishedRun], axis: str, metric: str = HEADLINE) -> list[FinishedRun]:
    """Best first, by one metric of one axis.

    Raises:
        ComparisonError: the runs are not comparable, or one has no such metric.
    """
    check_comparable(runs)
    for run in runs:
        if value(run, axis, metric) is None:
            raise ComparisonError(f"run {run.run_id} ({recipe(run)}) has no {axis} {metric}")
    return sorted(runs, key=lambda run: -(value(run, axis, metric) or 0.0))


def render(groups: Sequence[Group], console: Console) -> None:
    """One table per group, with a line on what keeps it apart from the first."""
    for group in groups:
        if group.differs:
            names = " and ".join(f"{COMPARABLE[tag]} ({tag})" for tag in group.differs)
            console.print(
                f"\nThe next table has another {names} than the first: "
                "runs in the two cannot be ranked against each other.",
                style="yellow",
            )
        console.print(_table(group))


def compare(console: Console, *, every_run: bool = False) -> None:
    """Print what ``make compare`` prints.

    Args:
        console: to print on.
        every_run: not only the newest of those that were asked for the same.
    """
    runs = finished_runs()
    groups, unread = _readable(comparison(runs, every_run=every_run))
    for note in unread:
        console.print(f"not shown: {note}", style="yellow", markup=False, highlight=False)
    if not groups and not unread:
        console.print("No completed run yet. Start one: make train RECIPE=linear DATA=public")
    render(groups, console)
    for note in same_whatever_the_seed(runs if every_run else [r for g in groups for r in g.runs]):
        console.print(note, style="yellow", markup=False, highlight=False)
    shown = len(unread) + sum(len(group.runs) for group in groups)
    if hidden := len(comparable_runs(runs)) - shown:
        earlier = "1 earlier run" if hidden == 1 else f"{hidden:,} earlier runs"
        console.print(
            f"{earlier} of the same recipes with the same settings not shown: "
            "unpolished compare --all",
            markup=False, highlight=False,
        )  # fmt: skip


def _readable(groups: Iterable[Group]) -> tuple[list[Group], list[str]]:
    """Groups of the runs whose figures can be read, and what is the matter with the others."""
    kept: list[Group] = []
    unread: list[str] = []
    for group in groups:
        runs: list[FinishedRun] = []
        for run in group.runs:
            try:
                run.figures  # noqa: B018 - reads them
            except ValueError as e:
                unread.append(str(e))
            else:
                runs.append(run)
        if runs:
            kept.append(Group(tuple(runs), group.differs))
    return kept, unread


def same_whatever_the_seed(runs: Iterable[FinishedRun]) -> Iterator[str]:
    """Say of which families no seed moves a number, where runs differ by theirs."""
    seeds: dict[str, set[str]] = {}
    for run in runs:
        family = run.tags.get("family", "")
        if family in FAMILIES and not FAMILIES[family].seeded:
            seeds.setdefault(family, set()).add(run.params.get("seed", "0"))
    for family, found in seeds.items():
        if len(found) > 1:
            yield f"no seed moves models of the family {family}: runs with other seeds are the same"


def comparable_runs(runs: Iterable[FinishedRun]) -> list[FinishedRun]:
    """Runs that were evaluated, newest first."""
    evaluated = [run for run in runs if all(tag in run.tags for tag in COMPARABLE)]
    return sorted(evaluated, key=lambda run: run.started, reverse=True)


def recipe(run: FinishedRun) -> str:
    """Name of the recipe."""
    return run.tags.get("recipe", run.name)


def repeated(run: FinishedRun) -> tuple[str, ...]:
    """What a later run repeats if it has the same: recipe, what that changes, and data set.

    Not the name of the run, which may be cut short and which anybody may change.
    """
    tags = run.tags
    return recipe(run), tags.get("recipe.changes", "none"), tags.get("data.name", "")


def as_shipped(run: FinishedRun) -> bool:
    """Whether its recipe was the shipped one; runs of earlier versions do not say, and count."""
    return run.tags.get("recipe.changes", "none") == "none"


def is_public(run: FinishedRun) -> bool:
    """Whether a run is on the public data."""
    return run.tags.get("data.name") == "public"


def is_smoke_test(run: FinishedRun) -> bool:
    """Whether the run was scored on the shipped corpus."""
    return run.tags.get("smoke-test") == "true"


def value(run: FinishedRun, axis: str, metric: str) -> float | None:
    """A metric of the run's evaluation split; None where it has no such metric."""
    return interval(run, axis, metric)[0]


def interval(
    run: FinishedRun, axis: str, metric: str
) -> tuple[float | None, float | None, float | None]:
    """A metric with its bounds, each None where there is none."""
    split = run.tags.get("evaluation.split", "train")
    found = run.figures.get((split, axis, metric), (math.nan,) * 3)
    value, low, high = (None if math.isnan(part) else float(part) for part in found)
    return value, low, high


def cell(run: FinishedRun, axis: str, metric: str) -> str:
    """A metric as it is shown: those of which the headlines are made with their intervals."""
    found = value(run, axis, metric)
    if metric in WITH_INTERVAL:
        return with_interval(*interval(run, axis, metric))
    if metric == "calibration_error" and found is not None:
        return beside_perfect(found, *(value(run, axis, name) for name in (PERFECT, PERFECT_95)))
    return number(found)


def _heading(run: FinishedRun) -> str:
    """The run's name, which says what its recipe changes, in lines as wide as its figures."""
    return escape("\n".join(textwrap.wrap(run.name, _COLUMN_WIDTH, break_long_words=False)))


def _table(group: Group) -> Table:
    first = group.runs[0]
    split = first.tags.get("evaluation.split", "train")
    data = ", ".join(sorted({run.tags.get("data.name", "?") for run in group.runs}))
    title = f"data {data}, out of fold on {split}"
    ranked = len(group.runs) > 1 and not group.smoke_test
    table = Table(
        title=f"smoke test, no result: {title}" if group.smoke_test else title,
        caption="* highest within sources, which may be chance: unpolished compare RUN RUN tells"
        if ranked
        else None,
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("axis", no_wrap=True)
    table.add_column("metric", no_wrap=True)
    for run in group.runs:
        table.add_column(
            f"{_heading(run)}\n{run.run_id[:8]}\n{run.started:%Y-%m-%d %H:%M}", no_wrap=True
        )
    for axis in JUDGED_NAMES:
        rows = [m for m in _SHOWN if any(value(r, axis, m) is not None for r in group.runs)]
        best = max((value(r, axis, HEADLINE) or 0.0 for r in group.runs), default=0.0)
        for i, metric in enumerate(rows):
            cells = []
            for run in group.runs:
                top = ranked and metric == HEADLINE and value(run, axis, metric) == best
                text = cell(run, axis, metric)
                cells.append(f"[bold]{text} *[/bold]" if top else text)
            name = METRIC_NAMES[metric]
            table.add_row(axis if i == 0 else "", name, *cells, end_section=i == len(rows) - 1)
    return table
