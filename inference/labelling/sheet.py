"""The sheet that a person fills with labels: written for spreadsheets, read as they save it.

A spreadsheet rounds numbers of more than 15 digits, drops leading zeros, makes dates of 3-4, saves
in its country's encoding and separator, and leaves the last empty cells of a row out. So each row
has a key of letters alone, which stays as it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...data.axes import TARGETS
from ...data.errors import InputError
from ...data.io.formats.bounded_lines import MAX_LINE_BYTES
from ...data.posts import LabelledPost, Post, PostError, parse_post
from ...data.values.csv_injection import guarded
from .cells import KEY, MAX_CELL, key_of

LABEL_COLUMNS = tuple(f"label_{target}" for target in TARGETS)
SHEET_COLUMNS = ("key", "id", "author", "platform", "text", *LABEL_COLUMNS)
_SEPARATORS = (",", ";", "\t", "|")
_WORKBOOK = b"PK\x03\x04"
_LINE_END = re.compile(r"[\r\n]")


@dataclass(frozen=True)
class SheetRow:
    """A row with a label.

    Attributes:
        line: on which it starts.
        key: see ``key_of``; empty where the sheet has none.
        id: as the spreadsheet left it, or empty.
        text: as the spreadsheet left it, or empty.
        labels: by their field.
    """

    line: int
    key: str
    id: str
    text: str
    labels: Mapping[str, str]


def write_sheet(path: Path, posts: Iterable[tuple[str, Post]]) -> None:
    """Write a sheet to fill in. Cells that a spreadsheet would run begin with an apostrophe."""
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(SHEET_COLUMNS)
        for post_id, post in posts:
            cells = (post_id, post.author or "", post.platform or "", post.text[:MAX_CELL])
            key = key_of(post_id, post.text)
            writer.writerow([key, *map(guarded, cells), *[""] * len(LABEL_COLUMNS)])


def read_sheet(path: Path) -> tuple[list[SheetRow], list[int]]:
    """The rows with a label, and the lines of those without one.

    Raises:
        InputError: not a CSV file, a missing label column, or an unknown label.
    """
    try:
        text = _decoded(path.read_bytes(), path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    csv.field_size_limit(MAX_LINE_BYTES)
    rows, unlabelled = [], []
    stream = io.StringIO(text, newline="")
    reader = csv.reader(stream, delimiter=_separator(text), strict=True)
    try:
        names = _header(next(reader, []), path)
        start = reader.line_num + 1
        for cells in reader:
            line, start = start, reader.line_num + 1
            # Empty cells at the end of a row may be left out.
            found = dict.fromkeys(SHEET_COLUMNS, "") | dict(
                zip(names, map(str.strip, cells), strict=False)
            )
            if labels := _labels(found, path, line):
                rows.append(SheetRow(line, found["key"], found["id"], found["text"], labels))
            elif any(found.values()):
                _check_whole(found, names, path, line)
                unlabelled.append(line)
    except csv.Error as error:
        raise InputError(f"{path.name}, line {reader.line_num}: not valid CSV: {error}") from error
    if not rows:
        raise InputError(f"{path.name}: no row has a label yet")
    return rows, unlabelled


def _check_whole(found: Mapping[str, str], names: Sequence[str], path: Path, line: int) -> None:
    """Refuse the rest of a row that was cut, whose labels stand in other columns."""
    whole = KEY.fullmatch(found["key"]) if "key" in names else found["text"] or "text" not in names
    if not whole:
        raise InputError(
            f"{path.name}, line {line}: this is not a row of the sheet: restore the line break or "
            "quote that was lost above it, or remove it"
        )


def _decoded(data: bytes, path: Path) -> str:
    if data.startswith(_WORKBOOK):
        raise InputError(f"{path.name}: this is a workbook: save it as CSV (UTF-8)")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Letters may be others in it; rows are found all the same, by ASCII letters alone.
        return data.decode("cp1252", "replace")


def _separator(text: str) -> str:
    header = _LINE_END.split(text, maxsplit=1)[0]
    return max(_SEPARATORS, key=header.count)


def _header(cells: list[str], path: Path) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    for name in LABEL_COLUMNS:
        if name not in names:
            raise InputError(f"{path.name}, line 1: no column {name!r}")
    if not {"key", "id", "text"} & set(names):
        raise InputError(f"{path.name}, line 1: no column 'key', 'id' or 'text' to find posts by")
    for name in SHEET_COLUMNS:
        if names.count(name) > 1:
            raise InputError(f"{path.name}, line 1: column {name!r} appears twice; rename one")
    return names


def _labels(found: Mapping[str, str], path: Path, line: int) -> dict[str, str]:
    given: dict[str, Any] = {name: found.get(name, "").lower() for name in LABEL_COLUMNS}
    given = {name: label for name, label in given.items() if label}
    try:
        parse_post({"text": "x", **given}, LabelledPost)
    except PostError as error:
        raise InputError(f"{path.name}, line {line}: {error}") from None
    return given
