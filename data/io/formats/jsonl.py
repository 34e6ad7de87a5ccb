"""Records of JSON lines, and of files that are nearly that: arrays, objects over several lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, BinaryIO

from ...errors import InputError, Reject
from ..fields.columns import TEXT
from ..fields.find import Fields
from ..fields.names import shown
from ..fields.places import places_of
from .bounded_lines import MAX_LINE_BYTES, bounded_lines
from .json_objects import decoded, elements
from .json_values import JsonValues, Line, Row, goes_on
from .utf8 import Utf8Check

# What begins each text of JSON in RFC 7464.
_SEPARATOR = b"\x1e"


def jsonl_rows(stream: BinaryIO, name: str, fields: Fields) -> Iterator[Row]:
    """Each object as a mapping or a reject, with its line; blank lines are skipped but counted.

    An array of objects, and objects that take several lines each, are read as well, by what the
    first line looks like.

    Raises:
        InputError: one object that holds a list of posts; an array or object of which it cannot be
            told where the next one begins; or a file that is not UTF-8.
    """
    utf8 = Utf8Check()
    rows = _rows(_lines(stream, utf8), name)
    first = next(rows, None)
    if first is None:
        return
    second = next(rows, None)
    if second is None:
        _check_no_wrapper(first, name, fields)
        yield first
    else:
        yield from chain((first, second), rows)
    utf8.check(name)


def _lines(stream: BinaryIO, utf8: Utf8Check) -> Iterator[Line]:
    for number, raw in enumerate(bounded_lines(stream), 1):
        line = raw
        if line is not None:
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            line = line.removeprefix(_SEPARATOR)
            if not line.strip():
                continue
            if not line.isascii():
                _count(line, utf8)
        yield number, line


def _count(line: bytes, utf8: Utf8Check) -> None:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        utf8.bad(line)
    else:
        utf8.good()


def _rows(lines: Iterator[Line], name: str) -> Iterator[Row]:
    first, second = next(lines, None), next(lines, None)
    both = [line for line in (first, second) if line is not None]
    start = first[1].lstrip() if first is not None and first[1] is not None else b""
    if start[:1] == b"[":
        found = elements(both[0][0], start)
        if found is None:
            return JsonValues(name, in_array=True).rows(chain(both, lines))
        if second is None:
            return ((both[0][0], record) for record in found)
    # Where the second line is an object by itself, the first one is torn.
    elif goes_on(start) and (second is None or _is_no_object(second[1])):
        return JsonValues(name, in_array=False).rows(chain(both, lines))
    return (_row(number, line) for number, line in chain(both, lines))


def _is_no_object(line: bytes | None) -> bool:
    return line is not None and isinstance(decoded(0, line), Reject)


def _row(number: int, line: bytes | None) -> Row:
    if line is None:
        limit = f"longer than {MAX_LINE_BYTES >> 20} MB; an array must be written out in lines"
        return number, Reject(number, None, None, "too_long", limit)
    return number, decoded(number, line)


def _check_no_wrapper(row: Row, name: str, fields: Fields) -> None:
    """Refuse a file of one object that is no post and holds a list of objects."""
    line, record = row
    if isinstance(record, Reject):
        return
    places = places_of(list(record), fields.columns)
    if places.text is not None:
        return
    for key in record.keys() - set(places.columns):
        value = record[key]
        inner = value if isinstance(value, Mapping) else {}
        paths = [f".{key}"] if _is_list_of_objects(value) else []
        paths += [f".{key}.{name}" for name in inner if _is_list_of_objects(inner[name])]
        if paths:
            text = fields.columns.renamed.get(TEXT, TEXT)
            raise InputError(
                f"{name}, line {line}: one object without {text!r} that holds a list of objects: "
                f"unpack it into a line for each, such as with jq -c '{shown(paths[0])}[]'"
            )


def _is_list_of_objects(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)
