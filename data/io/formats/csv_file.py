"""Records of CSV files, by the names in their header."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, Literal

from ...errors import InputError, Reject
from ..fields.find import Fields
from .bounded_lines import MAX_LINE_BYTES
from .csv_damage import Damage, Shape, starts
from .csv_lines import Lines
from .utf8 import Utf8Check

Row = tuple[int, Mapping[str, Any] | Reject]
# Spreadsheets of countries with a decimal comma, and copies from a sheet.
_DELIMITERS = (";", "\t", "|")
_SAID = re.compile(r'"?sep=([,;\t|])"?\s*', re.IGNORECASE)
_OPEN_QUOTE = "unexpected end of data"


@dataclass(slots=True)
class _Record:
    """Lines of a file that are one record, or take its place.

    Attributes:
        first: number of its first line.
        last: of its last.
        raw: its lines.
        values: as many as there are columns; fewer where only last ones are missing.
        code: what is wrong with it.
        message: what is wrong with it, for people.
        fragment: it has too few values to be a record.
    """

    first: int
    last: int
    raw: str
    values: list[str]
    code: Literal["csv", "columns"] | None = None
    message: str = ""
    fragment: bool = False

    def damaged(self, code: Literal["csv", "columns"], message: str) -> None:
        """Take it for none."""
        self.code, self.message = code, message


def csv_rows(stream: BinaryIO, name: str, fields: Fields) -> Iterator[Row]:
    """Each record as a mapping or a reject, with the line it starts on; empty lines are skipped.

    A row may lack last cells that are not read, or its very last one. A record with quotes that
    are not doubled is one reject, however many lines it takes, see ``csv_damage``.

    Raises:
        InputError: no usable header, a quote that is never closed, or a record over the limit.
    """
    csv.field_size_limit(MAX_LINE_BYTES)
    file = _File(Lines(stream, name), name, fields)
    held: _Record | None = None
    try:
        for record in file.records():
            # A row is believed once the next one shows that it was not cut off.
            if held is None:
                held = record
            elif file.belongs(held, record):
                held = _joined(held, record)
            else:
                yield file.row(held)
                held = record
    except InputError:
        if held is not None:
            yield file.row(held)
        raise
    if held is not None:
        yield file.row(held)
    file.utf8.check(name)


class _File:
    """A CSV file behind its header.

    Attributes:
        utf8: told of each record that is not ASCII.
    """

    def __init__(self, lines: Lines, name: str, fields: Fields) -> None:
        self._lines, self._name, self._fields = lines, name, fields
        self.utf8 = Utf8Check()
        self._delimiter = ","
        self._header = self._read_header()
        places = fields.header(self._header, f"{name}, line {lines.first}")
        read = [i for i, column in enumerate(self._header) if column in places.columns]
        spaced = len(self._header) > 1 and all(column[:1] == " " for column in self._header[1:])
        text = self._header.index(places.text or "")
        self._id = self._header.index(places.fields["id"]) if "id" in places.fields else None
        self._shape = Shape(len(self._header), text, spaced, self._id, self._delimiter)
        # A row may lack its last cell, and others behind the last one that is read.
        last_read = max((i for i in read if i < len(self._header) - 1), default=0)
        self._least = max(last_read, text) + 1
        self._end = _line_end(lines.record)
        if not lines.record.isascii():
            self._is_utf8(lines.record)
        self._damage = Damage(lines)

    def _read_header(self) -> list[str]:
        header = self._next_header()
        raw = self._lines.record
        # Excel writes which sign it means before the header.
        if said := _SAID.fullmatch(raw):
            self._delimiter = said[1]
            header = self._next_header()
            if header is None:
                raise self._bad_header()
            return header
        if header is not None and self._fields.export.known_columns(header):
            return header
        for delimiter in _DELIMITERS:
            with suppress(csv.Error):
                names = next(csv.reader([raw], strict=True, delimiter=delimiter), [])
                if len(names) > 1 and self._fields.export.known_columns(names):
                    self._delimiter = delimiter
                    return names
        if header is None:
            raise self._bad_header()
        return header

    def _bad_header(self) -> InputError:
        where = f"{self._name}, line {self._lines.first}"
        return InputError(f"{where}: not valid CSV; check the quotes in the header")

    def _next_header(self) -> list[str] | None:
        """The next line that is not empty as names; None where its quotes are damaged."""
        reader = csv.reader(self._lines, strict=True, delimiter=self._delimiter)
        header: list[str] | None = []
        while header == []:
            self._lines.begin()
            try:
                header = next(reader, None)
            except csv.Error:
                return None
            if header is None:
                return []
        return header

    def records(self) -> Iterator[_Record]:
        """All records but empty lines."""
        lines = self._lines
        reader = csv.reader(
            lines, strict=True, skipinitialspace=self._shape.spaced, delimiter=self._delimiter
        )
        after_fragment = False
        while True:
            lines.begin()
            try:
                values = next(reader, None)
            except csv.Error as error:
                if _OPEN_QUOTE in str(error):
                    raise InputError(
                        f"{self._name}, line {lines.first}: a quote is opened in the record that "
                        "starts here and never closed; close it, or double the quotes that belong "
                        "to the text"
                    ) from error
                yield self._broken("csv", "not valid CSV: a quote inside quotes is not doubled")
                continue
            if values is None:
                return
            if not values:
                continue
            n, width = len(values), self._shape.width
            if n > width or n < self._least or (n < width and after_fragment):
                message = f"{n} values for {width} columns; quote values with commas"
                broken = self._broken("columns", message)
                broken.fragment = after_fragment = n < width
                yield broken
                continue
            after_fragment = False
            if self._id is not None and n == width and " " in values[self._id]:
                self._shape = replace(self._shape, id=None)
            yield self._record(values)

    def _broken(self, code: Literal["csv", "columns"], message: str) -> _Record:
        if '"' in self._lines.record:
            self._lines.end_at(self._damage.last_line(self._shape))
        record = self._record([])
        record.damaged(code, message)
        return record

    def _record(self, values: list[str]) -> _Record:
        lines = self._lines
        return _Record(lines.first, lines.last, lines.record, values)

    def belongs(self, before: _Record, record: _Record) -> bool:
        """Whether a record is what was cut off from the one before it."""
        short = before.code is None and len(before.values) < self._shape.width
        if record.code is None:
            if not short and ('"' not in record.raw or f'"{self._delimiter} ' not in before.raw):
                return False
            odd = record.raw.count('"') % 2 == 1
            return (short or odd) and not starts(record.raw, self._shape)
        if record.fragment:
            if short:
                before.damaged("columns", f"{len(before.values)} values for {self._shape.width} "
                               "columns; a line break outside quotes cuts a record")  # fmt: skip
            if _line_end(before.raw) != self._end:
                return True
        odd = record.raw.count('"') % 2 == 1
        return odd and '"' in before.raw and not starts(record.raw, self._shape)

    def row(self, record: _Record) -> Row:
        """A record as a mapping or a reject."""
        line = record.first
        if record.code is not None:
            several = f" (lines {line:,} to {record.last:,})" if record.last > line else ""
            return line, Reject(line, None, None, record.code, record.message + several)
        if not record.raw.isascii() and not self._is_utf8(record.raw):
            message = "not UTF-8; a spreadsheet can save its sheet as 'CSV UTF-8'"
            return line, Reject(line, None, None, "encoding", message)
        if "\0" in record.raw:
            return line, Reject(line, None, None, "encoding", "a NUL byte")
        return line, dict(zip(self._header, record.values, strict=False))

    def _is_utf8(self, raw: str) -> bool:
        try:
            raw.encode("utf-8")
        except UnicodeEncodeError:
            self.utf8.bad(raw.encode("utf-8", "surrogateescape"))
            return False
        self.utf8.good()
        return True


def _joined(before: _Record, record: _Record) -> _Record:
    """One reject for both: the second is what was cut off from the first."""
    found = _Record(before.first, record.last, before.raw + record.raw, [])
    if '"' in before.raw and '"' in record.raw:
        found.damaged("csv", "not valid CSV: a quote inside quotes is not doubled")
    else:
        found.damaged("columns", "cut in two by a line break outside quotes")
    return found


def _line_end(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]
