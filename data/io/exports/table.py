"""The table of shapes (``exports.toml``), read and checked."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from ...errors import InputError
from ...posts import Post
from .shape import Shape

TABLE = Path(__file__).with_name("exports.toml")
_FIELDS = tuple(Post.model_fields)


@cache
def shapes() -> dict[str, Shape]:
    """All shapes by name.

    Raises:
        pydantic.ValidationError: a mistake in the table.
    """
    with TABLE.open("rb") as stream:
        return {name: _shape(name, entry) for name, entry in tomllib.load(stream).items()}


def shape_called(name: str) -> Shape:
    """The shape of a name.

    Raises:
        InputError: there is none; names those that there are.
    """
    try:
        return shapes()[name]
    except KeyError:
        known = ", ".join(sorted(shapes()))
        raise InputError(f"no export is called {name!r}; there are {known}") from None


def of_archive(file: str) -> bool:
    """Whether a file is one of those of an archive that hold posts, by its name."""
    return any(shape.holds(file) for shape in shapes().values())


def _shape(name: str, entry: dict[str, Any]) -> Shape:
    # One table of a name for each field would be longer to write; the others describe the shape.
    fields = {
        field: entry.pop(field) for field in _FIELDS if field in entry and field != "platform"
    }
    return Shape(
        name=name, fields={field: paths for field, paths in fields.items() if paths}, **entry
    )
