"""Records of CSV files, by the names in their header."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from .columns import Columns
from .lines import MAX_LINE_BYTES, bounded_lines
from .rejects import InputError, Reject

Row = tuple[int, Mapping[str, Any] | Reject]
_OPEN_QUOTE = "unexpected end of data"
_SHOWN_CHARS = 300
_NAME = re.compile(r"[^\s\"'{}]{1,30}")
_AS_NAMED = Columns()


def csv_rows(stream: BinaryIO, name: str, columns: Columns = _AS_NAMED) -> Iterator[Row]:
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
    check_header(header or [], name, columns)
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


def check_header(header: list[str], name: str, columns: Columns = _AS_NAMED) -> None:
    """Refuse column names without those asked for, or with one that stands there twice.

    Raises:
        InputError: saying which columns were found.
    """
    if columns.text not in header:
        # Without a header, the first post stands here; words in a row are not shown.
        names = [name if _NAME.fullmatch(name) else "…" for name in header]
        found = ", ".join(names)[:_SHOWN_CHARS] or "nothing"
        how = "name the column that holds the posts 'text', or say --map text=COLUMN"
        if len(header) == 1 and any(sign in header[0] for sign in ";\t|"):
            how = "separate the columns with commas"
        missing = f"{name}, line 1: no column {columns.text[:_SHOWN_CHARS]!r} in the header"
        raise InputError(f"{missing} (found: {found}); {how}")
    if len(set(header)) != len(header):
        twice = Counter(header).most_common(1)[0][0][:_SHOWN_CHARS]
        raise InputError(f"{name}, line 1: column {twice!r} stands there twice; rename one")
    columns.check(header, name)


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
