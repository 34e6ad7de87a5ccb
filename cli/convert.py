"""The commands ``formats`` and ``convert``: what can be read, and reading it without scoring."""

from __future__ import annotations

from typing import Annotated

import typer

from .console import TOO_MANY_REJECTS, counting, on_stderr, on_stdout
from .options import InputFormat, Kept, Mapped, MaxRejects, Sheet, Source

app = typer.Typer()


@app.command(epilog="Example: unpolished formats x-archive")
def formats(
    name: Annotated[
        str | None, typer.Argument(help="One of the names, for all that is known of it.")
    ] = None,
) -> None:
    """List the exports that are recognised, with what their paid label means."""
    from ..data.io.exports.table import shape_called, shapes
    from .show_exports import print_shape, print_shapes

    if name is None:
        print_shapes(shapes().values(), on_stdout())
    else:
        print_shape(shape_called(name), on_stdout())


@app.command(epilog="Example: unpolished convert archive.zip -o posts.jsonl")
def convert(
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
            "--output", "-o", metavar="OUT", help="A .jsonl file, or - for standard output."
        ),
    ],
    source_name: Source = None,
    sheet: Sheet = None,
    input_format: InputFormat = None,
    renamed: Mapped = None,
    keep: Kept = None,
    max_rejects: MaxRejects = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace OUT once the new output is complete.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Show neither progress nor a summary.")
    ] = False,
) -> None:
    """Write posts under the names of their fields, one JSON object a line, without scoring them."""
    import sys

    from ..data.io.fields.columns import parse_columns
    from ..inference.convert import convert as run
    from ..inference.options import Options
    from ..inference.summary import parse_limit
    from .show_scores import print_converted, warn_of_input

    limit = parse_limit(max_rejects)
    options = Options(
        input_format=input_format,
        source=source_name,
        sheet=sheet,
        columns=parse_columns(renamed or [], keep or [], ()),
        force=force,
    )
    console = on_stderr(quiet=quiet)
    stream = sys.stdin.buffer if source == "-" else source
    with counting(console, "records read") as show:
        summary = run(stream, None if output == "-" else output, options, show)
    print_converted(summary, console)
    warn_of_input(summary)
    if limit.exceeded(summary):
        raise typer.Exit(TOO_MANY_REJECTS)
