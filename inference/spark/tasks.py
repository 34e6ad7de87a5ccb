"""What runs in Spark's tasks: Arrow batches in and out, the model opened once per worker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from ...data.errors import InputError, Reject
from ...data.io.fields.find import Fields
from ...data.io.formats.bounded_lines import MAX_LINE_BYTES
from ...data.io.formats.json_objects import as_record, decoded, from_array
from ...data.io.formats.parquet_file import batch_rows, check_text
from ...data.io.open_file import Format
from ...models.pipeline import Pipeline
from ...models.runtime import Runtime
from ..arrow import RecordScorer, score_batches
from ..options import Options
from ..output.row_encoder import RowEncoder

if TYPE_CHECKING:
    import pyarrow as pa

# Rows without an id get one that no other task gives, as Spark's own increasing ids.
ROWS_PER_TASK = 1 << 33
LINE = "line"
WRITTEN_LINE = "value"
_Found = tuple[int, Mapping[str, Any] | Reject]


def score_frame(
    model: str | None, options: Options, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Rows for those of a DataFrame; kept columns have their types. See ``score_batches``."""
    return score_batches(_opened(model, options), batches, options, first=_first_row())


def score_files(
    model: str | None, options: Options, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Rows for those of files, as the local engine would write them, and rejects among them.

    Args:
        model: see ``dataframe.score_dataframe``.
        options: ``input_format`` says whether a batch holds columns, or lines as bytes;
            ``output_format`` whether it is answered with columns, or lines.
        batches: of one task.
    """
    score = RecordScorer(_opened(model, options), options)
    encoder = encoder_of(options)
    first = _first_row()
    for batch in batches:
        read = _lines if options.input_format == "jsonl" else _rows
        # Not all records first: what one is read as hangs on those before it.
        rows, kept = score.rows(read(batch, first, score.fields), first)
        yield _encoded(encoder, rows, kept)
        first += len(rows)


def encoder_of(options: Options) -> RowEncoder:
    """The encoder of what ``score_files`` gives."""
    return RowEncoder(written_format(options), options.columns.kept, errors=True)


def written_format(options: Options) -> Format:
    """What a folder is written as."""
    return options.output_format or "parquet"


def _encoded(encoder: RowEncoder, *rows: Any) -> pa.RecordBatch:  # noqa: ANN401
    import pyarrow as pa

    if encoder.format == "parquet":
        return encoder.batch(*rows)
    # Lines of JSON have no other line feed than their last, so a split at them is exact.
    lines = encoder.encode(*rows).decode("utf-8").split("\n")[:-1]
    return pa.RecordBatch.from_arrays([pa.array(lines, pa.string())], [WRITTEN_LINE])


def _lines(batch: pa.RecordBatch, first: int, fields: Fields) -> Iterator[_Found]:
    # A task sees lines alone, and none that are only the brackets of an array.
    lines: Iterable[bytes] = filter(None, map(from_array, batch.column(0).to_pylist()))
    return enumerate(_records(lines, fields), first)


def _records(lines: Iterable[bytes], fields: Fields) -> Iterator[Mapping[str, Any] | Reject]:
    """The records of lines, whichever export each is from: those of many files may be mixed."""
    for line in lines:
        # The line end, which Spark has cut off, counts.
        if len(line) >= MAX_LINE_BYTES:
            limit = f"longer than {MAX_LINE_BYTES >> 20} MB"
            yield Reject(1, None, None, "too_long", limit)
            continue
        record = decoded(1, line)
        if isinstance(record, Reject):
            yield record
            continue
        fields.export.known(record)
        for inner in fields.export.records_in(record):
            yield inner if inner is record else as_record(1, inner)


def _rows(batch: pa.RecordBatch, first: int, fields: Fields) -> Iterator[_Found]:
    text = fields.header(batch.schema.names, "the batch").text or ""
    check_text(batch.schema.field(text).type, "the batch", text)
    return batch_rows(batch, first, text)


def _opened(model: str | None, options: Options) -> Pipeline:
    pipeline = _pipeline(model, replace(options.runtime, threads=_threads()))
    try:
        pipeline.check_prevalence(options.prevalence)
    except ValueError as error:
        # Otherwise each row would be rejected for it.
        raise InputError(str(error)) from None
    return pipeline


@cache
def _pipeline(model: str | None, runtime: Runtime) -> Pipeline:
    """Opened once per Python worker, which Spark keeps for further tasks."""
    return Pipeline.load(model, runtime)


def _threads() -> int:
    """As many as Spark has reserved for a task, so that tasks do not crowd each other out."""
    from pyspark import TaskContext

    context = TaskContext.get()
    return context.cpus() if context else 1


def _first_row() -> int:
    from pyspark import TaskContext

    context = TaskContext.get()
    return (context.partitionId() if context else 0) * ROWS_PER_TASK + 1
