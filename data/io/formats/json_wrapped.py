"""Records in a list inside of one object that is too large to be read whole."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from ...errors import Reject
from ..fields.find import Fields
from .head import Head
from .json_objects import as_record
from .json_values import Row

# As they stand in the paths of ijson.
_ELEMENT = ".item"


def list_begun(stream: Head, begin: int, name: str, fields: Fields) -> str | None:
    """The path of the list of posts in such an object; None where no list has begun in it.

    Args:
        stream: some of it was looked at.
        begin: where in that the object begins.
        name: of the file, for messages.
        fields: knows the list by its first record.

    Raises:
        InputError: no list in what was looked at has posts.
    """
    begun = list(_lists_begun(stream.held[begin:]))
    for where, first in begun:
        if fields.export.known(_around(where, first)):
            return where
    if begun:
        raise fields.export.unknown(begun[0][1], "json", name)
    return None


def wrapped_rows(stream: Head, where: str) -> Iterator[Row]:
    """The records of such an object, with their numbers; nothing of it but one is in memory.

    Args:
        stream: at the object.
        where: the path of the list.
    """
    import ijson

    number = 0
    try:
        for record in ijson.items(stream, where + _ELEMENT, use_float=True):
            number += 1
            yield number, as_record(number, record)
    except ijson.JSONError as error:
        said = str(error).splitlines()[0]
        message = f"not valid JSON behind record {number:,}, and no more is read: {said}"
        yield number + 1, Reject(number + 1, None, None, "json", message)


def _lists_begun(data: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """Path and first object of each list in the beginning of an object."""
    import ijson

    builders: dict[str, Any] = {}
    try:
        for where, event, value in ijson.parse(BytesIO(data), use_float=True):
            begin = where.find(_ELEMENT)
            if begin < 0:
                continue
            place = where[: begin + len(_ELEMENT)]
            if place not in builders and (where, event) == (place, "start_map"):
                builders[place] = ijson.ObjectBuilder()
            if (builder := builders.get(place)) is None:
                continue
            builder.event(event, value)
            if (where, event) == (place, "end_map"):
                yield place.removesuffix(_ELEMENT), builder.value
                builders[place] = None
    except ijson.JSONError:
        # What was looked at ends somewhere.
        return


def _around(where: str, first: dict[str, Any]) -> dict[str, Any]:
    found: Any = [first]
    for key in reversed(where.split(".")):
        found = {key: found}
    return dict(found)
