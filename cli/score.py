"""The commands ``score`` and ``verify``: what they take; what is heavy is imported when needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from .console import INTERRUPTED, TOO_MANY_REJECTS, fail, on_stderr
from .options import FileFormat, Jurisdiction, Model, shares

app = typer.Typer()


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
    reasons: Annotated[
        Literal["none", "flagged", "all"],
        typer.Option(help="Whose reasons to add: of no axis, of flagged ones (slower), of all."),
    ] = "none",
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
        FileFormat | None, typer.Option("--format", help="Of IN; default: by extension.")
    ] = None,
    output_format: Annotated[
        FileFormat | None, typer.Option(help="Of OUT; default: by extension.")
    ] = None,
    spreadsheet_safe: Annotated[
        bool, typer.Option("--spreadsheet-safe", help="Keep CSV cells from running as formulas.")
    ] = False,
    engine: Annotated[
        Literal["local", "spark"], typer.Option(help="On this machine, or on a Spark cluster.")
    ] = "local",
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted run.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace OUT once the new one is complete.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processors to use; default: all.")
    ] = None,
    device: Annotated[
        Literal["auto", "cpu", "cuda"], typer.Option(help="Where a neural model runs.")
    ] = "auto",
    batch_size: Annotated[
        int | None, typer.Option(min=1, help="Posts a neural model sees at once; slower or faster.")
    ] = None,
    max_length: Annotated[
        int | None, typer.Option(min=8, max=512, help="Tokens a neural model reads of a post.")
    ] = None,
    precision: Annotated[
        Literal["float32", "int8"],
        typer.Option(help="int8 makes a neural model faster and a little less accurate."),
    ] = "float32",
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no summary.")] = False,
) -> None:
    """Score every post of an input into one row each."""
    from ..data.io.fields.columns import parse_columns
    from ..inference.batch.score_file import Interrupted
    from ..inference.options import Options
    from ..inference.output.row_encoder import COLUMNS
    from ..inference.summary import parse_limit
    from ..models.runtime import Runtime
    from .run_score import run, run_on_spark

    limit = parse_limit(max_rejects)
    options = Options(
        input_format=input_format,
        output_format=output_format,
        columns=parse_columns(renamed or [], keep or [], COLUMNS),
        spreadsheet_safe=spreadsheet_safe,
        jurisdiction=jurisdiction,
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
        # Here, where typer has not yet made a mere code of it.
        fail(f"interrupted; {stop}", INTERRUPTED)
    if limit.exceeded(summary):
        raise typer.Exit(TOO_MANY_REJECTS)


@app.command(epilog="Example: unpolished verify scored.jsonl")
def verify(
    output: Annotated[Path, typer.Argument(metavar="OUT", help="A file or folder score wrote.")],
) -> None:
    """Check that an output is as it was written and that every record is accounted for."""
    from ..inference.output.verify import verify as check

    found = check(output)
    typer.echo(
        f"{output}: as written; {found.rows:,} rows in = {found.scored:,} scored "
        f"+ {found.n_rejected:,} rejected"
    )
