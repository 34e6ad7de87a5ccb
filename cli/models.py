"""The commands that say which model is in use, and those that keep files and store in order."""

from __future__ import annotations

from typing import Annotated

import typer

from .console import on_stdout

app = typer.Typer()


@app.command(epilog="Example: unpolished promote --run 0123456789abcdef")
def promote(
    run: Annotated[str | None, typer.Option(help="A run id; default: the newest.")] = None,
) -> None:
    """Make a run's model champion if it is better on an axis and worse on none."""
    from ..training.selection.promote import promote as move
    from ..training.selection.promote import shown

    typer.echo(shown(move(run)))


@app.command(epilog="Example: unpolished rollback")
def rollback() -> None:
    """Make the champion before this one champion again."""
    from ..training.selection.promote import rollback as move_back
    from ..training.selection.promote import shown

    typer.echo(shown(move_back()))


@app.command("ship", epilog="Example: unpolished ship default --run 0123456789abcdef")
def ship(
    name: Annotated[str, typer.Argument(help="default, or linear for the light one.")],
    run: Annotated[str | None, typer.Option(help="Ship this run's model; default: train.")] = None,
) -> None:
    """Replace a model that comes with the package by that of a run on the public sources."""
    from ..training.selection.ship import ship as replace

    typer.echo(f"the shipped model {name!r} is now that of run {replace(name, run)}")


@app.command(epilog="Example: unpolished folds")
def folds() -> None:
    """Rebuild data/labels/folds.csv after labels changed."""
    from ..data.dataset.rebuild_folds import build_folds

    on_stdout().print(f"data/labels/folds.csv: sha256 {build_folds().sha256}", highlight=False)


@app.command(epilog="Example: unpolished store")
def store() -> None:
    """Create the tracking store once, before anything uses it."""
    from ..training.tracking.mlflow_store import create_store

    create_store()


@app.command(epilog="Example: unpolished results")
def results() -> None:
    """Write the results table of docs/results.md from the tracked runs."""
    from ..training.selection.results_table import PAGE, results_markdown, write_results
    from ..training.tracking.runs import finished_runs

    write_results(PAGE, results_markdown(finished_runs()))
