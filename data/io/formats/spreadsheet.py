"""Rows of a sheet of a spreadsheet (.xlsx), by the names in its first row."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from typing import Any, BinaryIO

from ...errors import InputError, Reject
from ..fields.find import Fields
from ..open_file import too_much

Row = tuple[int, Mapping[str, Any] | Reject]
# A sheet of a million rows has less; what unpacks to more was made to fill memory.
_MAX_BYTES = 1 << 31
_MAX_FILE_BYTES = 1 << 28
_MAX_CELLS = 30_000_000
_CELL_BYTES = 16
_CELL = re.compile(rb'r="([A-Z]{1,3})([0-9]{1,7})"')
_DAMAGED = (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, zlib.error)


def spreadsheet_rows(stream: BinaryIO, name: str, fields: Fields) -> Iterator[Row]:
    """Each row as a mapping, with its number in the sheet; empty rows are skipped.

    The sheet is the one that was asked for, or the only one with a column of texts.

    Raises:
        InputError: no spreadsheet, no such sheet, or several that could be meant; or as
            ``Fields.header``.
    """
    import python_calamine as calamine

    content = stream.read(_MAX_FILE_BYTES + 1)
    _check_size(content, name)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = _sheet(book, name, fields)
        rows = enumerate(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False), 1)
    except calamine.CalamineError as error:
        raise InputError(f"{name}: not read as a spreadsheet: {error}; save it as CSV") from error
    first, cells = next(((n, cells) for n, cells in rows if any(map(_has, cells))), (1, []))
    header = _header(cells)
    fields.header(header, f"{name}, sheet {sheet!r}, row {first}")
    for number, cells in rows:
        values = [_value(cell) for cell in cells[: len(header)]]
        if any(map(_has, cells[len(header) :])):
            message = f"a value beside the {len(header)} named columns"
            yield number, Reject(number, None, None, "columns", message)
        elif any(map(_has, values)):
            yield number, dict(zip(header, values, strict=False))


def _check_size(content: bytes, name: str) -> None:
    if len(content) > _MAX_FILE_BYTES:
        raise InputError(f"{name} is larger than {_MAX_FILE_BYTES >> 20} MB: save it as CSV")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(member.file_size for member in archive.infolist())
            if size > _MAX_BYTES or too_much(size, len(content)):
                raise InputError(f"{name} unpacks to {size >> 20:,} MB: save the sheet as CSV")
            _check_extent(archive, name)
    except (*_DAMAGED, UnicodeDecodeError):
        raise InputError(f"{name} is no .xlsx file: save the sheet as .xlsx or CSV") from None


def _check_extent(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse a sheet with a cell so far out that all cells up to it fill the memory."""
    for member in archive.infolist():
        if not member.filename.startswith("xl/worksheets/"):
            continue
        rows, columns, before = 0, 0, b""
        with archive.open(member) as stream:
            while piece := stream.read(1 << 18):
                for found in _CELL.finditer(before + piece):
                    rows = max(rows, int(found[2]))
                    columns = max(columns, _column(found[1]))
                before = piece[-_CELL_BYTES:]
        if rows * columns > _MAX_CELLS:
            raise InputError(
                f"{name}: a sheet of {rows:,} rows and {columns:,} columns; delete what is in the "
                "last ones, or save it as CSV"
            )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number


def _sheet(book: Any, name: str, fields: Fields) -> str:  # noqa: ANN401
    names: list[str] = book.sheet_names
    if fields.sheet is not None:
        if fields.sheet not in names:
            raise InputError(f"{name}: no sheet {fields.sheet!r}; there are {', '.join(names)}")
        return fields.sheet
    if len(names) == 1:
        return names[0]
    fitting = [one for one in names if fields.export.known_columns(_first_row(book, one))]
    if len(fitting) == 1:
        fields.export.left += [f"{name}, sheet {one!r}" for one in names if one != fitting[0]]
        return fitting[0]
    which = "several sheets have" if fitting else "no sheet has"
    raise InputError(
        f"{name}: {which} a column of texts; name one with --sheet ({', '.join(fitting or names)})"
    )


def _first_row(book: Any, sheet: str) -> list[str]:  # noqa: ANN401
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=20)
    return _header(next((cells for cells in rows if any(map(_has, cells))), []))


def _header(cells: list[Any]) -> list[str]:
    named = [str(cell) for cell in cells]
    while named and not named[-1].strip():
        named.pop()
    return named


def _has(cell: object) -> bool:
    return cell is not None and cell != ""


def _value(cell: Any) -> Any:  # noqa: ANN401
    # An empty cell is no empty text.
    if cell == "":
        return None
    return str(cell) if isinstance(cell, time | timedelta) else cell
