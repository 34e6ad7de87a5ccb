"""The command ``score``: open the model, score, report."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import BinaryIO

from rich.console import Console

from ..data.errors import InputError
from ..inference.batch.allocator import spare_memory
from ..inference.batch.gc_tuning import spare_collector
from ..inference.batch.score_file import score_file
from ..inference.options import Options
from ..inference.output.paths import layout_of
from ..inference.summary import Summary
from ..models.pipeline import Pipeline
from .show_scores import print_authors, print_summary, scoring_progress, warn_of_input

STANDARD = "-"


def run(
    source: str,
    output: str,
    model: str | None,
    options: Options,
    console: Console,
    *,
    as_json: bool,
) -> Summary:
    """Score an input with the local engine, show progress and a summary.

    Args:
        source: a path, a glob pattern, or ``-`` for standard input.
        output: a path, or ``-`` for standard output; a folder of parts where it ends with a slash.
        model: an address; None for the shipped model.
        options: how the input is scored.
        console: for progress and the summary.
        as_json: print the summary as JSON on standard output.

    Raises:
        InputError: see ``batch.score_file.score_file``.
    """
    target = None if output == STANDARD else output
    if as_json and target is None:
        raise InputError("--json and -o - both write to standard output: give -o a file name")
    spare_memory()
    pipeline = Pipeline.load(model, options.runtime)
    spare_collector()
    stream: str | BinaryIO = sys.stdin.buffer if source == STANDARD else source
    with scoring_progress(console) as bar:
        summary = score_file(pipeline, stream, target, options, bar.show, bar.expect)
    print_summary(summary, console)
    print_authors(summary.by_author, console)
    warn_of_input(summary)
    if summary.n_rejected:
        place = "above" if target is None else str(_rejects(target, options))
        # Also with --quiet: rejects are always reported.
        print(f"warning: {summary.n_rejected:,} records rejected, see {place}", file=sys.stderr)  # noqa: T201
    if as_json:
        print(json.dumps(summary.as_json()))  # noqa: T201
    return summary


def run_on_spark(
    source: str,
    output: str,
    model: str | None,
    options: Options,
    console: Console,
    *,
    as_json: bool,
) -> Summary:
    """Score a folder of Parquet or JSONL into a fresh folder with Spark; see ``run``.

    Raises:
        InputError: see ``spark.dataframe.score_folder``; also for an option of the local engine.
    """
    from ..inference.spark.dataframe import columns_not_read, counted, new_session, score_folder
    from ..inference.spark.tasks import written_format

    if STANDARD in (source, output) or not output.endswith("/"):
        raise InputError("--engine spark reads a folder and writes a fresh FOLDER/")
    for name, given in (("--resume", options.resume), ("--force", options.force),
                        ("--spreadsheet-safe", options.spreadsheet_safe)):  # fmt: skip
        if given:
            raise InputError(
                f"{name} is an option of the local engine alone: leave it out with --engine spark"
            )
    session = new_session(options.jobs)
    started = time.monotonic()
    score_folder(session, source, output.rstrip("/"), model, options)
    summary = counted(session, output.rstrip("/"), written_format(options))
    if options.input_format != "jsonl":
        summary.not_read = columns_not_read(session, source, options)
    summary.seconds = time.monotonic() - started
    print_summary(summary, console)
    warn_of_input(summary)
    if as_json:
        print(json.dumps(summary.as_json()))  # noqa: T201
    return summary


def _rejects(target: str, options: Options) -> Path:
    return layout_of(target, options.output_format).rejects
