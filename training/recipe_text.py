"""A recipe as commented TOML: every key with what it means, as its class says."""

from __future__ import annotations

import inspect
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from ..models.families.by_name import family_of
from .recipe import Recipe

_WIDTH = 100


def recipe_toml(recipe: Recipe) -> str:
    """A file that reads as this very recipe; keys that it leaves open stand in comments."""
    return "\n".join(_table(recipe, "")).strip() + "\n"


def meanings(options: BaseModel) -> dict[str, str]:
    """What each field means, from the ``Attributes:`` of the classes that it comes from."""
    classes = [*reversed(type(options).__mro__)]
    found: dict[str, str] = {}
    if isinstance(options, Recipe):
        # Its class is made of that of all recipes and of what its family adds.
        keys = family_of(options.family).recipe_keys_class()
        classes += [] if keys is None else [*reversed(keys.__mro__)]
        if "model" in type(options).model_fields:
            found["model"] = f"options of the family {options.family}."
    for cls in classes:
        documented = inspect.cleandoc(cls.__dict__.get("__doc__") or "")
        _, _, listed = documented.partition("Attributes:\n")
        for name, text in re.findall(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", listed, re.MULTILINE):
            if name in type(options).model_fields:
                found[name] = " ".join(text.split()).replace("``", "")
    return found


def _table(options: BaseModel, path: str) -> Iterator[str]:
    said = meanings(options)
    values = {name: getattr(options, name) for name in type(options).model_fields}
    # TOML takes what follows the head of a table for a part of it: tables come last.
    tables = {
        name: value for name, value in values.items() if isinstance(value, BaseModel | Mapping)
    }
    for name, value in values.items():
        if name in tables:
            continue
        yield from _comment(name, said)
        yield f"# {name} is left out" if value is None else f"{name} = {_value(value)}"
    for name, value in tables.items():
        yield ""
        yield from _comment(name, said)
        yield f"[{path}{name}]"
        if isinstance(value, Mapping):
            yield from (f"{json.dumps(key)} = {_inline(inner)}" for key, inner in value.items())
        else:
            yield from _table(value, f"{path}{name}.")


def _comment(name: str, said: dict[str, str]) -> list[str]:
    text = f"{name}: {said[name]}" if name in said else ""
    return [f"# {line}" for line in textwrap.wrap(text, _WIDTH - 2, break_on_hyphens=False)]


def _inline(options: BaseModel) -> str:
    given = options.model_dump(exclude_defaults=True)
    return f"{{ {', '.join(f'{name} = {_value(value)}' for name, value in given.items())} }}"


def _value(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    # What JSON calls numbers, strings and truths, TOML does, too.
    return json.dumps(value, ensure_ascii=False)
