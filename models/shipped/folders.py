"""The models that come with the package: the best one, and a light one that a word asks for."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent
DEFAULT = "default"
# Name on the command line and in ``Scorer.load`` -> folder.
SHIPPED = {DEFAULT: _HERE / "default", "linear": _HERE / "linear"}


def shipped_name(folder: Path) -> str | None:
    """The name of a shipped model's folder, which is the same on every machine; else None."""
    return next((name for name, place in SHIPPED.items() if place == folder), None)


def model_folder(name: str | Path | None) -> Path:
    """The folder of a shipped model by its name, else the folder itself; None is the default.

    A folder of one's own that is called like a shipped model is written ``./linear``.
    """
    if name is None:
        return SHIPPED[DEFAULT]
    return SHIPPED.get(name, Path(name)) if isinstance(name, str) else name
