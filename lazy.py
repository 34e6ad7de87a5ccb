"""Public names of a package, each imported when it is first used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy_names(package: str, places: Mapping[str, str]) -> Callable[[str], Any]:
    """Make the ``__getattr__`` of a package (PEP 562), so that importing the package stays cheap.

    Args:
        package: its ``__name__``.
        places: public name to the module that defines it, relative to the package.

    Returns:
        A function that imports a public name and raises AttributeError for any other.
    """

    def get(name: str) -> Any:  # noqa: ANN401  (the type depends on the name)
        if name in places:
            return getattr(import_module(f".{places[name]}", package), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return get
