"""The commands from data to runs: ``data``, ``train``, ``recipe``, ``evaluate``."""

from __future__ import annotations

from typing import Annotated

import typer

from ..training.shipped_recipes import shipped_recipes
from .console import on_stderr, on_stdout

app = typer.Typer()


@app.command(epilog="Example: UNPOLISHED_MIRROR=mirror unpolished data")
def data() -> None:
    """Download, check, convert and count the public sources."""
    from ..data.dataset.build import build, fingerprint
    from ..data.dataset.label_counts import counts
    from ..data.dataset.train_and_gold import join_reports
    from .show_training import print_counts

    dataset, console = build("public"), on_stdout()
    for name, report in join_reports().items():
        console.print(
            f"{name}: {report.joined:,} of {report.labelled:,} rows join", highlight=False
        )
    print_counts(counts(dataset), console)
    console.print(f"fingerprint {fingerprint(dataset)}", highlight=False)


@app.command(epilog="Example: unpolished train --recipe linear --data my-posts.csv")
def train(
    recipe: Annotated[
        str,
        typer.Option(
            help=f"A shipped recipe ({', '.join(shipped_recipes())}), or a file; see recipe."
        ),
    ] = "linear",
    data: Annotated[
        str,
        typer.Option(
            help="corpus (the shipped posts), public (the public sources), or a file of "
            "labelled posts."
        ),
    ] = "public",
    keep_folds: Annotated[
        bool,
        typer.Option(
            "--keep-folds",
            help="Also keep the model of each fold, so that vet --folds scores posts that the run "
            "was trained on by models that have not seen them.",
        ),
    ] = False,
) -> None:
    """Train, evaluate and track one recipe. It is cross-fitted, then refitted on all posts.

    Of a working tree that was changed, the run stores the changes in files of the package; with
    UNPOLISHED_STORE_DIFF=0 it stores none.
    """
    import signal
    from functools import partial

    from ..data.dataset.own_posts import read_own_posts
    from ..training.recipe import read_recipe, unmoved_seed
    from ..training.selection.aliases import challenge
    from ..training.splits import data_name
    from ..training.tracking.environment import changed_tree
    from ..training.train import data_argument
    from ..training.train import train as run
    from .show_training import print_metrics, print_own_posts, progress_bars, shown_steps, tracked

    # A job scheduler stops a job with SIGTERM: end as on Ctrl-C, so that the run is closed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console, chosen = on_stdout(), data_argument(data)
    if not isinstance(chosen, str):
        print_own_posts([post for _, post in read_own_posts(chosen)], on_stderr())
    chosen_recipe = read_recipe(recipe)
    with progress_bars(on_stderr()) as bars:
        steps = shown_steps(bars)
        done = run(chosen_recipe, chosen, partial(tracked, bars), steps, keep_folds=keep_folds)
    for split, metrics in done.metrics.items():
        print_metrics(metrics, f"{done.model_name}, {done.titles[split]}", console)
    for note in unmoved_seed(chosen_recipe):
        console.print(note, style="yellow", markup=False, highlight=False)
    if changed := changed_tree(done.code):
        console.print(changed, style="yellow", markup=False, highlight=False, soft_wrap=True)
    for never in done.not_held:
        advice = "label posts by more of them, or allow a higher rate in [decision] of the recipe"
        console.print(f"{never}; {advice}", style="yellow", markup=False, highlight=False)
    console.print(f"run {done.run_id} completed; registered as {done.model_name}", highlight=False)
    if chosen != "corpus":
        # One smoke test is as good as another: they have no champion.
        address = challenge(done.run_id, data_name(chosen))
        console.print(
            f"{address} is its model: unpolished promote --run {done.run_id[:8]} makes it the "
            "champion if it is better",
            markup=False, highlight=False,
        )  # fmt: skip


@app.command(epilog="Example: unpolished recipe linear > mine.toml")
def recipe(
    name: Annotated[
        str, typer.Argument(help=f"{', '.join(shipped_recipes())}, or a file.", show_default=False)
    ],
) -> None:
    """Print a recipe with all its keys and what they mean, to be changed and trained by."""
    from ..training.recipe import read_recipe
    from ..training.recipe_text import recipe_toml

    typer.echo(recipe_toml(read_recipe(name)), nl=False)


@app.command(epilog="Example: unpolished evaluate --run 01234567")
def evaluate(
    run: Annotated[
        str | None,
        typer.Option(help="A run id, or how it begins. Default: the newest completed run."),
    ] = None,
) -> None:
    """Print the metrics of a completed run."""
    from ..training.tracking.runs import finished_runs, load_table, named_run
    from .show_training import print_metrics

    chosen = finished_runs() if run is None else [named_run(run)]
    if not chosen:
        raise ValueError("no completed run found: train one first")
    newest = max(chosen, key=lambda r: r.started)
    metrics = load_table(newest.run_id, "metrics.parquet")
    for split in metrics["split"].unique():
        title = f"{newest.name} ({newest.experiment}), out of fold on {split}, run {newest.run_id}"
        print_metrics(metrics[metrics["split"] == split], title, on_stdout())
