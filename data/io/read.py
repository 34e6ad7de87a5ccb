"""Reading posts from JSONL, CSV and Parquet: a stream of posts and of what is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from ..errors import InputError, Reject
from ..posts import Post, PostError, parse_post
from ..values.fields import read_id
from .fields.find import Fields
from .formats.csv_file import csv_rows
from .formats.jsonl import jsonl_rows
from .formats.parquet_file import parquet_rows
from .open_file import Format, looked_at, opened

FORMATS: dict[str, Format] = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet",
}  # fmt: skip
PACKED = (".gz", ".zst", ".bz2")
PostT = TypeVar("PostT", bound=Post)


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


def estimated_records(path: Path, format: Format | None = None) -> int | None:  # noqa: A002
    """About how many records a file holds, for a progress bar; None if it cannot be told.

    Lines of JSONL and CSV are counted, so a CSV with line breaks inside quotes holds fewer.
    """
    try:
        found = format or format_of(path)
        if not path.is_file() or path.suffix.lower() in PACKED:
            return None
        if found == "parquet":
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
        InputError: the file as a whole cannot be read; the message says why and what to do.
    """
    fields = Fields()
    for line, record in read_records(source, format, fields):
        yield record if isinstance(record, Reject) else checked(line, record, kind, fields)


def read_records(
    source: Path | BinaryIO,
    format: Format | None,  # noqa: A002
    fields: Fields,
) -> Iterator[tuple[int, Mapping[str, Any] | Reject]]:
    """Stream the records of a file with their lines, not yet looked at; see ``read_posts``.

    ``fields`` is told of the file's header, if it has one.
    """
    if isinstance(source, Path):
        found = format or format_of(source)
        try:
            with opened(source, found) as stream:
                yield from _records(stream, source.name, found, fields)
        except OSError as error:
            raise InputError(f"{source}: {error.strerror or error}") from error
    else:
        found = format or "jsonl"
        name = "standard input"
        yield from _records(looked_at(source, name, found), name, found, fields)


def _records(
    stream: BinaryIO, name: str, found: Format, fields: Fields
) -> Iterator[tuple[int, Mapping[str, Any] | Reject]]:
    read = {"jsonl": jsonl_rows, "csv": csv_rows, "parquet": parquet_rows}[found]
    return read(stream, name, fields)


def checked(
    line: int, record: Mapping[str, Any], kind: type[PostT], fields: Fields
) -> tuple[int, PostT] | Reject:
    """The record as a post, or why it is none."""
    found: Mapping[str, Any] = {}
    try:
        found = fields.post(record)
        post = parse_post(found, kind)
    except PostError as error:
        return Reject(line, _readable_id(found), error.field, error.code, str(error))
    return not_blank(line, post)


def not_blank(line: int, post: PostT) -> tuple[int, PostT] | Reject:
    """The post, or the reject in the place of one without any text."""
    if not post.text.strip():
        return Reject(line, post.id, "text", "empty", "field 'text': there is nothing in it")
    return line, post


def _readable_id(record: Mapping[str, Any]) -> str | None:
    """The id of a record that is no post, where it has one that a post could have."""
    try:
        found = read_id(record.get("id"))
    except ValueError:
        return None
    return found[:200] if found else None
