"""What a recipe changes of the shipped one, by which runs are named and told apart."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from .recipe import Recipe, read_recipe
from .shipped_recipes import shipped_recipes

# A name is a line in tables: what does not fit is in the tag ``recipe.changes``.
_LONGEST = 72
_IDENTITY = ("name", "family")
# A run does not keep it: what may be tried instead moves no score.
_NOT_TRAINED_BY = {"sweep"}


def run_name(recipe: Recipe) -> str:
    """What a run of a recipe is called: ``linear``, or ``linear c=0.2 seed=1`` where it is changed.

    A recipe of another name than a shipped one also names its family: ``mine (linear) c=0.2``.
    """
    known = recipe.name == _base(recipe).name
    name = recipe.name if known else f"{recipe.name} ({recipe.family})"
    words = [f"{key}={value}" for key, value in changes(recipe).items()]
    for shown in range(len(words), -1, -1):
        left_out = [f"+{len(words) - shown} more"] if shown < len(words) else []
        found = " ".join([name, *words[:shown], *left_out])
        if len(found) <= _LONGEST:
            return found
    return name


def changes(recipe: Recipe) -> dict[str, str]:
    """Keys and values in which a recipe differs from what it is compared with.

    That is the shipped recipe of its name, else the shipped recipe called like its family, else
    what a recipe of the family has where it says nothing. Keys are as short as they can be while no
    other key of the recipe ends like them: ``c`` for ``model.c``.
    """
    own, base = (dict(flat(of.model_dump(mode="json", exclude=_NOT_TRAINED_BY)))
                 for of in (recipe, _base(recipe)))  # fmt: skip
    # A table may be left out in one of the two.
    keys = [*own, *(key for key in base if key not in own)]
    changed = [key for key in keys if key not in _IDENTITY and own.get(key) != base.get(key)]
    # Options of the model first, seeds and the like after them.
    changed.sort(key=lambda key: not key.startswith("model."))
    return {_short(key, keys): own.get(key, "none") for key in changed}


def changes_text(recipe: Recipe) -> str:
    """All changes in a line, ``none`` where there are none."""
    return " ".join(f"{key}={value}" for key, value in changes(recipe).items()) or "none"


def flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Nested values as dotted keys and text.

    >>> dict(flat({"model": {"c": 0.2}, "name": "linear"}))
    {'model.c': '0.2', 'name': 'linear'}
    """
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value if isinstance(value, str) else json.dumps(value)


def _base(recipe: Recipe) -> Recipe:
    for name in (recipe.name, recipe.family):
        if name in shipped_recipes():
            shipped = read_recipe(name)
            if shipped.family == recipe.family:
                return shipped
    return type(recipe).model_validate({"name": recipe.name, "family": recipe.family})


def _short(key: str, keys: list[str]) -> str:
    parts = key.split(".")
    for n in range(1, len(parts)):
        ending = ".".join(parts[-n:])
        if sum(other == ending or other.endswith(f".{ending}") for other in keys) == 1:
            return ending
    return key
