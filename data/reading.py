"""Reading posts from JSONL, CSV and Parquet: a stream of posts and of what is none."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeVar

from .posts import Post, PostError, parse_post

Format = Literal["jsonl", "csv", "parquet"]
RejectCode = Literal["json", "encoding", "columns", "missing", "type", "value", "empty", "model"]
FORMATS: dict[str, Format] = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet",
}  # fmt: skip
PostT = TypeVar("PostT", bound=Post)
_BATCH_ROWS = 2_000
_MAX_FIELD_CHARS = 16_000_000


class InputError(ValueError):
    """Input that cannot be read at all; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that is no post.

    Attributes:
        line: 1-based line (JSONL), line where the record starts (CSV), or row (Parquet).
        id: if it could be read.
        field: at fault, if one is.
        code: why.
        message: for people; never holds the text.
    """

    line: int
    id: str | None
    field: str | None
    code: RejectCode
    message: str


def format_of(path: Path) -> Format:
    """The format an extension stands for.

    Raises:
        InputError: an unknown extension.
    """
    try:
        return FORMATS[path.suffix.lower()]
    except KeyError:
        known = ", ".join(FORMATS)
        raise InputError(f"{path}: unknown extension; use one of {known}, or --format") from None


def estimated_records(path: Path, format: Format | None = None) -> int | None:  # noqa: A002
    """About how many records a file holds, for a progress bar; None if it cannot be read.

    Lines of JSONL and CSV are counted, so a CSV with line breaks inside quotes holds fewer.
    """
    try:
        if (format or format_of(path)) == "parquet":
            from pyarrow import parquet

            return int(parquet.read_metadata(path).num_rows)
        with path.open("rb") as stream:
            return sum(piece.count(b"\n") for piece in iter(lambda: stream.read(1 << 20), b""))
    except (OSError, ValueError):
        return None


def read_posts(
    source: Path | BinaryIO,
    kind: type[PostT],
    format: Format | None = None,  # noqa: A002
) -> Iterator[tuple[int, PostT] | Reject]:
    """Stream a file record by record, in order; memory stays flat.

    Args:
        source: a path, or an open binary stream (JSONL unless ``format`` says otherwise).
        kind: ``Post`` or ``LabelledPost``.
        format: default by extension.

    Raises:
        InputError: not found, not readable, unknown extension, or no column ``text``.
    """
    if isinstance(source, Path):
        found = format or format_of(source)
        try:
            with source.open("rb") as stream:
                yield from _records(stream, source.name, found, kind)
        except OSError as error:
            raise InputError(f"{source}: {error.strerror or error}") from error
    else:
        yield from _records(source, "standard input", format or "jsonl", kind)


def _records(
    stream: BinaryIO, name: str, found: Format, kind: type[PostT]
) -> Iterator[tuple[int, PostT] | Reject]:
    rows = {"jsonl": _jsonl, "csv": _csv, "parquet": _parquet}[found](stream, name)
    for line, record in rows:
        yield record if isinstance(record, Reject) else _checked(line, record, kind)


def _checked(line: int, record: Mapping[str, Any], kind: type[PostT]) -> tuple[int, PostT] | Reject:
    try:
        post = parse_post(record, kind)
    except PostError as error:
        return Reject(line, _readable_id(record), error.field, error.code, str(error))
    if not post.text.strip():
        return Reject(line, post.id, "text", "empty", "field 'text': there is nothing in it")
    return line, post


def _readable_id(record: Mapping[str, Any]) -> str | None:
    value = record.get("id")
    return str(value)[:200] if isinstance(value, str | int) else None


def _jsonl(stream: BinaryIO, name: str) -> Iterator[tuple[int, Mapping[str, Any] | Reject]]:
    del name
    for line, raw in enumerate(stream, 1):
        content = raw.removeprefix(b"\xef\xbb\xbf") if line == 1 else raw
        if not content.strip():
            continue
        try:
            record = json.loads(content.decode("utf-8"))
        except UnicodeDecodeError as error:
            yield line, Reject(line, None, None, "encoding", f"not UTF-8 at byte {error.start}")
            continue
        except (ValueError, RecursionError) as error:
            yield line, Reject(line, None, None, "json", f"not valid JSON: {_short(error)}")
            continue
        if isinstance(record, dict):
            yield line, record
        else:
            yield line, Reject(line, None, None, "json", "a line must be one JSON object")


def _short(error: Exception) -> str:
    return (
        f"{error.msg} at column {error.colno}"
        if isinstance(error, json.JSONDecodeError)
        else type(error).__name__
    )


def _csv(stream: BinaryIO, name: str) -> Iterator[tuple[int, Mapping[str, Any] | Reject]]:
    csv.field_size_limit(_MAX_FIELD_CHARS)
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    reader = csv.reader(text, strict=True)
    try:
        header = next(reader, None)
        _check_header(header, name)
        assert header is not None  # noqa: S101  (checked one line above)
        start = reader.line_num + 1
        for values in reader:
            if values:
                yield start, _csv_record(header, values, start)
            start = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            f"{name}, line {reader.line_num}: {error}; check the quotes from there upwards"
        ) from error
    finally:
        text.detach()


def _check_header(header: list[str] | None, name: str) -> None:
    if not header or "text" not in header:
        found = ", ".join(header or [])[:300] or "nothing"
        raise InputError(
            f"{name}, line 1: no column 'text' in the header (found: {found}); "
            "name the column that holds the posts 'text'"
        )
    if len(set(header)) != len(header):
        twice = next(column for column in header if header.count(column) > 1)
        raise InputError(f"{name}, line 1: column {twice!r} stands there twice; rename one")


def _csv_record(header: list[str], values: list[str], line: int) -> Mapping[str, Any] | Reject:
    if len(values) != len(header):
        message = f"{len(values)} values for {len(header)} columns; quote values with commas"
        return Reject(line, None, None, "columns", message)
    if any(not value.isascii() and _undecoded(value) for value in values):
        return Reject(line, None, None, "encoding", "not UTF-8")
    return dict(zip(header, values, strict=True))


def _undecoded(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _parquet(stream: BinaryIO, name: str) -> Iterator[tuple[int, Mapping[str, Any] | Reject]]:
    import pyarrow as pa
    from pyarrow import parquet

    known = [*dict.fromkeys([*Post.model_fields, "label_style", "label_paid", "label_cause"])]
    try:
        with _seekable(stream) as whole:
            file = parquet.ParquetFile(whole)
            columns = [column for column in known if column in file.schema_arrow.names]
            _check_header(file.schema_arrow.names, name)
            row = 0
            for batch in file.iter_batches(_BATCH_ROWS, columns=columns):
                for record in _batch_records(batch):
                    row += 1
                    if record is None:
                        yield row, Reject(row, None, None, "encoding", "not UTF-8")
                    else:
                        yield (
                            row,
                            {key: value for key, value in record.items() if value is not None},
                        )
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{name}: no readable Parquet file: {str(error)[:200]}") from error


@contextmanager
def _seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    # The index of a Parquet file stands at its end, so a pipe is spilled to disk first.
    if stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile() as spilled:
        shutil.copyfileobj(stream, spilled)
        spilled.seek(0)
        yield spilled


def _batch_records(batch: Any) -> Iterator[dict[str, Any] | None]:  # noqa: ANN401
    """Rows of a batch; None for one whose bytes are no UTF-8, which Parquet does not check."""
    try:
        yield from batch.to_pylist()
    except UnicodeDecodeError:
        for i in range(len(batch)):
            try:
                yield from batch.slice(i, 1).to_pylist()
            except UnicodeDecodeError:
                yield None
