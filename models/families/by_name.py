"""Family names to classes, imported only when asked for."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from ..base import Model

_PLACES = {
    "rules": ("rules", "Rules"),
    "linear": ("linear", "Linear"),
    "embed": ("embed", "Embed"),
    "encoder": ("encoder", "FinetunedEncoder"),
    "stack": ("stack", "Stack"),
    "cascade": ("cascade", "Cascade"),
}
FAMILIES = tuple(_PLACES)


def family_class(name: str) -> type[Model]:
    """The class of a model family.

    Raises:
        ValueError: an unknown family, with the known ones named.
    """
    if name not in _PLACES:
        raise ValueError(f"unknown model family {name!r}; known: {', '.join(FAMILIES)}")
    module, cls = _PLACES[name]
    return cast("type[Model]", getattr(import_module(f".{module}", __package__), cls))
