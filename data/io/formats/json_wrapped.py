"""Records in lists inside of one object that is too large to be read whole."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from ...errors import InputError
from ..fields.export import LOOKED_AT
from ..fields.find import Fields
from .bounded_lines import MAX_LINE_BYTES
from .head import Head
from .json_objects import as_record
from .json_values import Row

# How ijson calls the elements of a list.
_ELEMENT = "item"
# Events at an element behind which it goes on.
_GOES_ON = ("start_map", "map_key", "start_array")
# Its decoder reads other numbers as they are, but no integers of more than 64 bits.
_OPTIONS: dict[str, Any] = {"use_float": True}


def lists_begun(stream: Head, begin: int, name: str, fields: Fields) -> tuple[str, ...]:
    """The paths of the lists of posts in such an object; none where it is a post itself.

    Args:
        stream: some of it was looked at.
        begin: where in that the object begins.
        name: of the file, for messages.
        fields: knows the lists by their first records.

    Raises:
        InputError: no list in what was looked at has posts, or they need what is behind them.
    """
    found = _begun(stream.held[begin:])
    if not fields.export.known(found):
        if any(isinstance(value, list | dict) for value in found.values()):
            raise fields.export.unknown(found, "json", name)
        return ()
    if fields.export.needs_whole:
        raise InputError(
            f"{name}: a page of more than {MAX_LINE_BYTES >> 20} MB, in which authors stand behind "
            "their posts: join them first, such as with twarc2 flatten"
        )
    fields.export.streamed = bool(fields.export.lists)
    return fields.export.lists


def wrapped_rows(stream: Head, lists: tuple[str, ...], name: str) -> Iterator[Row]:
    """The records of such objects, with their numbers; no more than one is in memory.

    Args:
        stream: at the first object.
        lists: their paths.
        name: of the file, for messages.

    Raises:
        InputError: what follows is not valid JSON, so that the next record cannot be found.
    """
    import ijson

    number = 0
    readable = _Utf8(stream)
    try:
        if len(lists) == 1:
            where = f"{lists[0]}.{_ELEMENT}"
            records: Iterator[Any] = ijson.items(readable, where, multiple_values=True, **_OPTIONS)
        else:
            records = _records(readable, lists)
        for record in records:
            number += 1
            yield number, as_record(number, record)
    except (ijson.JSONError, RecursionError) as error:
        said = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(
            f"{name}: not valid JSON behind record {number:,}, so that the next one cannot be "
            f"found: {said}; is the file cut short?"
        ) from None


def _records(stream: Any, lists: tuple[str, ...]) -> Iterator[Any]:  # noqa: ANN401
    """The elements of several lists, in the order in which they stand."""
    import ijson

    elements = {f"{where}.{_ELEMENT}" for where in lists}
    builder, inside = None, ""
    for where, event, value in ijson.parse(stream, multiple_values=True, **_OPTIONS):
        if builder is None and where in elements:
            builder, inside = ijson.ObjectBuilder(), where
        if builder is not None:
            builder.event(event, value)
            if where == inside and event not in _GOES_ON:
                yield builder.value
                builder = None


def _begun(data: bytes) -> dict[str, Any]:
    """The beginning of an object: its own values, and the first elements of each list in it."""
    import ijson

    found: dict[str, Any] = {}
    builders: dict[str, Any] = {}
    times: dict[str, int] = {}
    try:
        for where, event, value in ijson.parse(BytesIO(data), **_OPTIONS):
            parts = where.split(".")
            if _ELEMENT in parts:
                place = parts.index(_ELEMENT)
                element, of = ".".join(parts[: place + 1]), ".".join(parts[:place])
                if times.get(of, 0) >= LOOKED_AT:
                    continue
                builder = builders.setdefault(element, ijson.ObjectBuilder())
                builder.event(event, value)
                if where == element and event not in _GOES_ON:
                    times[of] = times.get(of, 0) + 1
                    _put(found, parts[:place], builders.pop(element).value)
            elif where and event in ("string", "number", "boolean", "null") and len(parts) == 1:
                found[where] = value
    except ijson.JSONError:
        # What was looked at ends somewhere.
        pass
    return found


def _put(found: dict[str, Any], keys: list[str], element: Any) -> None:  # noqa: ANN401
    at = found
    for key in keys[:-1]:
        at = at.setdefault(key, {})
        if not isinstance(at, dict):
            return
    elements = at.setdefault(keys[-1], [])
    if isinstance(elements, list):
        elements.append(element)


class _Utf8:
    """A stream of which bytes that are no UTF-8 are replaced: only their record is damaged."""

    def __init__(self, stream: Head) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def read(self, n: int = -1) -> bytes:
        """The next bytes; none at the end."""
        while data := self._stream.read(n):
            if text := self._decoder.decode(data):
                return text.encode("utf-8")
        return self._decoder.decode(b"", final=True).encode("utf-8")
