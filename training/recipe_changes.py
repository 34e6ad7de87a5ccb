"""A recipe with other values, each named by its dotted key, such as ``model.ngrams.cue_weight``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

Options = TypeVar("Options", bound=BaseModel)


def changed(options: Options, changes: Mapping[str, Any]) -> Options:
    """The same options with other values, checked as if they had been read so.

    Raises:
        ValueError: no such key, or a value that it cannot have; names the key.
    """
    found = options
    for key, value in changes.items():
        found = _changed(found, key.split("."), value, key)
    return found


def value_at(options: BaseModel, key: str) -> Any:  # noqa: ANN401
    """What stands at a dotted key.

    Raises:
        ValueError: no such key.
    """
    value: Any = options
    for name in key.split("."):
        value = _inner(value, name, key)
    return value


def _changed(options: Options, names: list[str], value: object, key: str) -> Options:
    first, *rest = names
    inner = _inner(options, first, key)
    new = _changed(inner, rest, value, key) if rest else value
    # Not ``model_copy``, which checks nothing.
    given = {name: getattr(options, name) for name in type(options).model_fields}
    try:
        return type(options).model_validate(given | {first: new})
    except ValidationError as error:
        said = error.errors(include_url=False, include_input=False)[0]["msg"]
        raise ValueError(f"{key} = {value!r}: {said}") from None


def _inner(options: object, name: str, key: str) -> Any:  # noqa: ANN401
    if not isinstance(options, BaseModel):
        raise ValueError(f"{key}: there is no such key: the table before {name} is left out")
    if name not in type(options).model_fields:
        known = ", ".join(type(options).model_fields)
        raise ValueError(f"{key}: there is no such key: {name} is none of {known}")
    return getattr(options, name)
