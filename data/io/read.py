"""Reading posts from JSONL, CSV and Parquet: the one door, for scoring and training alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO, Generic, NamedTuple, TypeVar

from ..errors import InputError, Reject
from ..posts import Post, PostError, numbered, parse_post
from ..values.fields import read_id
from .fields.find import Fields
from .formats.csv_file import csv_rows
from .formats.jsonl import jsonl_rows
from .formats.parquet_file import parquet_rows
from .open_file import Format, jsonl_or_csv, open_decompressed, opened

FORMATS: dict[str, Format] = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet",
}  # fmt: skip
PACKED = (".gz", ".zst", ".bz2")
STANDARD_INPUT = "standard input"
PostT = TypeVar("PostT", bound=Post)
_Records = Iterator[tuple[int, Mapping[str, Any] | Reject]]
_READERS: dict[Format, Callable[[BinaryIO, str, Fields], _Records]] = {
    "jsonl": jsonl_rows, "csv": csv_rows, "parquet": parquet_rows,
}  # fmt: skip


def format_of(path: Path) -> Format:
    """The format an extension stands for; that of compression is passed over.

    Raises:
        InputError: an unknown extension.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if len(suffixes) > 1 and suffixes[-1] in PACKED:
        suffixes.pop()
    try:
        return FORMATS[suffixes[-1] if suffixes else ""]
    except KeyError:
        known = ", ".join(FORMATS)
        hint = " jsonl, which reads an array of objects too" if suffixes[-1:] == [".json"] else ""
        message = f"{path}: unknown extension; use one of {known}, or --format{hint}"
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
        InputError: the file as a whole cannot be read; the message says why and what to do.
    """
    for item in read_items(source, kind, format, Fields(), count(1)):
        yield item.found if isinstance(item.found, Reject) else (item.line, item.found)


def read_items(
    source: Path | BinaryIO,
    kind: type[PostT],
    format: Format | None,  # noqa: A002
    fields: Fields,
    numbers: Iterator[int],
    name: str | None = None,
) -> Iterator[Item[PostT]]:
    """Stream a file as ``read_posts`` does, each record with its place and the kept columns.

    Args:
        source: see ``read_posts``.
        kind: see ``read_posts``.
        format: see ``read_posts``.
        fields: finds posts in the records, and what goes along; told of the header, if there is
            one.
        numbers: of the records: one iterator for all files of an input.
        name: what the file is called; default by its path.

    Raises:
        InputError: see ``read_posts``.
    """
    if isinstance(source, Path):
        file_format = format or format_of(source)
        try:
            with opened(source, file_format) as stream:
                records = _READERS[file_format](stream, source.name, fields)
                yield from items_of(records, kind, fields, numbers, name or source.name)
        except OSError as error:
            raise InputError(f"{source}: {error.strerror or error}") from error
    else:
        name = name or STANDARD_INPUT
        stream = open_decompressed(source, name, format or "jsonl")
        file_format, stream = (format, stream) if format else jsonl_or_csv(stream)
        yield from items_of(
            _READERS[file_format](stream, name, fields), kind, fields, numbers, name
        )


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
