"""Records of Parquet files."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

from ...errors import InputError, Reject
from ..fields.find import Fields
from ..open_file import MAX_RATIO

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow import parquet

Row = tuple[int, Mapping[str, Any] | Reject]
_BATCH_ROWS = 2_000
_STEP_BYTES = 1 << 24
_MAX_GROUP_BYTES = 1 << 28
# A nonce and a tag.
_SIGNATURE_BYTES = 12 + 16


def parquet_rows(stream: BinaryIO, name: str, fields: Fields) -> Iterator[Row]:
    """Each row as a mapping or a reject, with its number from 1.

    Raises:
        InputError: not a readable Parquet file, no column ``text``, or one that holds no text.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with _seekable(stream) as whole:
            file = _unencrypted(whole, name)
            places = fields.header(file.schema_arrow.names, name)
            text = places.text or ""
            check_text(file.schema_arrow.field(text).type, name, text)
            _check_size(file.metadata, whole.seek(0, io.SEEK_END), name)
            # A long text that is in many rows is held once.
            whole.seek(0)
            file = parquet.ParquetFile(whole, read_dictionary=[text])
            row = 1
            for batch in file.iter_batches(_BATCH_ROWS, columns=list(places.columns)):
                yield from batch_rows(batch, row, text)
                row += len(batch)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise InputError(f"{name}: not a readable Parquet file: {str(error)[:190]}") from error


def batch_rows(batch: pa.RecordBatch, first: int, column: str) -> Iterator[Row]:
    """Each row of a batch as a mapping or a reject, numbered from ``first``.

    Args:
        batch: has the column of the text.
        first: number of its first row.
        column: which column that is.
    """
    records = _batch_records(_readable(batch), column)
    for row, record in enumerate(records, first):
        yield row, _record(record, row, column)


def check_text(kind: pa.DataType, name: str, column: str) -> None:
    """Refuse a column of a type that holds no text.

    Raises:
        InputError: naming the column and the type.
    """
    import pyarrow as pa

    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    known = (
        pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_binary,
        pa.types.is_large_binary, pa.types.is_binary_view, pa.types.is_null,
    )  # fmt: skip
    if not any(is_kind(inner) for is_kind in known):
        raise InputError(f"{name}: column {column!r} holds {str(inner)[:60]}, not text: cast it")


def _unencrypted(stream: BinaryIO, name: str) -> parquet.ParquetFile:
    """Open a file and refuse an encrypted one, before any column is looked at.

    The end of the file tells (Parquet modular encryption, sections 5.4 and 5.5): another magic
    number where the metadata is encrypted; a signature behind it where only columns are.
    """
    from pyarrow import parquet

    stream.seek(max(0, stream.seek(0, io.SEEK_END) - 8))
    length, magic = int.from_bytes(stream.read(4), "little"), stream.read(4)
    stream.seek(0)
    encrypted = magic == b"PARE"
    if not encrypted:
        file = parquet.ParquetFile(stream)
        encrypted = length - file.metadata.serialized_size == _SIGNATURE_BYTES
    if encrypted:
        raise InputError(f"{name} is encrypted: write it again without encryption")
    return file


def _check_size(metadata: parquet.FileMetaData, size: int, name: str) -> None:
    for i in range(metadata.num_row_groups):
        if metadata.row_group(i).total_byte_size > max(_MAX_GROUP_BYTES, MAX_RATIO * size):
            raise InputError(
                f"{name}: row group {i} unpacks to more than {MAX_RATIO} times the size of the "
                "file: rewrite it with smaller row groups if it can be trusted"
            )


@contextmanager
def _seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    # The index of a Parquet file is at its end, so a pipe is spilled to disk first.
    if stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile() as spilled:
        shutil.copyfileobj(stream, spilled)
        spilled.seek(0)
        yield spilled


def _readable(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Times in microseconds, which Python can hold; whoever posts by the nanosecond is rounded."""
    import pyarrow as pa

    for i, field in enumerate(batch.schema):
        if pa.types.is_timestamp(field.type) and field.type.unit == "ns":
            micro = pa.timestamp("us", field.type.tz)
            batch = batch.set_column(i, field.name, batch.column(i).cast(micro, safe=False))
    return batch


def _batch_records(batch: pa.RecordBatch, column: str) -> Iterator[dict[str, Any] | None]:
    """Rows of a batch; None for one that holds no valid UTF-8 or no date Python knows."""
    step = _step(batch, column)
    for start in range(0, len(batch), step):
        part = batch.slice(start, step)
        try:
            yield from part.to_pylist()
        except (ValueError, OverflowError):
            # Parquet says string and does not check.
            for i in range(len(part)):
                try:
                    yield from part.slice(i, 1).to_pylist()
                except (ValueError, OverflowError):
                    yield None


def _step(batch: pa.RecordBatch, column: str) -> int:
    import pyarrow as pa
    from pyarrow import compute

    text = batch.column(column)
    values = getattr(text, "dictionary", text)
    if pa.types.is_null(values.type):
        return max(1, len(batch))
    longest = compute.max(compute.binary_length(values)).as_py() if len(values) else 0
    return max(1, min(len(batch), _STEP_BYTES // max(longest or 0, 1)))


def _record(record: dict[str, Any] | None, row: int, column: str) -> Mapping[str, Any] | Reject:
    if record is None:
        return Reject(row, None, None, "encoding", "text that is not UTF-8, or a date out of range")
    text = record[column]
    if isinstance(text, bytes):
        try:
            record[column] = text.decode("utf-8")
        except UnicodeDecodeError as error:
            message = f"field 'text': not UTF-8 at byte {error.start}"
            return Reject(row, None, "text", "encoding", message)
    return {key: value for key, value in record.items() if value is not None}
