"""The commands that search and question recipes: ``sweep``, ``ablate``."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Annotated

import typer

from ..training.shipped_recipes import shipped_recipes
from .console import on_stderr, on_stdout

app = typer.Typer()

Data = Annotated[
    str,
    typer.Option(
        help="corpus (the shipped posts), public (the public sources), or a file of labelled posts."
    ),
]


@app.command(epilog="Example: unpolished sweep --recipe linear --data public -o tuned.toml")
def sweep(
    recipe: Annotated[
        str,
        typer.Option(
            help=f"A shipped recipe ({', '.join(shipped_recipes())}), or a file, with a table "
            "[sweep] that says which of its values may be changed."
        ),
    ] = "linear",
    data: Data = "public",
    trials: Annotated[
        int | None,
        typer.Option(min=1, help="Trials of each search. Default: as the recipe says."),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Go on with the newest sweep of this recipe on this data; it ends as it would "
            "have if it had not been stopped.",
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE",
            help="Also write the tuned recipe there, as TOML to train by.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
) -> None:  # fmt: skip
    """Tune a recipe, and say what that is worth on posts that no choice was made on.

    For each fold of authors a search of its own tunes on the other folds (nested cross-validation);
    one more tunes on all of them and gives the recipe that is written out.
    """
    from functools import partial

    from ..data.cache import replacing
    from ..training.recipe import read_recipe
    from ..training.recipe_text import recipe_toml
    from ..training.sweep.run import sweep as run
    from ..training.train import data_argument
    from .show_training import progress_bars, shown_steps, tracked
    from .show_tuning import print_swept

    if output is not None:
        _check_output(output, force=force)
    # A job scheduler stops a job with SIGTERM: end as on Ctrl-C, so that the runs are closed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    chosen, asked = read_recipe(recipe), data_argument(data)
    with progress_bars(on_stderr()) as bars:
        done = run(
            chosen, asked, trials=trials, resume=resume,
            progress=partial(tracked, bars), on_step=shown_steps(bars),
        )  # fmt: skip
    print_swept(done, data, on_stdout())
    if output is not None:
        with replacing(output) as file:
            file.write(recipe_toml(done.recipe).encode())
        on_stdout().print(
            f"tuned recipe in {output}: unpolished train --recipe {output} --data {data}",
            markup=False, highlight=False,
        )  # fmt: skip


@app.command(epilog="Example: unpolished ablate --recipe linear --data public --only features")
def ablate(
    recipe: Annotated[
        str, typer.Option(help=f"A shipped recipe ({', '.join(shipped_recipes())}), or a file.")
    ] = "linear",
    data: Data = "public",
    listed: Annotated[
        Path | None,
        typer.Option(
            "--ablations", metavar="FILE",
            help="A TOML file of ablations. Default: those shipped for the recipe's family.",
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(help="The name or the group of an ablation; may be repeated. Default: all."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Also write the table there: .csv or .md."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
) -> None:  # fmt: skip
    """Take one thing after another away from a recipe, and say what each is worth.

    Scores are kept in the cache: a second call computes nothing, a call after a stop what is left.
    """
    from functools import partial

    from ..data.cache import replacing
    from ..training.ablation.run import ablate as run
    from ..training.ablation.table import long_table, markdown
    from ..training.recipe import read_recipe
    from ..training.train import data_argument
    from .show_training import progress_bars, shown_steps, tracked
    from .show_tuning import print_ablated

    if output is not None:
        if output.suffix not in (".csv", ".md"):
            raise ValueError(f"{output}: name a file that ends in .csv or .md")
        _check_output(output, force=force)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    chosen, asked = read_recipe(recipe), data_argument(data)
    with progress_bars(on_stderr()) as bars:
        done = run(
            chosen, asked, listed=listed, only=only or (),
            progress=partial(tracked, bars), on_step=shown_steps(bars),
        )  # fmt: skip
    print_ablated(done, on_stdout())
    if output is not None:
        table = long_table(done).to_csv(index=False) if output.suffix == ".csv" else markdown(done)
        with replacing(output) as file:
            file.write(table.encode())


def _check_output(path: Path, *, force: bool) -> None:
    """Say before anything is computed that a file cannot be written."""
    if not path.parent.is_dir():
        raise ValueError(f"{path}: there is no folder {path.parent}: make it, or name another")
    if path.exists() and not force:
        raise ValueError(f"{path} exists: name another file, or replace it with --force")
