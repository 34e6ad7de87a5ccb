"""Folders of the models that are shipped: the default one and the light one."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent
DEFAULT = "default"
# Name on the command line and in ``Scorer.load`` -> folder.
SHIPPED = {DEFAULT: _HERE / "default", "linear": _HERE / "linear"}


def shipped_name(folder: Path) -> str | None:
    """The name of a shipped model, the same on every machine; None for any other folder."""
    return next((name for name, place in SHIPPED.items() if place == folder), None)


def model_folder(name: str | Path | None) -> Path:
    """The folder of a shipped model by its name; None is the default, any other path is itself.

    A folder of one's own that is called like a shipped model is written ``./linear``.
    """
    if name is None:
        return SHIPPED[DEFAULT]
    return SHIPPED.get(name, Path(name)) if isinstance(name, str) else name
