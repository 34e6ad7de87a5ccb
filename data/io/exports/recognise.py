"""Which shape a record has, told by the places that it has; and which ones it is near to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .paths import path
from .shape import Kind, Shape
from .table import shapes

_MAX_DEPTH = 4
_LOOKED_AT = 20
_NEAR, _SHOWN_NEAR = 0.5, 3
_TEXT = "text"
# What an answer holds beside its posts: those that they refer to.
_BESIDE = ("includes", "included")


def shape_of(record: Mapping[str, Any], kind: Kind, where: str = "") -> Shape | None:
    """The shape that asks for most of what a record has; None where none fits.

    A text under its own name is one: no shape is taken that has it elsewhere.

    Args:
        record: of an export.
        kind: JSON or a table.
        where: the path of the list that it is in, in one object around it.
    """
    own = _TEXT in record
    fitting = [
        shape
        for shape in shapes().values()
        if kind in shape.kinds
        and shape.may_be_in(where)
        and shape.fits(record)
        and not (own and _TEXT not in shape.columns)
    ]
    return max(
        fitting, key=lambda shape: (where in shape.records, len(shape.recognise)), default=None
    )


def nearest(record: Mapping[str, Any], kind: Kind) -> list[Shape]:
    """Shapes of which a record has at least half of what they are recognised by, nearest first."""

    def share(shape: Shape) -> float:
        return sum(path(one).exists(record) for one in shape.recognise) / len(shape.recognise)

    near = [shape for shape in shapes().values() if kind in shape.kinds and share(shape) >= _NEAR]
    return sorted(near, key=share, reverse=True)[:_SHOWN_NEAR]


def lists_in(record: Mapping[str, Any], depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
    """Lists of objects in an object, each with its path; those of lists are left out."""
    for key, value in record.items():
        if key in _BESIDE:
            continue
        if isinstance(value, list):
            if any(isinstance(item, Mapping) for item in value[:_LOOKED_AT]):
                yield key, value
        elif isinstance(value, Mapping) and depth < _MAX_DEPTH:
            for inner, found in lists_in(value, depth + 1):
                yield f"{key}.{inner}", found
