"""Records of CSV files, by the names in their header."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from .io.fields import Fields
from .lines import MAX_LINE_BYTES, bounded_lines
from .rejects import InputError, Reject

Row = tuple[int, Mapping[str, Any] | Reject]
_OPEN_QUOTE = "unexpected end of data"


def csv_rows(stream: BinaryIO, name: str, fields: Fields) -> Iterator[Row]:
    """Each record as a mapping or a reject, with the line it starts on; empty lines are skipped.

    Raises:
        InputError: no usable header, a quote that is never closed, or a record over the limit.
    """
    csv.field_size_limit(MAX_LINE_BYTES)
    lines = _Lines(stream, name)
    reader = csv.reader(lines, strict=True)
    try:
        header = next(reader, None)
    except csv.Error as error:
        raise InputError(f"{name}, line 1: {error}; check the quotes in the header") from error
    fields.header(header or [], f"{name}, line 1")
    while True:
        start = lines.begin_record(reader.line_num)
        try:
            values = next(reader, None)
        except csv.Error as error:
            if _OPEN_QUOTE in str(error):
                raise InputError(
                    f"{name}, line {start}: a quote is opened in the record that starts here and "
                    "never closed; close it, or double the quotes that belong to the text"
                ) from error
            what = "a quote inside quotes is not doubled"
            yield start, Reject(start, None, None, "csv", f"not valid CSV: {what}")
            continue
        if values is None:
            return
        if values:
            yield start, _record(header or [], values, start)


class _Lines:
    """Decoded lines for the reader, as long as no record takes too many bytes."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._lines = enumerate(bounded_lines(stream), 1)
        self._name, self._start, self._size = name, 1, 0

    def begin_record(self, lines_read: int) -> int:
        """Count anew; returns the line on which the next record starts."""
        self._start, self._size = lines_read + 1, 0
        return self._start

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        number, raw = next(self._lines)
        self._size += MAX_LINE_BYTES + 1 if raw is None else len(raw)
        if raw is None or self._size > MAX_LINE_BYTES:
            raise InputError(
                f"{self._name}, line {self._start}: the record that starts here is longer than "
                f"{MAX_LINE_BYTES >> 20} MB; is a quote not closed?"
            )
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        # Bad bytes become lone surrogates, so that only their record is rejected.
        return raw.decode("utf-8", "surrogateescape")


def _record(header: list[str], values: list[str], line: int) -> Mapping[str, Any] | Reject:
    if len(values) != len(header):
        message = f"{len(values)} values for {len(header)} columns; quote values with commas"
        return Reject(line, None, None, "columns", message)
    if any(not value.isascii() and _undecoded(value) for value in values):
        return Reject(line, None, None, "encoding", "not UTF-8")
    if any("\0" in value for value in values):
        return Reject(line, None, None, "encoding", "a NUL byte")
    return dict(zip(header, values, strict=True))


def _undecoded(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False
