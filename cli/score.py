"""The commands ``score`` and ``verify``; heavy modules are imported inside each command."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from .console import INTERRUPTED, TOO_MANY_REJECTS, fail, on_stderr
from .options import (
    FileFormat,
    InputFormat,
    Jurisdiction,
    Kept,
    Mapped,
    MaxRejects,
    Model,
    RulesOn,
    Sheet,
    Source,
    shares,
)

app = typer.Typer()


@app.command(epilog="Example: unpolished score posts.csv -o scored.jsonl --max-rejects 5%")
def score(
    source: Annotated[
        str,
        typer.Argument(
            metavar="IN",
            help="A file of posts (JSON, CSV, Parquet, .xlsx, or the .zip of an archive), a "
            "folder, a glob pattern, or - for standard input.",
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="A file, FOLDER/ for a folder of parts, or - for standard output.",
        ),
    ],
    model: Model = None,
    jurisdiction: Jurisdiction = "us",
    rules_on: RulesOn = None,
    prevalence: Annotated[
        list[str] | None,
        typer.Option(
            help="Share of posts to assume, as axis=share, e.g. paid=0.05; may be repeated. "
            "Probabilities move, labels do not."
        ),
    ] = None,
    reasons: Annotated[
        Literal["none", "flagged", "all"],
        typer.Option(
            help="Add the stretches of text that support a flag: for no axis, for flagged axes "
            "(slower), or for all axes."
        ),
    ] = "none",
    renamed: Mapped = None,
    keep: Kept = None,
    max_rejects: MaxRejects = None,
    source_name: Source = None,
    sheet: Sheet = None,
    input_format: InputFormat = None,
    output_format: Annotated[
        FileFormat | None, typer.Option(help="Format of OUT. Default: told by the file extension.")
    ] = None,
    spreadsheet_safe: Annotated[
        bool,
        typer.Option(
            "--spreadsheet-safe", help="Keep spreadsheets from running CSV cells as formulas."
        ),
    ] = False,
    engine: Annotated[
        Literal["local", "spark"], typer.Option(help="Score on this machine or on a Spark cluster.")
    ] = "local",
    resume: Annotated[bool, typer.Option("--resume", help="Continue an interrupted run.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace OUT once the new output is complete.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Number of processors to use. Default: all.")
    ] = None,
    device: Annotated[
        Literal["auto", "cpu", "cuda"],
        typer.Option(help="Device that a neural model runs on; auto takes a GPU if there is one."),
    ] = "auto",
    batch_size: Annotated[
        int | None,
        typer.Option(
            min=1, help="Number of posts in a batch of a neural model; changes speed and memory."
        ),
    ] = None,
    max_length: Annotated[
        int | None,
        typer.Option(
            min=8, max=512, help="Maximum number of tokens that a neural model reads of a post."
        ),
    ] = None,
    precision: Annotated[
        Literal["float32", "int8"] | None,
        typer.Option(
            help="Arithmetic of a neural model, if not its own (default: int8 on a processor): "
            "int8 is faster, float32 more exact."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the summary as JSON on standard output.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Show neither progress nor a summary.")
    ] = False,
) -> None:
    """Score posts: one row of labels and probabilities per post."""
    from ..data.io.fields.columns import parse_columns
    from ..inference.batch.score_file import Interrupted
    from ..inference.options import Options
    from ..inference.output.row_encoder import ROW_COLUMNS
    from ..inference.summary import parse_limit
    from ..models.runtime import Runtime
    from .run_score import run, run_on_spark

    limit = parse_limit(max_rejects)
    options = Options(
        input_format=input_format,
        source=source_name,
        sheet=sheet,
        output_format=output_format,
        columns=parse_columns(renamed or [], keep or [], ROW_COLUMNS),
        spreadsheet_safe=spreadsheet_safe,
        jurisdiction=jurisdiction,
        rules_on=(rules_on or datetime.now()).date(),
        prevalence=shares(prevalence or []),
        reasons=reasons,
        runtime=Runtime(device, batch_size, max_length, jobs, precision),
        jobs=jobs,
        force=force,
        resume=resume,
    )
    go = run_on_spark if engine == "spark" else run
    try:
        summary = go(source, output, model, options, on_stderr(quiet=quiet), as_json=as_json)
    except Interrupted as stop:
        # Caught here: further out, typer has reduced it to an exit code.
        fail(f"interrupted; {stop}", INTERRUPTED)
    if limit.exceeded(summary):
        raise typer.Exit(TOO_MANY_REJECTS)


@app.command(epilog="Example: unpolished verify scored.jsonl")
def verify(
    output: Annotated[
        Path, typer.Argument(metavar="OUT", help="A file or folder that score wrote.")
    ],
) -> None:
    """Check that an output is unchanged and complete. Every input record is accounted for."""
    from ..inference.output.verify import verify as check

    found = check(output)
    typer.echo(
        f"{output}: unchanged; {found.rows:,} rows in = {found.scored:,} scored "
        f"+ {found.n_rejected:,} rejected"
    )
