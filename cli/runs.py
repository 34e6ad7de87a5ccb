"""The commands that look into one run: ``reproduce`` and ``errors``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .console import UNUSABLE, fail, on_stderr, on_stdout

app = typer.Typer()

Run = Annotated[str, typer.Argument(help="A run id, or how it begins.", show_default=False)]
Data = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Where your labelled posts lie now. Default: where they lay then."
    ),
]


@app.command(epilog="Example: unpolished reproduce 01234567")
def reproduce(
    run: Run,
    data: Data = None,
    any_code: Annotated[
        bool, typer.Option("--any-code", help="Repeat it though the code is another.")
    ] = False,
    any_versions: Annotated[
        bool,
        typer.Option("--any-versions", help="Repeat it though versions of libraries are others."),
    ] = False,
) -> None:
    """Train a run again, and say metric by metric and row by row whether it gives the same.

    Code, libraries, posts and folds have to be those of the run. Models of rules and linear have to
    be equal to the last bit, others within a tolerance. Exit code 0: it matches; 1: it does not;
    2: it cannot be repeated here.
    """
    import signal
    from functools import partial

    from ..training.reproduction.reproduce import reproduce as repeat
    from .show_runs import print_checks, print_comparison
    from .show_training import progress_bars, shown_steps, tracked

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = on_stdout()
    with progress_bars(on_stderr()) as bars:
        done = repeat(
            run, data, partial(tracked, bars), shown_steps(bars),
            any_code=any_code, any_versions=any_versions,
            on_checks=lambda checks: print_checks(checks, console),
        )  # fmt: skip
    print_comparison(done, console)
    if not done.comparison.matches:
        raise typer.Exit(1)


@app.command(epilog="Example: unpolished errors 01234567 --axis paid -o errors.html")
def errors(
    run: Run,
    axis: Annotated[
        list[str] | None,
        typer.Option(
            help="Which question: style, paid, self or performative; may be repeated. Default: all."
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            help="Also show posts by the values of a feature, such as hashtags or source; may be "
            "repeated. The page has all."
        ),
    ] = None,
    most: Annotated[
        int, typer.Option(min=1, max=200, help="Posts to show of each part, the most wrong first.")
    ] = 5,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write a page of HTML there, which holds texts of posts, and print none.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE.")] = False,
    split: Annotated[
        str,
        typer.Option(help="train; or gold, which is a look at it, and counted at the run."),
    ] = "train",
    reasons: Annotated[
        bool, typer.Option(help="Beside each post, what spoke for the flag.")
    ] = True,
    data: Data = None,
) -> None:
    """Show the posts that a run is most wrong about, and the kinds of posts it does worse on.

    Scores are out of fold. Kinds are found among all of one feature and of two, by a test that is
    corrected for all that was tried. Texts are read from where they lie, and not stored.
    """
    from functools import partial

    from ..training.error_analysis.analyse import run_errors
    from .show_runs import print_errors, write_page
    from .show_training import progress_bars, tracked

    if split not in ("train", "gold"):
        raise typer.BadParameter(f"--split {split}: give train or gold")
    if output is not None and output.exists() and not force:
        fail(f"{output} exists: give another name, or --force", UNUSABLE)
    with progress_bars(on_stderr()) as bars:
        found = run_errors(
            run, axis or (), split=split, most=most, data=data, reasons=reasons,
            by=None if output is not None and not by else by or (),
            progress=partial(tracked, bars),
        )  # fmt: skip
    if output is None:
        print_errors(found, on_stdout())
        return
    write_page(found, output)
    on_stderr().print(
        f"{output} written. It holds texts of posts: do not publish it, and delete it when you are "
        "done",
        style="yellow", markup=False, highlight=False, soft_wrap=True,
    )  # fmt: skip
