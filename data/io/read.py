"""Reading posts from files of all kinds: the one door, for scoring and training alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import Any, BinaryIO, Generic, NamedTuple, TypeVar

from ..errors import InputError, Reject
from ..posts import Post, PostError, numbered, parse_post
from ..values.fields import read_id
from .fields.find import Fields
from .formats.bounded_lines import MAX_LINE_BYTES
from .formats.csv_file import csv_rows
from .formats.json_objects import as_record
from .formats.jsonl import jsonl_rows
from .formats.parquet_file import parquet_rows
from .formats.spreadsheet import spreadsheet_rows
from .open_file import Format, InputFormat, jsonl_or_csv, open_decompressed, opened
from .zip_archive import member, members_with_posts, opened_zip, owner_beside, owner_in_zip

FORMATS: dict[str, Format] = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet",
}  # fmt: skip
# What is read, but not written.
_READ: dict[str, InputFormat] = {
    ".json": "jsonl", ".js": "jsonl", ".tsv": "csv", ".tab": "csv", ".xlsx": "xlsx", ".zip": "zip",
}  # fmt: skip
PACKED = (".gz", ".zst", ".bz2", ".xz")
STANDARD_INPUT = "standard input"
PostT = TypeVar("PostT", bound=Post)
F = TypeVar("F", bound=str)
_Records = Iterator[tuple[int, Mapping[str, Any] | Reject]]
# So many records are looked at for what a file is, and more of a file that nobody knows yet.
_LOOKED_AT, _LOOKED_AT_UNKNOWN = 100, 1_000
# As much as one record may take.
_LOOKED_AT_BYTES = MAX_LINE_BYTES


def _json_rows(stream: BinaryIO, name: str, fields: Fields) -> _Records:
    """The records of JSON, those in lists inside of other objects included.

    Raises:
        InputError: as ``jsonl_rows``, or if no record is known.
    """
    rows = jsonl_rows(stream, name, fields)
    held: list[tuple[int, Mapping[str, Any] | Reject]] = []
    good: list[Mapping[str, Any]] = []
    known, size = False, 0
    for row in rows:
        held.append(row)
        if not isinstance(row[1], Reject):
            good.append(row[1])
            known = fields.export.streamed or known or fields.export.known(row[1])
            size += sum(len(value) for value in row[1].values() if isinstance(value, str | list))
        enough = _LOOKED_AT if known else _LOOKED_AT_UNKNOWN
        if len(held) >= enough or size > _LOOKED_AT_BYTES:
            break
    if good and not known:
        raise fields.export.unknown(good[0], "json", name)
    fields.export.look(good)
    for line, record in chain(held, rows):
        if isinstance(record, Reject) or fields.export.streamed:
            yield line, record
            continue
        for inner in fields.export.records_in(record):
            yield line, inner if inner is record else as_record(line, inner)


_READERS: dict[InputFormat, Callable[[BinaryIO, str, Fields], _Records]] = {
    "jsonl": _json_rows, "csv": csv_rows, "parquet": parquet_rows, "xlsx": spreadsheet_rows,
}  # fmt: skip


def format_of(path: Path) -> Format:
    """The format in which a file of this name is written; of compression the name is passed over.

    Raises:
        InputError: an unknown extension.
    """
    return _format(path, FORMATS, "")


def input_format_of(path: Path) -> InputFormat:
    """The format in which a file of this name is read.

    Raises:
        InputError: an unknown extension.
    """
    return _format(path, FORMATS | _READ, ", or --format")


def _format(path: Path, known: Mapping[str, F], else_: str) -> F:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if len(suffixes) > 1 and suffixes[-1] in PACKED:
        suffixes.pop()
    try:
        return known[suffixes[-1] if suffixes else ""]
    except KeyError:
        message = f"{path}: unknown extension; use one of {', '.join(known)}{else_}"
        raise InputError(message) from None


class Item(NamedTuple, Generic[PostT]):
    """One record of an input.

    Attributes:
        file: what the file is called.
        line: 1-based line (JSONL), line where the record starts (CSV), or row (Parquet).
        found: the post, or the reason why it is not one; either knows its ``row_id``.
        kept: the columns that go along to the output, as JSON types; empty beside a reject.
    """

    file: str
    line: int
    found: PostT | Reject
    kept: tuple[Any, ...] = ()


def read_posts(
    path: Path | BinaryIO,
    kind: type[PostT],
    format: InputFormat | None = None,  # noqa: A002
    *,
    source: str | None = None,
    sheet: str | None = None,
) -> Iterator[tuple[int, PostT] | Reject]:
    """Stream a file record by record, in order; memory stays flat.

    Args:
        path: of a file, or an open binary stream (JSON or CSV, by how it begins, unless ``format``
            says otherwise).
        kind: ``Post`` or ``LabelledPost``.
        format: default by extension.
        source: the export that it is, see ``unpolished formats``; default by what it holds.
        sheet: of a spreadsheet; default the only one with a column of texts.

    Raises:
        InputError: the file as a whole cannot be read; the message says why and what to do.
    """
    fields = Fields(source=source, sheet=sheet, exports=True)
    for item in read_items(path, kind, format, fields, count(1)):
        yield item.found if isinstance(item.found, Reject) else (item.line, item.found)


def read_items(
    path: Path | BinaryIO,
    kind: type[PostT],
    format: InputFormat | None,  # noqa: A002
    fields: Fields,
    numbers: Iterator[int],
    name: str | None = None,
) -> Iterator[Item[PostT]]:
    """Stream a file as ``read_posts`` does, each record with its place and the kept columns.

    Args:
        path: see ``read_posts``.
        kind: see ``read_posts``.
        format: see ``read_posts``.
        fields: finds posts in the records, and what goes along; told of the header, if there is
            one.
        numbers: of the records: one iterator for all files of an input.
        name: what the file is called; default by its path.

    Raises:
        InputError: see ``read_posts``.
    """
    if isinstance(path, Path):
        file_format = format or input_format_of(path)
        try:
            if file_format == "zip":
                yield from _archived(path, kind, fields, numbers, name or path.name)
                return
            with opened(path, file_format) as stream:
                fields.export.owner_of = partial(owner_beside, path)
                records = _READERS[file_format](stream, path.name, fields)
                yield from items_of(records, kind, fields, numbers, name or path.name)
        except OSError as error:
            raise InputError(f"{path}: {error.strerror or error}") from error
    else:
        name = name or STANDARD_INPUT
        if format == "zip":
            raise InputError(f"{name}: a ZIP archive cannot be read from a stream: give its path")
        stream = open_decompressed(path, name, format or "jsonl")
        file_format, stream = (format, stream) if format else jsonl_or_csv(stream)
        yield from items_of(
            _READERS[file_format](stream, name, fields), kind, fields, numbers, name
        )


def _archived(
    path: Path, kind: type[PostT], fields: Fields, numbers: Iterator[int], name: str
) -> Iterator[Item[PostT]]:
    """The records of all files of an archive that hold posts; one that does not leaves a reject.

    Raises:
        InputError: no archive, or no file of it could be read.
    """
    with opened_zip(path) as archive:
        found, left = members_with_posts(archive, path.name, fields.export.asked, _is_known)
        fields.export.left += [f"{name}/{one}" for one in left]
        failed = 0
        for n, inside in enumerate(found):
            if n:
                fields.end_file()
            fields.export.owner_of = partial(owner_in_zip, archive, inside)
            where, line = f"{name}/{inside.filename}", 0
            file_format = input_format_of(Path(inside.filename))
            try:
                with member(archive, inside, path.name) as packed:
                    stream = open_decompressed(packed, where, file_format)
                    records = _READERS[file_format](stream, where, fields)
                    for item in items_of(records, kind, fields, numbers, where):
                        line = item.line
                        yield item
            except InputError as error:
                failed += 1
                if failed == len(found):
                    raise
                reject = Reject(line + 1, None, None, "file", str(error), next(numbers))
                yield Item(where, line + 1, reject)


def _is_known(name: str) -> bool:
    try:
        return input_format_of(Path(name)) != "zip"
    except InputError:
        return False


def items_of(
    records: Iterable[tuple[int, Mapping[str, Any] | Reject]],
    kind: type[PostT],
    fields: Fields,
    numbers: Iterator[int],
    name: str = "",
) -> Iterator[Item[PostT]]:
    """Records that are read already, each with its line, as ``read_items`` gives them."""
    keeps = bool(fields.columns.kept)
    for line, record in records:
        number = next(numbers)
        if isinstance(record, Reject):
            yield Item(name, line, replace(record, number=number))
            continue
        found = checked(record, kind, fields, line, number)
        if not keeps or isinstance(found, Reject):
            yield Item(name, line, found)
            continue
        try:
            yield Item(name, line, found, fields.kept(record))
        except ValueError as error:
            message = f"a kept column: {error}"
            yield Item(name, line, Reject(line, found.id, None, "value", message, number))


def checked(
    record: Mapping[str, Any], kind: type[PostT], fields: Fields, line: int, number: int
) -> PostT | Reject:
    """The record as a post, or why it is not one.

    Args:
        record: as it was read.
        kind: ``Post`` or ``LabelledPost``.
        fields: finds the post in it.
        line: where it stands.
        number: which record of the whole input it is, counted from 1.
    """
    found: Mapping[str, Any] = {}
    try:
        found = fields.post(record)
        post = parse_post(found, kind)
    except PostError as error:
        own = _readable_id(found)
        return Reject(line, own, error.field, error.code, str(error), number)
    return not_blank(post, line, number)


def not_blank(post: PostT, line: int, number: int) -> PostT | Reject:
    """The post under its number, or the reject in the place of one without any text."""
    if not post.text.strip():
        message = "field 'text': there is nothing in it"
        return Reject(line, post.id, "text", "empty", message, number)
    return numbered(post, number)


def _readable_id(record: Mapping[str, Any]) -> str | None:
    """The id of a record that is no post, where it has one that a post could have."""
    try:
        found = read_id(record.get("id"))
    except ValueError:
        return None
    return found[:200] if found else None
