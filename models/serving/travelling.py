"""The program that scores, beside a logged model: MLflow runs it where it is not installed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_PACKAGE = "unpolished"
# All that scoring needs; of what lies there, neither posts nor labels are of these kinds.
_FOLDERS = ("data", "inference", "models")
_SHIPPED = _ROOT / "models" / "shipped"
_KINDS = {".py", ".toml", ".txt", ".json", ".npy"}


def copied_program(folder: Path) -> Path:
    """Copy what scores into a folder; returns that of the package, for ``code_paths`` of MLflow."""
    package = folder / _PACKAGE
    for path in _files():
        target = package / path.relative_to(_ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return package


def requirements() -> list[str]:
    """What the program needs, MLflow included, each in the version that is installed here.

    Raises:
        PackageNotFoundError: the package itself is not installed.
    """
    names = [_name(line) for line in requires(_PACKAGE) or [] if "extra ==" not in line]
    found = []
    for name in ("mlflow", "pandas", *names):
        try:
            found.append(f"{name}=={version(name).partition('+')[0]}")
        except PackageNotFoundError:
            continue
    return found


def _name(requirement: str) -> str:
    from packaging.requirements import Requirement

    return Requirement(requirement).name


def _files() -> Iterator[Path]:
    yield from sorted(_ROOT.glob("*.py"))
    for name in _FOLDERS:
        for path in sorted((_ROOT / name).rglob("*")):
            of_a_shipped_model = _SHIPPED in path.parents and path.parent != _SHIPPED
            if path.suffix in _KINDS and path.is_file() and not of_a_shipped_model:
                yield path
