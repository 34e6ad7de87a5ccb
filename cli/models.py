"""The commands that promote and ship models, and those for files and stores of the project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .console import on_stdout

app = typer.Typer()


@app.command(epilog="Example: unpolished promote --run 01234567")
def promote(
    run: Annotated[
        str | None,
        typer.Option(help="A run id, or how it begins. Default: the newest completed run."),
    ] = None,
) -> None:
    """Make the model of a run the champion of its data.

    It must be better on an axis and worse on none, out of fold: on gold where the run is on the
    public sources, else on the posts of your file.
    """
    from ..training.selection.promote import promote as move
    from ..training.selection.promote import shown

    typer.echo(shown(move(run)))


@app.command(epilog="Example: unpolished rollback --data my-posts.csv")
def rollback(
    data: Annotated[
        str, typer.Option(help="public, or the file of labelled posts whose champion is meant.")
    ] = "public",
) -> None:
    """Make the previous champion of a data set its champion again."""
    from ..training.selection.promote import rollback as move_back
    from ..training.selection.promote import shown
    from ..training.splits import data_name

    typer.echo(shown(move_back("public" if data == "public" else data_name(Path(data)))))


@app.command("ship", epilog="Example: unpolished ship default --run 0123456789abcdef")
def ship(
    name: Annotated[str, typer.Argument(help="default, or linear for the light model.")],
    run: Annotated[
        str | None,
        typer.Option(help="The run whose model to ship, by its id. Default: train a new one."),
    ] = None,
) -> None:
    """Replace a shipped model by the model of a run. The run must be on the public sources."""
    from ..training.selection.ship import ship as replace

    typer.echo(f"the shipped model {name!r} is now that of run {replace(name, run)}")


@app.command("author-stage", epilog="Example: unpolished author-stage --output mine.json")
def author_stage(
    recipe: Annotated[
        str, typer.Option(help="Whose single-post scores it reads, made anew out of fold.")
    ] = "linear",
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Where to write it. Default: the one that vet uses is replaced."
        ),
    ] = None,
    gold: Annotated[
        bool, typer.Option("--gold", help="Measure it on gold, too: once, when all is chosen.")
    ] = False,
) -> None:
    """Fit and measure the stage by which vet reads a post beside its author's other posts.

    On the public data, out of fold: own promotion against that of a third party. The run is
    tracked.
    """
    from functools import partial

    from ..models.author_stage import SHIPPED_STAGE
    from ..training.author_stage import train_author_stage
    from ..training.recipe import read_recipe
    from .console import on_stderr
    from .show_training import print_author_stage, progress_bars, tracked

    target = output or SHIPPED_STAGE
    with progress_bars(on_stderr()) as bars:
        done = train_author_stage(
            read_recipe(recipe), gold=gold, output=target, progress=partial(tracked, bars)
        )
    print_author_stage(done.metrics, on_stdout())
    on_stdout().print(f"run {done.run_id} completed; {target} written", highlight=False)


@app.command(epilog="Example: unpolished folds")
def folds() -> None:
    """Rebuild data/labels/folds.csv after labels have changed."""
    from ..data.dataset.rebuild_folds import build_folds

    on_stdout().print(f"data/labels/folds.csv: sha256 {build_folds().sha256}", highlight=False)


@app.command(epilog="Example: unpolished store")
def store() -> None:
    """Create the tracking store before several processes use it."""
    from ..training.tracking.mlflow_store import create_store

    create_store()


@app.command(epilog="Example: unpolished results")
def results() -> None:
    """Write the results table of docs/results.md from tracked runs."""
    from ..training.selection.results_table import PAGE, results_markdown, write_results
    from ..training.tracking.runs import finished_runs

    write_results(PAGE, results_markdown(finished_runs()))
