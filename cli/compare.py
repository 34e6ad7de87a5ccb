"""The command ``compare``: runs side by side, or the differences of those that are named."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from .console import on_stderr, on_stdout

app = typer.Typer()

# As ``training.evaluation.bootstrap`` has it, which help does not import.
DRAWS = 1000

_EXAMPLES = """\b
Examples:
  unpolished compare
  unpolished compare 01234567 89abcdef
  unpolished compare 0123 4567 89ab --axis paid --axis self -o paid.tex
"""


@app.command(epilog=_EXAMPLES)
def compare(
    runs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="RUN",
            help="Ids of runs, or how they begin. The others are compared with the first. Without "
            "any, the completed runs are shown side by side.",
            show_default=False,
        ),
    ] = None,
    every_run: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Without RUN: also show earlier runs of the same recipe and settings on the same "
            "data.",
        ),
    ] = False,
    against: Annotated[
        str | None,
        typer.Option(metavar="RUN", help="The run to compare the others with. Default: the first."),
    ] = None,
    metric: Annotated[
        Literal[
            "auc_within",
            "auc_loso",
            "average_precision",
            "recall_at_precision_70",
            "recall_at_precision_80",
        ],
        typer.Option(
            help="auc_within: AUC within sources; auc_loso: that of models that never saw the "
            "source."
        ),
    ] = "auc_within",
    axis: Annotated[
        list[str] | None,
        typer.Option(
            help="An axis to compare on, such as paid; may be repeated. Default: all. The fewer, "
            "the smaller the differences that can be shown."
        ),
    ] = None,
    by_source: Annotated[
        bool,
        typer.Option(
            "--by-source", help="Also show each source alone. CSV and JSON always have them."
        ),
    ] = False,
    split: Annotated[
        Literal["train", "gold"],
        typer.Option(
            help="Posts to compare on. Choose by train; gold is for finalists, and a look at it "
            "is recorded."
        ),
    ] = "train",
    common: Annotated[
        bool,
        typer.Option(
            "--common",
            help="Where posts, labels or folds differ: compare on the posts that all runs hold, "
            "instead of refusing.",
        ),
    ] = False,
    draws: Annotated[int, typer.Option(min=200, help="Number of bootstrap draws.")] = DRAWS,
    output_format: Annotated[
        Literal["table", "markdown", "csv", "latex", "json"] | None,
        typer.Option(
            "--format",
            help="How to write the comparison. Default: told by the extension of FILE (.md, .csv, "
            ".tex, .json), or a table for the terminal.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write the comparison to a file."),
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.png", help="Also write the forest plot to a file: .png, .pdf or .svg."
        ),
    ] = None,
    track: Annotated[
        bool, typer.Option("--track/--no-track", help="Write the comparison to MLflow.")
    ] = True,
) -> None:
    """Print completed runs side by side, or the paired differences of those that are named.

    Differences come with 95 % intervals from a bootstrap over groups of authors, the same draws
    for all runs, and with p-values adjusted for their number (Holm). Runs that were measured on
    other posts, labels or folds are refused; the message says what differs.
    """
    if not runs and against is None:
        plain = (metric, split, draws, track) == ("auc_within", "train", DRAWS, True)
        given = axis or by_source or common or output_format or output or plot
        _side_by_side(every_run, needs_runs=bool(given) or not plain)
        return
    from ..training.reports.comparison_formats import FORMATS
    from ..training.selection.comparison_records import track as write_to_mlflow
    from ..training.selection.paired_comparison import Question, compare_runs
    from .show_comparison import (
        check_places,
        chosen_format,
        print_comparison,
        write_plot,
        write_text,
    )
    from .show_training import progress_bars

    if every_run:
        raise typer.BadParameter("--all shows runs side by side: leave it out, or the ids")
    if split == "gold" and not track:
        raise typer.BadParameter("a look at gold is recorded: leave out --no-track")
    chosen = chosen_format(output_format, output)
    check_places(output, plot)
    question = Question(metric, split, tuple(axis or ()), common, draws)
    with progress_bars(on_stderr()) as bars:
        found, evaluation = compare_runs(
            runs or [], question, against=against,
            progress=lambda steps, what: iter(bars.track(steps, description=what)),
        )  # fmt: skip
    if track:
        # First of all, so that nobody has seen gold without its being recorded.
        run = write_to_mlflow(found, evaluation, by_source=by_source)
        typer.echo(f"comparison kept in MLflow as run {run}", err=True)
    text = "" if chosen is None else FORMATS[chosen](found, by_source=by_source)
    if output is not None:
        write_text(output, text)
        typer.echo(f"{output} written", err=True)
    elif chosen is not None:
        typer.echo(text, nl=False)
    else:
        print_comparison(found, on_stdout(), by_source=by_source)
    if plot is not None:
        write_plot(plot, found, by_source=by_source)
        typer.echo(f"{plot} written", err=True)


def _side_by_side(every_run: bool, *, needs_runs: bool) -> None:
    from ..training.selection.side_by_side import compare as show_comparison

    if needs_runs:
        raise typer.BadParameter("name the runs to compare: unpolished compare RUN RUN")
    show_comparison(on_stdout(), every_run=every_run)
