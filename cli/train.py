"""The commands from data to runs: ``data``, ``train``, ``evaluate``, ``compare``, ``results``."""

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
        typer.Option(help=f"A shipped recipe ({', '.join(shipped_recipes())}) or a TOML file."),
    ] = "linear",
    data: Annotated[
        str,
        typer.Option(
            help="corpus (the shipped posts), public (the public sources), or a file of "
            "labelled posts."
        ),
    ] = "public",
) -> None:
    """Train, evaluate and track one recipe. It is cross-fitted, then refitted on all posts."""
    import signal
    from functools import partial

    from ..training.recipe import read_recipe
    from ..training.train import data_argument
    from ..training.train import train as run
    from .show_training import print_metrics, progress_bars, shown_steps, tracked

    # A job scheduler stops a job with SIGTERM: end as on Ctrl-C, so that the run is closed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = on_stdout()
    with progress_bars(on_stderr()) as bars:
        steps = shown_steps(bars)
        done = run(read_recipe(recipe), data_argument(data), partial(tracked, bars), steps)
    for split, metrics in done.metrics.items():
        print_metrics(metrics, f"{done.model_name}, {done.titles[split]}", console)
    for never in done.not_held:
        advice = "label posts by more of them, or allow a higher rate in [decision] of the recipe"
        console.print(f"{never}; {advice}", style="yellow", markup=False, highlight=False)
    console.print(f"run {done.run_id} completed; registered as {done.model_name}", highlight=False)


@app.command(epilog="Example: unpolished evaluate --run 0123456789abcdef")
def evaluate(
    run: Annotated[
        str | None, typer.Option(help="A run id. Default: the newest completed run.")
    ] = None,
) -> None:
    """Print the metrics of a completed run."""
    from ..training.tracking.runs import finished_runs, load_table
    from .show_training import print_metrics

    chosen = [r for r in finished_runs() if run in (None, r.run_id)]
    if not chosen:
        raise ValueError("no completed run found: train one first, or check the run id")
    newest = max(chosen, key=lambda r: r.started)
    metrics = load_table(newest.run_id, "metrics.parquet")
    for split in metrics["split"].unique():
        title = f"{newest.name} ({newest.experiment}), out of fold on {split}, run {newest.run_id}"
        print_metrics(metrics[metrics["split"] == split], title, on_stdout())


@app.command(epilog="Example: unpolished compare")
def compare() -> None:
    """Print completed runs side by side, with 95% intervals."""
    from ..training.selection.compare import compare as show_comparison

    show_comparison(on_stdout())
