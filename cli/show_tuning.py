"""What sweeps and ablations print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..training.reports.metric_names import NO_BRACKETS, number, with_interval
from ..training.sweep.search import study_name
from .console import safe

if TYPE_CHECKING:
    from ..training.ablation.run import Ablated
    from ..training.sweep.results import Swept

CHANGE = "{:+.3f}"


def print_swept(done: Swept, data: str, console: Console) -> None:
    """Print what tuning is worth, then what each search found."""
    smoke = "smoke test, no result: " if data == "corpus" else ""
    table = Table(
        title=f"{smoke}AUC within sources and folds, tuned on {data} for {done.options.metric}",
        caption="nested is the score to report: each fold by a search that has not seen it. tuned "
        f"is too good: it was chosen by these very posts. {NO_BRACKETS}",
        caption_justify="left",
    )
    for column in ("axis", "posts", "as it was", "nested", "change", "tuned (too good)"):
        table.add_column(column, justify="right" if column == "posts" else "left")
    for gain in done.gains:
        table.add_row(
            gain.axis, f"{gain.n:,}", with_interval(*gain.untuned), with_interval(*gain.nested),
            with_interval(*gain.change, form=CHANGE), with_interval(*gain.tuned),
        )  # fmt: skip
    console.print(table)
    table = Table(title=f"searches, best by {done.options.metric} on the folds that each sees")
    keys = list(done.options.space)
    for column in ("search", "complete", "given up", "best", "on the fold left out", *keys):
        table.add_column(Text(safe(column)))
    for found in done.searches:
        params = (Text(safe(_shown(found.params[key]))) for key in keys)
        table.add_row(
            study_name(found.fold), str(found.complete), str(found.pruned),
            number(found.value), number(found.held_out), *params,
        )  # fmt: skip
    console.print(table)
    console.print(f"run {done.run_id} completed", highlight=False)


def print_ablated(done: Ablated, console: Console) -> None:
    """Print the whole recipe's AUC, then what each ablation changes of it."""
    smoke = "smoke test, no result: " if done.data == "corpus" else ""
    axes = list(done.whole)
    table = Table(
        title=f"{smoke}{done.recipe.name} on {done.data}: AUC within sources out of fold, and what "
        "is lost (-) or won (+) without a part",
        caption=f"{NO_BRACKETS}; of a hundred intervals, five miss by chance",
        caption_justify="left",
    )
    for column in ("group", "without", "fitted on", "judged", *axes):
        table.add_column(column, justify="right" if column in ("fitted on", "judged") else "left")
    whole = (with_interval(*done.whole[axis]) for axis in axes)
    table.add_row("", "the whole recipe", f"{done.fitted:,}", f"{done.judged:,}", *whole,
                  end_section=True)  # fmt: skip
    for line in done.lines:
        cells = [
            with_interval(*line.changes[axis], form=CHANGE) if axis in line.changes else ""
            for axis in axes
        ]
        # A source may be named by a file.
        names = (Text(safe(line.group)), Text(safe(line.name)))
        table.add_row(*names, f"{line.fitted:,}", f"{line.judged:,}", *cells)
    console.print(table)
    console.print(f"run {done.run_id} completed", highlight=False)


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
