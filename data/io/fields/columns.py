"""Which columns of an input are read, under which names, and which go along to the output."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ...errors import InputError
from ...posts import LabelledPost

FIELDS = tuple(LabelledPost.model_fields)
MAX_DEPTH = 100
# Kept under this name, a post's text is in the output as it was scored.
TEXT = "text"


@dataclass(frozen=True)
class Columns:
    """Names of columns that were asked for; ``fields.find`` finds them.

    Attributes:
        renamed: field of a post -> the column that holds it, where the names differ.
        kept: columns that are copied to the output as they are; ``text`` is the post as it was
            scored, whatever column holds it.
    """

    renamed: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[str, ...] = ()


def parse_columns(renamed: Sequence[str], kept: Sequence[str], taken: Sequence[str]) -> Columns:
    """Read ``field=column`` and names to keep.

    Args:
        renamed: such as ``text=caption``.
        kept: names, or several joined with commas.
        taken: names the output has already.

    Raises:
        InputError: no such field, a field twice, or a kept name that the output has already.
    """
    places: dict[str, str] = {}
    for item in renamed:
        target, _, column = item.partition("=")
        if target not in FIELDS or not column:
            raise InputError(f"--map {item}: write field=column; fields: {', '.join(FIELDS)}")
        if target in places:
            raise InputError(f"--map {item}: {target} is mapped twice")
        places[target] = column
    names = [name.strip() for item in kept for name in item.split(",") if name.strip()]
    for name in names:
        if name in taken:
            raise InputError(f"--keep {name}: the output has a column of that name already")
    return Columns(places, tuple(dict.fromkeys(names)))


def plain(value: object, depth: int = 0) -> Any:  # noqa: ANN401
    """A value of any input format as JSON types, without lone surrogates and without NaN."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if depth == MAX_DEPTH:
        raise ValueError(f"nested more than {MAX_DEPTH} levels deep")
    if isinstance(value, dict):
        return {plain(str(k)): plain(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v, depth + 1) for v in value]
    return str(value)
