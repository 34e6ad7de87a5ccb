"""Writing scored rows as JSONL, CSV or Parquet: streamed, complete or not there at all."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TextIO

from ..data.reading import PACKED, Format, InputError, format_of
from ..models.row import ScoredPost, arrow_schema

COLUMNS = tuple(name for name in ScoredPost.model_fields if name != "error")
_NESTED = ("disclosure_terms", "reasons", "model")


class Writer(Protocol):
    """Takes rows in order."""

    def write(self, rows: Sequence[ScoredPost]) -> None:
        """Append rows."""
        ...


@contextmanager
def writing(target: Path | None, format: Format | None = None) -> Iterator[Writer]:  # noqa: A002
    """A writer for a file, or for standard output where ``target`` is None.

    The file appears under its name only when everything is written.

    Args:
        target: a path, or None for standard output.
        format: default by extension, JSONL on standard output.

    Raises:
        InputError: an unknown extension, a target that is a folder or cannot be written to, or
            Parquet on standard output.
    """
    if target is None:
        yield _to_stdout(format or "jsonl")
        # Here, where a closed pipe can still be told from a failure.
        sys.stdout.flush()
        return
    if target.is_dir():
        raise InputError(f"{target} is a folder: give the name of a file")
    if target.suffix.lower() in PACKED:
        raise InputError(f"{target}: output is not compressed; leave {target.suffix} out")
    found = format or format_of(target)
    try:
        handle, scratch = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise InputError(f"{target}: cannot write there: {error.strerror}") from error
    os.close(handle)
    path = Path(scratch)
    try:
        with _opened(path, found) as writer:
            yield writer
        _to_disk(path)
        path.chmod(0o666 & ~_umask())
        path.replace(target)
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _opened(path: Path, found: Format) -> Iterator[Writer]:
    if found == "parquet":
        from pyarrow import parquet

        with parquet.ParquetWriter(path, arrow_schema()) as inner:
            yield _Parquet(inner)
        return
    with path.open("w", encoding="utf-8", newline="") as stream:
        yield _JsonLines(stream) if found == "jsonl" else _Csv(stream)


def _to_stdout(found: Format) -> Writer:
    if found == "parquet":
        raise InputError("Parquet cannot be written to standard output: name a file, or use jsonl")
    # Rows are UTF-8 with one line end, whatever the locale or platform would have.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    return _JsonLines(sys.stdout) if found == "jsonl" else _Csv(sys.stdout)


def _umask() -> int:
    # It can only be read by setting it.
    current = os.umask(0o077)
    os.umask(current)
    return current


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


class _JsonLines:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, rows: Sequence[ScoredPost]) -> None:
        for row in rows:
            line = json.dumps(record(row), ensure_ascii=False, allow_nan=False)
            self._stream.write(line + "\n")


class _Csv:
    def __init__(self, stream: TextIO) -> None:
        self._writer = csv.writer(stream, lineterminator="\n")
        self._writer.writerow(COLUMNS)

    def write(self, rows: Sequence[ScoredPost]) -> None:
        for row in rows:
            values = record(row)
            for name in _NESTED:
                values[name] = json.dumps(values[name], ensure_ascii=False, allow_nan=False)
            self._writer.writerow(["" if v is None else _cell(v) for v in values.values()])


class _Parquet:
    def __init__(self, inner: object) -> None:
        self._inner = inner

    def write(self, rows: Sequence[ScoredPost]) -> None:
        import pyarrow as pa

        table = pa.Table.from_pylist([record(row) for row in rows], schema=arrow_schema())
        self._inner.write_table(table)  # type: ignore[attr-defined]


def record(row: ScoredPost) -> dict[str, object]:
    """The output columns of a row, in order, as JSON types.

    A lone surrogate cannot be written in UTF-8; it becomes U+FFFD. Offsets stay as they are.
    """
    values: dict[str, object] = row.model_dump(mode="python", exclude={"error"})
    values["id"] = writable(row.id)
    if row.disclosure_terms or row.reasons:
        values["disclosure_terms"] = [
            t.model_dump() | {"term": writable(t.term)} for t in row.disclosure_terms
        ]
        values["reasons"] = [r.model_dump() | {"text": writable(r.text)} for r in row.reasons]
    else:
        values["disclosure_terms"], values["reasons"] = [], []
    return values


def writable(text: str) -> str:
    """Text without lone surrogates."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _cell(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value
