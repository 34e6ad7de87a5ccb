"""Records of JSON: lines, an array, objects over several lines, or a list in one large object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from ...errors import Reject
from ..fields.find import Fields
from .bounded_lines import MAX_LINE_BYTES, bounded_lines
from .head import Head
from .json_array import JsonArray, cut_off
from .json_objects import DECODER, decoded
from .json_values import JsonValues, Line, Row, goes_on
from .json_wrapped import lists_begun, wrapped_rows
from .utf8 import Utf8Check

# What begins each text of JSON in RFC 7464.
_SEPARATOR = b"\x1e"
_MARK = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\r|\n")
# What is before the first bracket; archives of X assign their lists to a name of JavaScript.
_BEFORE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:[A-Za-z_$][\w.$]{0,100}\s*=\s*(?=[\[{]))?")


def jsonl_rows(stream: BinaryIO, name: str, fields: Fields) -> Iterator[Row]:
    """Each object as a mapping or a reject, with its line; blank lines are skipped but counted.

    What is read is told by how it begins: an array of objects, objects that take several lines
    each, or one that is too large to be held, of which the records in a list are read.

    Raises:
        InputError: an array or object of which it cannot be told where the next one begins; a
            large object without a list of posts; or a file that is not UTF-8.
    """
    utf8, head = Utf8Check(), Head(stream)
    while head.look_on() and not head.held.removeprefix(_MARK).strip():
        pass
    before = _BEFORE.match(head.held)
    begin = before.end() if before else 0
    sign = head.held[begin : begin + 1]
    if sign == b"[" and not _is_list_of_none(head.held[begin:]):
        line = 1 + len(_LINE_END.findall(head.read(begin)) if begin else ())
        yield from JsonArray(head, name, utf8, line).rows()
    elif (
        sign == b"{"
        and _is_large(head, begin)
        and (found := lists_begun(head, begin, name, fields))
    ):
        head.read(begin)
        yield from wrapped_rows(head, found, name)
    else:
        first = 1
        if b"=" in head.held[:begin]:
            # JavaScript; else blank lines and a mark are the reader's.
            first += len(_LINE_END.findall(head.read(begin)))
        yield from _rows(_lines(head, utf8, first), name)
    utf8.check(name)


def _is_list_of_none(content: bytes) -> bool:
    """Whether the first line is a whole array by itself that no object is in."""
    line, end, _ = content.partition(b"\n")
    if not end or len(line) > MAX_LINE_BYTES:
        return False
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return bool(found) and isinstance(found, list) and not any(isinstance(i, dict) for i in found)


def _lists_in_large(head: Head, begin: int, name: str, fields: Fields) -> tuple[str, ...]:
    return lists_begun(head, begin, name, fields) if _is_large(head, begin) else ()


def _is_large(head: Head, begin: int) -> bool:
    """Whether the object that begins here goes on for more than a line may hold."""
    while len(head.held) <= MAX_LINE_BYTES:
        text = head.held[begin:].decode("utf-8", "surrogateescape")
        try:
            DECODER.raw_decode(text)
        except json.JSONDecodeError as error:
            if not cut_off(error, text) or not head.look_on():
                return False
        except (ValueError, RecursionError):
            return False
        else:
            return False
    return True


def _lines(stream: Head, utf8: Utf8Check, first: int) -> Iterator[Line]:
    for number, raw in enumerate(bounded_lines(stream), first):
        line = raw
        if line is not None:
            if number == first:
                line = line.removeprefix(_MARK)
            line = line.removeprefix(_SEPARATOR)
            if not line.strip():
                continue
            utf8.count(line)
        yield number, line


def _rows(lines: Iterator[Line], name: str) -> Iterator[Row]:
    first, second = next(lines, None), next(lines, None)
    both = [line for line in (first, second) if line is not None]
    start = first[1].lstrip() if first is not None and first[1] is not None else b""
    # Where the second line is an object by itself, the first one is torn, unless it opens a list.
    in_list = start.rstrip().endswith(b"[")
    if goes_on(start) and (second is None or in_list or _is_no_object(second[1])):
        return JsonValues(name, in_array=False).rows(chain(both, lines))
    return (_row(number, line) for number, line in chain(both, lines))


def _is_no_object(line: bytes | None) -> bool:
    return line is not None and isinstance(decoded(0, line), Reject)


def _row(number: int, line: bytes | None) -> Row:
    if line is None:
        limit = f"longer than {MAX_LINE_BYTES >> 20} MB"
        return number, Reject(number, None, None, "too_long", limit)
    return number, decoded(number, line)
