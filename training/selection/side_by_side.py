"""Completed runs side by side, or one below the other where a terminal is too narrow for that."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ...models.families.by_name import FAMILIES
from ..evaluation.judged import JUDGED_NAMES
from ..reports.metric_names import METRIC_NAMES
from ..tracking.runs import FinishedRun, finished_runs
from .compare import COMPARABLE, HEADLINE, Group, cell, comparable_runs, comparison, value

_SHOWN = (
    "auc_within", "auc_pooled", "auc_loso", "auc_source_only", "auc_within_length", "spearman",
    "average_precision", "f1", "calibration_error",
)  # fmt: skip
# Where runs stand one below the other.
_FEW_SHOWN = ("auc_within", "auc_loso")
_COLUMN_WIDTH = 22
# Wider than any table.
_ANY = 10_000


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
        table = _table(group)
        needed = console.measure(table, options=console.options.update(width=_ANY)).minimum
        if needed <= console.width:
            console.print(table)
            continue
        console.print(_narrow_table(group))
        console.print(
            "Too many runs for this width to show all metrics side by side: "
            "unpolished evaluate --run ID prints those of one.",
            markup=False, highlight=False,
        )  # fmt: skip


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


def _heading(run: FinishedRun) -> str:
    """The run's name, which says what its recipe changes, in lines as wide as its figures."""
    return escape("\n".join(textwrap.wrap(run.name, _COLUMN_WIDTH, break_long_words=False)))


def _table(group: Group) -> Table:
    table, ranked = _titled(group), _ranked(group)
    table.add_column("axis", no_wrap=True)
    table.add_column("metric", no_wrap=True)
    for run in group.runs:
        table.add_column(
            f"{_heading(run)}\n{run.run_id[:8]}\n{run.started:%Y-%m-%d %H:%M}",
            min_width=_COLUMN_WIDTH, overflow="fold",
        )  # fmt: skip
    for axis in JUDGED_NAMES:
        rows = [m for m in _SHOWN if any(value(r, axis, m) is not None for r in group.runs)]
        best = _best(group.runs, axis)
        for i, metric in enumerate(rows):
            cells = []
            for run in group.runs:
                top = ranked and metric == HEADLINE and value(run, axis, metric) == best
                text = cell(run, axis, metric)
                cells.append(f"[bold]{text} *[/bold]" if top else text)
            name = METRIC_NAMES[metric]
            table.add_row(axis if i == 0 else "", name, *cells, end_section=i == len(rows) - 1)
    return table


def _narrow_table(group: Group) -> Table:
    """A line for each run, axis by axis, with the headlines alone."""
    table, ranked = _titled(group), _ranked(group)
    shown = [m for m in _FEW_SHOWN if any(value(r, axis, m) is not None for r in group.runs
                                          for axis in JUDGED_NAMES)]  # fmt: skip
    table.add_column("axis", no_wrap=True)
    table.add_column("run", overflow="fold")
    table.add_column("id", no_wrap=True)
    for metric in shown:
        table.add_column(METRIC_NAMES[metric], no_wrap=True)
    for axis in JUDGED_NAMES:
        runs = [run for run in group.runs if value(run, axis, HEADLINE) is not None]
        best = _best(runs, axis)
        for i, run in enumerate(runs):
            top = ranked and value(run, axis, HEADLINE) == best
            headline, *others = (cell(run, axis, metric) for metric in shown)
            table.add_row(
                "" if i else axis, escape(run.name), run.run_id[:8],
                f"[bold]{headline} *[/bold]" if top else headline, *others,
                end_section=i == len(runs) - 1,
            )  # fmt: skip
    return table


def _titled(group: Group) -> Table:
    first = group.runs[0]
    split = first.tags.get("evaluation.split", "train")
    data = ", ".join(sorted({run.tags.get("data.name", "?") for run in group.runs}))
    title = f"data {data}, out of fold on {split}"
    caption = "* highest within sources, which may be chance: unpolished compare RUN RUN tells"
    return Table(
        title=escape(f"smoke test, no result: {title}" if group.smoke_test else title),
        caption=caption if _ranked(group) else None,
        title_justify="left",
        caption_justify="left",
    )


def _ranked(group: Group) -> bool:
    return len(group.runs) > 1 and not group.smoke_test


def _best(runs: Sequence[FinishedRun], axis: str) -> float:
    return max((value(run, axis, HEADLINE) or 0.0 for run in runs), default=0.0)
