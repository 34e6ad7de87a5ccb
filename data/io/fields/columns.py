"""Which columns of an input are read, under which names, and which go along to the output."""

from __future__ import annotations

import math
import re
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
        renamed: such as ``text=caption``, or several joined with commas.
        kept: names, or several joined with commas.
        taken: names the output has already.

    Raises:
        InputError: no such field, a field twice, or a kept name that the output has already.
    """
    pairs: list[tuple[str, str]] = []
    for item in (each for joined in renamed for each in _several(joined)):
        target, _, column = item.partition("=")
        if target in dict(pairs):
            raise InputError(f"--map {item}: {target} is mapped twice")
        pairs.append((target, column))
    names = [name.strip() for item in kept for name in item.split(",") if name.strip()]
    return checked_columns(dict(pairs), names, taken)


def checked_columns(
    renamed: Mapping[str, str], kept: Sequence[str], taken: Sequence[str]
) -> Columns:
    """The columns that were asked for.

    Args:
        renamed: field of a post -> the column that holds it.
        kept: names.
        taken: names the output has already.

    Raises:
        InputError: no such field, or a kept name that the output has already.
    """
    for target, column in renamed.items():
        if target not in FIELDS or not column:
            raise InputError(
                f"--map {target}={column}: write field=column; fields: {', '.join(FIELDS)}"
            )
    for name in kept:
        if name in taken:
            raise InputError(f"--keep {name}: the output has a column of that name already")
    return Columns(dict(renamed), tuple(dict.fromkeys(kept)))


def _several(joined: str) -> list[str]:
    """The parts of ``a=b,c=d``; a comma that no field follows is one of a column's name.

    >>> _several("text=caption,author=user"), _several("text=caption, long")
    (['text=caption', 'author=user'], ['text=caption, long'])
    """
    return re.split(rf",\s*(?=(?:{'|'.join(FIELDS)})=)", joined)


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
