"""The command ``vet``: what the posts of each creator tell together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from .console import TOO_MANY_REJECTS, counting, on_stderr
from .options import InputFormat, Jurisdiction, Mapped, MaxRejects, Model, Sheet, Source

app = typer.Typer()


@app.command(epilog="Example: unpolished vet posts.csv -o report/")
def vet(
    source: Annotated[
        str,
        typer.Argument(
            metavar="POSTS",
            help="A file of posts with their authors, a folder, a glob pattern, or - for standard "
            "input.",
        ),
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FOLDER", help="A folder that is new or empty."),
    ],
    model: Model = None,
    folds: Annotated[
        str | None,
        typer.Option(
            metavar="RUN",
            help="A run that was trained with --keep-folds: its id, or a folder with its fold "
            "models. Posts and authors that the run has seen are scored by a model that has not "
            "seen them, all others by --model, by default the model of that run.",
        ),
    ] = None,
    jurisdiction: Jurisdiction = "us",
    decisions: Annotated[
        Path | None,
        typer.Option(
            help="Claims of an evidence.jsonl that somebody has decided on, as JSONL or CSV with "
            "the columns claim, decision (confirmed, rejected, unclear) and note."
        ),
    ] = None,
    rules: Annotated[
        Path | None,
        typer.Option(
            help="Rules of your own, a TOML file of [[rule]] tables with name, action (stop or "
            "watch), claims, words and tolerance."
        ),
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option(help="The folder of an earlier report: what changed is said."),
    ] = None,
    brief: Annotated[
        Path | None,
        typer.Option(
            help="What you look for, a text file with a point on each line: creators are ordered "
            "by how near their posts of high commitment are to each point."
        ),
    ] = None,
    tiers: Annotated[
        str | None,
        typer.Option(
            metavar="NAME=FOLLOWERS,...",
            help="Tiers of audiences, each with the followers from which it begins. Default: "
            "nano=0,micro=10000,mid=50000,macro=500000,mega=1000000.",
        ),
    ] = None,
    reasons: Annotated[
        Literal["none", "flagged"],
        typer.Option(help="Mark the stretches of text that support a flag (slower), or do not."),
    ] = "flagged",
    source_name: Source = None,
    sheet: Sheet = None,
    input_format: InputFormat = None,
    renamed: Mapped = None,
    max_rejects: MaxRejects = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Show neither progress nor a summary.")
    ] = False,
) -> None:
    """Vet creators: a table, the evidence for each claim, and a report to read."""
    import sys

    from ..data.io.fields.columns import parse_columns
    from ..inference.options import Options
    from ..inference.summary import Summary, parse_limit
    from ..inference.vetting.tiers import parse_tiers
    from ..inference.vetting.vet import Given, vet_file
    from ..inference.vetting.write import check_folder, write
    from ..models.fold_models.pipeline import FoldPipeline
    from ..models.pipeline import Pipeline
    from .show_vetting import print_vetting

    limit, sizes = parse_limit(max_rejects), parse_tiers(tiers)
    check_folder(output)
    options = Options(
        input_format=input_format,
        source=source_name,
        sheet=sheet,
        columns=parse_columns(renamed or [], [], ()),
        jurisdiction=jurisdiction,
        reasons=reasons,
    )
    files = Given(decisions, rules, since, brief)
    console = on_stderr(quiet=quiet)
    pipeline = (
        Pipeline.load(model, options.runtime)
        if folds is None
        else FoldPipeline.open(folds, model, options.runtime)
    )
    stream = sys.stdin.buffer if source == "-" else source
    with counting(console, "posts scored") as show:
        found = vet_file(pipeline, stream, options, files=files, tiers=sizes, on_progress=show)
    write(found, output)
    print_vetting(found, output, console)
    summary = Summary(rows=found.posts, scored=found.posts - sum(found.rejected.values()))
    summary.rejected.update(found.rejected)
    if limit.exceeded(summary):
        raise typer.Exit(TOO_MANY_REJECTS)
