"""Counts, metrics and progress of training in a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from ..data.dataset.doubts import doubts, label_columns, platform_counts
from ..data.dataset.label_counts import Count
from ..training.evaluation.judged import JUDGED_NAMES
from ..training.reports.metric_names import (
    METRIC_NAMES,
    NO_BRACKETS,
    PERFECT,
    PERFECT_95,
    beside_perfect,
    with_interval,
)
from .console import safe

if TYPE_CHECKING:
    import pandas as pd

    from ..data.posts import LabelledPost
    from ..models.finetune.fit import TrainingStep


def print_counts(counts: Iterable[Count], console: Console) -> None:
    """Print the number of posts by split, source, axis, label and fold."""
    table = Table(title="Labelled posts")
    for column in ("split", "source", "axis", "label", "posts", "by fold"):
        table.add_column(column, justify="right" if column == "posts" else "left")
    for c in counts:
        folds = " ".join(str(n) for n in c.folds)
        table.add_row(c.split, c.source, c.axis, c.label, f"{c.total:,}", folds)
    console.print(table)


def print_own_posts(posts: Sequence[LabelledPost], console: Console) -> None:
    """Print what one's own posts are labelled, and what to know of it before numbers are made."""
    authors = len({post.author for post in posts if post.author})
    table = Table(title=f"{len(posts):,} labelled posts, {authors:,} named authors")
    for column in ("column", "label", "posts", "authors"):
        table.add_column(column, justify="right" if column in ("posts", "authors") else "left")
    for column, by_label in label_columns(posts):
        for label, n in by_label.items():
            of = {post.author for post in posts if getattr(post, column) == label} - {None}
            table.add_row(column, label, f"{n:,}", f"{len(of):,}")
    console.print(table)
    if by_platform := platform_counts(posts):
        table = Table(title="by platform")
        for column in ("platform", "posts", "authors", *(c.column for c in by_platform[0].labels)):
            table.add_column(column, justify="right" if column in ("posts", "authors") else "left")
        for platform in by_platform:
            labels = (
                ", ".join(f"{n:,} {label}" for label, n in c.posts.items() if n)
                for c in platform.labels
            )
            # A name is the file's: neither its markup nor its control characters are obeyed.
            name = Text(safe(platform.platform) or "(none)")
            table.add_row(name, f"{platform.posts:,}", f"{platform.authors:,}", *labels)
        console.print(table)
    for doubt in doubts(posts):
        console.print(doubt, style="yellow", markup=False, highlight=False)


def print_metrics(metrics: pd.DataFrame, title: str, console: Console) -> None:
    """Print the metrics over all posts, one column per axis."""
    table = Table(title=title, caption=NO_BRACKETS, caption_justify="left")
    table.add_column("")
    axes = [axis for axis in JUDGED_NAMES if axis in set(metrics["axis"])]
    for axis in axes:
        table.add_column(axis)
    whole = metrics[metrics["slice"] == "all"]
    rows = {(row["metric"], row["axis"]): row for row in whole.to_dict("records")}
    found = {place: _shown(*place, rows) for place in rows}
    for metric, name in METRIC_NAMES.items():
        cells = [found.get((metric, axis), "") for axis in axes]
        if any(cells):
            table.add_row(name, *cells)
    console.print(table)


def _shown(metric: str, axis: str, rows: Mapping[tuple[str, str], Mapping[Hashable, Any]]) -> str:
    row = rows[metric, axis]
    if metric != "calibration_error":
        return with_interval(row["value"], row["low"], row["high"])
    perfect = (rows.get((name, axis), {}).get("value") for name in (PERFECT, PERFECT_95))
    return beside_perfect(row["value"], *perfect)


def progress_bars(console: Console) -> Progress:
    """Progress bars that are shown on a terminal only."""
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=console, disable=not console.is_terminal, transient=True,
    )  # fmt: skip


def tracked(bars: Progress, steps: Iterable[int], name: str, total: int) -> Iterator[int]:
    """Iterate over steps and show a progress bar; without a terminal, a line for each."""
    started = time.monotonic()
    for number, step in enumerate(bars.track(steps, total=total, description=name)):
        if bars.disable:
            minutes, seconds = divmod(int(time.monotonic() - started), 60)
            bars.console.print(f"{name}: {number} of {total} done in {minutes}:{seconds:02}",
                               highlight=False)  # fmt: skip
        yield step


def shown_steps(bars: Progress) -> Callable[[TrainingStep], None]:
    """Show a bar for the current fit, with its loss; it restarts with each fit."""
    task = bars.add_task("fit", total=None, visible=False)

    def show(step: TrainingStep) -> None:
        if step.done == 1:
            bars.reset(task, total=step.total, visible=True)
        bars.update(task, completed=step.done, description=f"fit, loss {step.loss:.3f}")

    return show


def print_author_stage(metrics: pd.DataFrame, console: Console) -> None:
    """Print what the author's other posts add, by part of the posts."""
    table = Table(title="promotion of a third party's against one's own, out of fold",
                  caption=NO_BRACKETS, caption_justify="left")  # fmt: skip
    for column in ("split", "part", "posts", "authors", "AUC alone", "beside others", "gain",
                   "told right alone", "beside others"):  # fmt: skip
        table.add_column(column)
    for row in metrics.to_dict("records"):
        gain = with_interval(row["gain"], row["gain_low"], row["gain_high"], form="{:+.3f}")
        table.add_row(
            str(row["split"]), str(row["slice"]), f"{row['posts']:,}", f"{row['authors']:,}",
            f"{row['auc_before']:.3f}", f"{row['auc_after']:.3f}", gain,
            f"{row['right_before']:.0%}", f"{row['right_after']:.0%}",
        )  # fmt: skip
    console.print(table)
