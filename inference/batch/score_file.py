"""Scoring an input of any size: nothing lost, nothing doubled, taken up after an interruption."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from ...data.errors import InputError, UnusableError
from ...data.io.fields.find import Fields
from ...data.io.open_file import Format
from ...models.fingerprint import program
from ...models.pipeline import Pipeline
from ..options import Options
from ..output.assemble import assemble, publish
from ..output.manifest import difference, read_manifest, run_entry
from ..output.paths import Layout, layout_of
from ..output.resume import Action, Found, next_step
from ..output.row_encoder import RowEncoder
from ..output.scored_part import ScoredPart
from ..output.stdout import to_stdout
from ..output.verify import verified
from ..output.workdir import Partial, claimed
from ..summary import Summary
from .duplicate_ids import IdCounter
from .inputs import Inputs, find_inputs
from .parts import NETWORK_PART_ROWS, Part, cut
from .pool import score_parts

OnProgress = Callable[[Summary], None]
OnTotal = Callable[[int | None], None]


class Interrupted(KeyboardInterrupt):
    """Ctrl-C in a run that can be taken up again; says how."""


def score_file(
    pipeline: Pipeline,
    source: str | Path | BinaryIO,
    target: str | Path | None,
    options: Options | None = None,
    on_progress: OnProgress = lambda _: None,
    on_total: OnTotal = lambda _: None,
) -> Summary:
    """Score a file, a folder or a glob of files, or a stream; memory does not grow with it.

    Args:
        pipeline: a loaded model.
        source: a path, a pattern, or an open binary stream.
        target: a file; a folder of parts if it ends with a slash; None for standard output.
        options: formats, jurisdiction and so on.
        on_progress: called after each part.
        on_total: called with about how many records there are, before the first part of an output
            other than standard output; with None if it cannot be told.

    Returns:
        Counts; rows read are rows scored plus rows rejected.

    Raises:
        InputError: unusable input, or an output that may not be written; what is complete by then
            stays in ``OUT.partial/`` and is taken up with ``Options(resume=True)``.
        Interrupted: Ctrl-C; what is complete by then stays in ``OUT.partial/``.
        ValueError: a prevalence that the model cannot be set to.
    """
    options = options or Options()
    # What no post can help is found here, not post by post: else all would be rejected.
    pipeline.check_prevalence(options.prevalence)
    inputs = find_inputs(source, options.input_format)
    run = _Run(pipeline, inputs, options, on_progress, on_total)
    if target is None:
        if options.resume:
            raise InputError("standard output cannot be resumed: name a file")
        return run.to_stdout()
    layout = layout_of(target, options.output_format)
    _keep_input(inputs, layout)
    if options.spreadsheet_safe and layout.format != "csv":
        raise InputError("--spreadsheet-safe is for CSV: name the output .csv")
    if options.resume and not inputs.resumable:
        raise InputError("a stream cannot be read again, so not resumed: give a file")
    return run.to_file(layout)


def _keep_input(inputs: Inputs, layout: Layout) -> None:
    for path in (layout.target, layout.rejects, layout.manifest):
        for file in inputs.files:
            with suppress(OSError):
                if path.samefile(file.path):
                    raise InputError(
                        f"{path} is the input itself: choose another name for the output"
                    )


class _Run:
    """The state of one call of ``score_file``."""

    def __init__(
        self,
        pipeline: Pipeline,
        inputs: Inputs,
        options: Options,
        on_progress: OnProgress,
        on_total: OnTotal,
    ) -> None:
        self._pipeline, self._inputs, self._options = pipeline, inputs, options
        self._on_progress, self._on_total = on_progress, on_total
        self._summary, self._ids, self._fields = (
            Summary(),
            IdCounter(),
            Fields(options.columns, options.source, options.sheet, exports=True),
        )
        self._started = time.monotonic()

    def to_stdout(self) -> Summary:
        """Rows on standard output, rejects on standard error."""
        encoder = self._encoder(self._options.output_format or "jsonl")
        with to_stdout(encoder) as write:
            self._score(self._parts(), encoder, write)
        self._said_of_input()
        return self._total()

    def to_file(self, layout: Layout) -> Summary:
        """A file or a folder, by way of ``OUT.partial/``."""
        with claimed(layout, keep=self._inputs.resumable) as partial:
            found = Found(layout.target.exists(), partial.manifest)
            step = next_step(found, layout, resume=self._options.resume, force=self._options.force)
            run = self._run_entry(layout)
            if step is Action.NOTHING:
                return self._nothing_to_do(layout, run)
            if step is not Action.BEGIN:
                self._check_same(partial.manifest.run or {}, run)
            try:
                if step is not Action.PUBLISH:
                    self._complete(partial, run, go_on=step is Action.GO_ON)
                publish(partial, force=bool((partial.manifest.run or {}).get("force")))
            except KeyboardInterrupt:
                if partial.resume_hint:
                    raise Interrupted(partial.resume_hint) from None
                raise
            except UnusableError:
                partial.remove()
                raise
            except InputError as error:
                raise (
                    type(error)(f"{error}; {partial.resume_hint}") if partial.resume_hint else error
                ) from None
            # Authors are in no manifest: of parts that an earlier run made they are not known.
            by_author = self._summary.by_author
            self._summary = Summary.from_counts(partial.manifest.end or {})
            self._summary.by_author = by_author
        return self._total()

    def _complete(self, partial: Partial, run: dict[str, Any], *, go_on: bool) -> None:
        layout, inputs = partial.layout, self._inputs
        encoder = self._encoder(layout.format)
        stamps, parts = inputs.stamps(), self._parts()
        if go_on:
            partial.go_on()
            self._skip(parts, partial.manifest.parts)
        else:
            partial.begin(run)
        header = encoder.header if layout.is_folder else b""
        self._score(parts, encoder, lambda part: partial.add(part, header, self._seconds()))
        if inputs.stamps() != stamps:
            raise InputError("the input was changed while it was read: score it anew")
        self._summary.seconds = self._seconds()
        self._said_of_input()
        assemble(partial, encoder, self._summary)

    def _said_of_input(self) -> None:
        self._summary.not_read = self._fields.not_read()
        self._summary.read_as = dict(self._fields.export.read_as)
        self._summary.left = [*self._inputs.left, *self._fields.export.left]

    def _score(
        self, parts: Iterator[Part], encoder: RowEncoder, take: Callable[[ScoredPart], None]
    ) -> None:
        with closing(score_parts(parts, self._pipeline, self._options, encoder)) as scored:
            for part in scored:
                take(part)
                self._summary.add(part.summary)
                self._on_progress(self._summary)

    def _skip(self, parts: Iterator[Part], complete: list[dict[str, Any]]) -> None:
        """Pass over the parts that are complete, and count them."""
        for entry, part in zip(complete, islice(parts, len(complete)), strict=True):
            if part.rows != entry["rows"]:
                raise InputError("the input is cut into other parts than before: score it anew")
            self._summary.add(Summary.from_counts(entry))
        self._on_progress(self._summary)

    def _nothing_to_do(self, layout: Layout, run: dict[str, Any]) -> Summary:
        """The totals of a complete output, if it is what this run would give."""
        self._check_same(verified(layout).run or {}, run)
        self._summary = Summary.from_counts(read_manifest(layout.manifest).end or {})
        return self._total()

    def _check_same(self, before: dict[str, Any], run: dict[str, Any]) -> None:
        if changed := difference(before, run):
            raise InputError(f"not the run that was begun: {changed}; give what it had, or score "
                             "into another output")  # fmt: skip

    def _parts(self) -> Iterator[Part]:
        most = None if self._pipeline.independent_rows else NETWORK_PART_ROWS
        return cut(self._inputs.items(self._fields, self._lacks), self._ids.see, most)

    def _lacks(self, file: str, columns: frozenset[str]) -> None:
        if self._inputs.many:
            self._summary.lacking[file] = sorted(columns)

    def _encoder(self, file_format: Format) -> RowEncoder:
        return RowEncoder(
            file_format, self._options.columns.kept, guard=self._options.spreadsheet_safe
        )

    def _run_entry(self, layout: Layout) -> dict[str, Any]:
        info, files = self._pipeline.info, self._inputs.fingerprints()
        self._on_total(_sum(file.records for file in files))
        model = {"name": info.name, "version": info.version, "sha256": self._pipeline.digest}
        return run_entry(
            program=program(),
            model=model,
            settings=self._options.settings(layout),
            inputs=[file.entry() for file in files],
            force=self._options.force,
        )

    def _seconds(self) -> float:
        return time.monotonic() - self._started

    def _total(self) -> Summary:
        summary = self._summary
        summary.seconds, summary.duplicate_ids = self._seconds(), self._ids.repeated
        if summary.rows != summary.scored + summary.n_rejected:
            raise RuntimeError("rows are unaccounted for: please report this")
        return summary


def _sum(counts: Iterable[int | None]) -> int | None:
    total = 0
    for n in counts:
        if n is None:
            return None
        total += n
    return total or None
