"""The command line. The one file that may import training and inference, inside each command."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from . import __version__

if TYPE_CHECKING:
    from rich.console import Console

DONE, TOO_MANY_REJECTS, UNUSABLE, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 130
STDOUT = 1  # the descriptor; typer has put something else in the place of sys.stdout by then
# ClickException, which typer keeps at different places in different versions.
USAGE_ERROR: Any = typer.BadParameter.__mro__[2]

app = typer.Typer(
    add_completion=False, no_args_is_help=True, rich_markup_mode=None,
    pretty_exceptions_enable=False, help="Raw or polished, paid or not, performative or committed.",
)  # fmt: skip

Model = Annotated[
    str | None, typer.Option(help="A folder, models:/name@alias, or linear (shipped, light, fast).")
]
Jurisdiction = Annotated[str, typer.Option(help="Whose disclosure rules: us, uk, eu, in.")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"unpolished {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    del version


@app.command(epilog="Example: unpolished score posts.csv -o scored.jsonl --max-rejects 5%")
def score(
    source: Annotated[
        str,
        typer.Argument(metavar="IN", help="JSONL, CSV, Parquet; a folder, a glob; - for stdin."),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", metavar="OUT", help="A file; FOLDER/ of parts; - for stdout."
        ),
    ],
    model: Model = None,
    jurisdiction: Jurisdiction = "us",
    prevalence: Annotated[
        list[str] | None, typer.Option(help="axis=share, e.g. paid=0.05; moves probabilities only.")
    ] = None,
    reasons: Annotated[str, typer.Option(help="none or flagged (slower).")] = "none",
    renamed: Annotated[
        list[str] | None, typer.Option("--map", help="field=column, e.g. text=caption.")
    ] = None,
    keep: Annotated[
        list[str] | None, typer.Option(help="Columns to copy to the output, e.g. author,likes.")
    ] = None,
    max_rejects: Annotated[
        str | None,
        typer.Option(help="N or P%: more rejects end with exit code 1, as do only rejects."),
    ] = None,
    input_format: Annotated[
        str | None, typer.Option("--format", help="jsonl, csv or parquet; default: by extension.")
    ] = None,
    output_format: Annotated[str | None, typer.Option(help="Likewise for OUT.")] = None,
    spreadsheet_safe: Annotated[
        bool, typer.Option("--spreadsheet-safe", help="Keep CSV cells from running as formulas.")
    ] = False,
    engine: Annotated[str, typer.Option(help="local, or spark for a cluster.")] = "local",
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted run.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace OUT once the new one is complete.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processors to use; default: all.")
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda, for neural models.")] = "auto",
    batch_size: Annotated[
        int | None, typer.Option(min=1, help="Posts a neural model sees at once.")
    ] = None,
    max_length: Annotated[
        int | None, typer.Option(min=8, max=512, help="Tokens a neural model reads of a post.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no summary.")] = False,
) -> None:
    """Score every post of an input into one row each."""
    from .data.columns import parse_columns
    from .inference.batch import Interrupted
    from .inference.command import run, run_on_spark
    from .inference.encoding import COLUMNS
    from .inference.options import Options
    from .inference.summary import parse_limit
    from .models.runtime import Runtime

    limit = parse_limit(max_rejects)
    options = Options(
        input_format=_choice(input_format, "--format", ("jsonl", "csv", "parquet")),
        output_format=_choice(output_format, "--output-format", ("jsonl", "csv", "parquet")),
        columns=parse_columns(renamed or [], keep or [], COLUMNS),
        spreadsheet_safe=spreadsheet_safe,
        jurisdiction=_jurisdiction(jurisdiction),
        prevalence=_shares(prevalence or []),
        reasons=_choice(reasons, "--reasons", ("none", "flagged", "all")),
        runtime=Runtime(
            _choice(device, "--device", ("auto", "cpu", "cuda")), batch_size, max_length, jobs
        ),
        jobs=jobs,
        force=force,
        resume=resume,
    )
    on_spark = _choice(engine, "--engine", ("local", "spark")) == "spark"
    go = run_on_spark if on_spark else run
    try:
        summary = go(source, output, model, options, _errors(quiet=quiet), as_json=as_json)
    except Interrupted as stop:
        # Here, where typer has not yet made a mere code of it.
        _fail(f"interrupted; {stop}", INTERRUPTED)
    if limit.exceeded(summary):
        raise typer.Exit(TOO_MANY_REJECTS)


@app.command(epilog="Example: unpolished verify scored.jsonl")
def verify(
    output: Annotated[Path, typer.Argument(metavar="OUT", help="A file or folder score wrote.")],
) -> None:
    """Check that an output is as it was written and that every record is accounted for."""
    from .inference.verify import verify as check

    found = check(output)
    typer.echo(
        f"{output}: as written; {found.rows:,} rows in = {found.scored:,} scored "
        f"+ {found.n_rejected:,} rejected"
    )


@app.command(epilog='Example: unpolished explain "so in love with this serum, code MAYA10"')
def explain(
    text: Annotated[str, typer.Argument(help="The post.")],
    model: Model = None,
    jurisdiction: Jurisdiction = "us",
) -> None:
    """Print the labels of one post with what spoke for them."""
    from .inference.scorer import Scorer
    from .inference.terminal import print_explained

    rows = Scorer.load(model).score(
        text, jurisdiction=_jurisdiction(jurisdiction), reasons="flagged"
    )
    print_explained(rows[0], text, _output())


@app.command(epilog="Example: unpolished show scored.jsonl --posts posts.jsonl")
def show(
    scored: Annotated[Path, typer.Argument(help="A JSONL file that score wrote.")],
    posts: Annotated[Path | None, typer.Option(help="The posts, to show the text beside.")] = None,
    limit: Annotated[int, typer.Option(help="At most this many rows.")] = 50,
) -> None:
    """Print scored rows as a table."""
    from itertools import islice

    from .data.posts import Post
    from .data.reading import Reject, read_posts
    from .inference.show import scored_rows
    from .inference.terminal import print_rows

    texts = {}
    for number, item in enumerate(read_posts(posts, Post) if posts else [], 1):
        if not isinstance(item, Reject):
            texts[item[1].id or f"row-{number}"] = item[1].text
    print_rows(islice(scored_rows(scored), limit), texts, _output())


@app.command(epilog="Example: unpolished label posts.jsonl -o to-label.csv --number 50")
def label(
    source: Annotated[Path, typer.Argument(metavar="IN", help="Your own posts.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.csv")],
    number: Annotated[int, typer.Option(min=1, help="How many posts.")] = 100,
    model: Model = None,
) -> None:
    """Write the posts most worth labelling next as a CSV to fill in."""
    from .inference.labelling import write_batch
    from .inference.scorer import Scorer

    count = write_batch(source, output, Scorer.load(model), number)
    typer.echo(f"{output}: {count} posts. Fill label_style, label_paid, label_cause; then:")
    typer.echo(f"  unpolished take-labels {output} --posts {source} -o my-posts.jsonl")


@app.command(
    "take-labels",
    epilog="Example: unpolished take-labels to-label.csv --posts in.jsonl -o my.jsonl",
)
def take_labels(
    filled: Annotated[Path, typer.Argument(metavar="FILLED.csv", help="What label wrote.")],
    posts: Annotated[Path, typer.Option(help="The posts it was made from.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="JSONL; appended to.")],
) -> None:
    """Join the labels of a filled CSV to their posts, ready for train."""
    from .inference.labelling import take_labels as take

    count = take(filled, posts, output)
    typer.echo(f"{count} labelled posts appended to {output}: unpolished train --data {output}")


@app.command(epilog="Example: unpolished model --model models:/unpolished-embed/1")
def model(model: Model = None) -> None:
    """Say what a model is, how good it was found to be, and what it cannot do."""
    from .inference.scorer import Scorer
    from .inference.terminal import print_model

    print_model(Scorer.load(model).info, _output())


@app.command(epilog="Example: UNPOLISHED_MIRROR=mirror unpolished data")
def data() -> None:
    """Fetch, check and convert the public sources; print counts."""
    from .data.counts import counts
    from .data.dataset import build, fingerprint
    from .data.public import join_reports
    from .training.terminal import print_counts

    dataset, console = build("public"), _output()
    for name, report in join_reports().items():
        console.print(
            f"{name}: {report.joined:,} of {report.labelled:,} rows join", highlight=False
        )
    print_counts(counts(dataset), console)
    console.print(f"fingerprint {fingerprint(dataset)}", highlight=False)


@app.command(epilog="Example: unpolished train --recipe linear --data my-posts.csv")
def train(
    recipe: Annotated[
        str, typer.Option(help="rules, linear, embed, encoder, stack, or a TOML file.")
    ] = "linear",
    data: Annotated[
        str, typer.Option(help="corpus, public, or a file of labelled posts.")
    ] = "public",
) -> None:
    """Cross-fit, evaluate, refit, save and track one recipe."""
    from functools import partial

    from .training.recipe import read_recipe
    from .training.terminal import print_metrics, progress_bars, shown_steps, tracked
    from .training.train import data_argument
    from .training.train import train as run

    console = _output()
    with progress_bars(_errors()) as bars:
        steps = shown_steps(bars)
        done = run(read_recipe(recipe), data_argument(data), partial(tracked, bars), steps)
    for split, metrics in done.metrics.items():
        print_metrics(metrics, f"{done.model_name}, {done.titles[split]}", console)
    console.print(f"run {done.run_id} completed; registered as {done.model_name}", highlight=False)


@app.command(epilog="Example: unpolished evaluate --run 0123456789abcdef")
def evaluate(
    run: Annotated[str | None, typer.Option(help="A run id; default: the newest.")] = None,
) -> None:
    """Print the metrics of a completed run."""
    from .training.terminal import print_metrics
    from .training.tracking import finished_runs, load_table

    chosen = [r for r in finished_runs() if run in (None, r.run_id)]
    if not chosen:
        raise ValueError("no completed run found: train one first, or check the run id")
    newest = max(chosen, key=lambda r: r.started)
    metrics = load_table(newest.run_id, "metrics.parquet")
    for split in metrics["split"].unique():
        title = f"{newest.name} ({newest.experiment}), out of fold on {split}, run {newest.run_id}"
        print_metrics(metrics[metrics["split"] == split], title, _output())


@app.command(epilog="Example: unpolished compare")
def compare() -> None:
    """Print completed runs side by side, with intervals."""
    from .training.compare import compare as show_comparison

    show_comparison(_output())


@app.command(epilog="Example: unpolished promote --run 0123456789abcdef")
def promote(
    run: Annotated[str | None, typer.Option(help="A run id; default: the newest.")] = None,
) -> None:
    """Make a run's model champion if it is better on an axis and worse on none."""
    from .training.promote import promote as move
    from .training.promote import shown

    typer.echo(shown(move(run)))


@app.command(epilog="Example: unpolished rollback")
def rollback() -> None:
    """Make the champion before this one champion again."""
    from .training.promote import rollback as move_back
    from .training.promote import shown

    typer.echo(shown(move_back()))


@app.command("ship", epilog="Example: unpolished ship default --run 0123456789abcdef")
def ship(
    name: Annotated[str, typer.Argument(help="default, or linear for the light one.")],
    run: Annotated[str | None, typer.Option(help="Ship this run's model; default: train.")] = None,
) -> None:
    """Replace a model that comes with the package by that of a run on the public sources."""
    from .training.default_model import ship as replace

    typer.echo(f"the shipped model {name!r} is now that of run {replace(name, run)}")


@app.command(epilog="Example: unpolished folds")
def folds() -> None:
    """Rebuild data/labels/folds.csv after labels changed."""
    from .data.folds import build_folds

    _output().print(f"data/labels/folds.csv: sha256 {build_folds().sha256}", highlight=False)


@app.command(epilog="Example: unpolished store")
def store() -> None:
    """Create the tracking store once, before anything uses it."""
    from .training.mlflow_store import create_store

    create_store()


@app.command(epilog="Example: unpolished results")
def results() -> None:
    """Write the results table of README.md from the tracked runs."""
    from .training.results import results_markdown, write_results
    from .training.tracking import finished_runs

    write_results(Path("README.md"), results_markdown(finished_runs()))


def main() -> None:
    """Entry point: one line and an exit code where something goes wrong, never a traceback."""
    try:
        # Without standalone mode, typer returns the code of ``typer.Exit`` instead of raising it.
        code = app(standalone_mode=False) or DONE
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            raise
        # Left to typer for one thing: its reader closed the pipe. It would end with 1, which here
        # stands for too many rejects.
        os.dup2(os.open(os.devnull, os.O_WRONLY), STDOUT)
        code = DONE
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as error:
        _explain(error)
    if code == INTERRUPTED:
        _fail("interrupted", INTERRUPTED)
    sys.exit(code)


def _explain(error: Exception) -> NoReturn:
    if os.environ.get("UNPOLISHED_DEBUG"):
        raise error
    if isinstance(error, USAGE_ERROR):
        error.show()
        sys.exit(UNUSABLE)
    if isinstance(error, ImportError):
        _fail(f"{error}. For training: pip install 'unpolished[train]'", UNUSABLE)
    if isinstance(error, ValueError | OSError | _source_error()):
        _fail(str(error), UNUSABLE)
    _fail(f"internal error ({type(error).__name__}); UNPOLISHED_DEBUG=1 shows where", INTERNAL)


def _source_error() -> type[Exception]:
    from .data.sources import SourceError

    return SourceError


def _fail(message: str, code: int) -> NoReturn:
    # A message may quote a file, such as its column names: no escape sequence gets through.
    shown = "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in message)
    typer.secho(f"unpolished: {shown}", err=True, fg="red")
    sys.exit(code)


def _output() -> Console:
    from rich.console import Console

    # Piped tables would be folded to 80 columns otherwise.
    console = Console()
    return console if console.is_terminal else Console(width=160)


def _errors(*, quiet: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=True, quiet=quiet)


def _choice(value: str | None, option: str, allowed: tuple[str, ...]) -> Any:  # noqa: ANN401
    if value is not None and value not in allowed:
        raise typer.BadParameter(f"{option} {value}: choose one of {', '.join(allowed)}")
    return value


def _jurisdiction(value: str) -> Any:  # noqa: ANN401
    return _choice(value, "--jurisdiction", ("us", "uk", "eu", "in"))


def _shares(given: list[str]) -> dict[str, float]:
    from .models.calibration import check_prevalence

    shares = {}
    for item in given:
        axis, _, share = item.partition("=")
        try:
            shares[axis] = float(share)
        except ValueError:
            raise typer.BadParameter(f"--prevalence {item}: write axis=share") from None
        check_prevalence(axis, shares[axis])
    return shares


if __name__ == "__main__":
    main()
