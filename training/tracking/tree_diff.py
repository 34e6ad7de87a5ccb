"""What was changed in the files of the package since its commit, kept with a run.

Tracked files alone, and of these code and its tables: posts and labels are files of other kinds, so
no text of a post gets into a run.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, NamedTuple

from .git import git

# Set to 0, nothing of what was changed is stored.
SWITCH = "UNPOLISHED_STORE_DIFF"
MAX_BYTES = 1_000_000
_FOLDERS = ("cli", "data", "inference", "models", "training")
_ENDINGS = (".py", ".toml", ".jinja", ".css", ".js")
_STORED = (
    "*.py",
    *(f"{folder}/**/*{ending}" for folder in _FOLDERS for ending in _ENDINGS),
    "data/text/**/*.txt",
)
# Neither programs nor colours that the user has set for reading.
_PLAIN = ("--no-ext-diff", "--no-textconv", "--no-color")
_NAMED = 50


class TreeDiff(NamedTuple):
    """Changes of a working tree.

    Attributes:
        state: ``none`` where no file of the package was changed; ``stored`` with the whole ``text``
            or ``cut`` with its beginning; ``off`` where the user has switched it off; ``unknown``
            outside of git.
        text: for ``git apply``, after lines that begin with ``#``.
    """

    state: Literal["none", "stored", "cut", "off", "unknown"]
    text: str = ""


def tree_diff(folder: Path, most: int = MAX_BYTES) -> TreeDiff:
    """The changes of the package's files against the commit.

    Args:
        folder: of the package.
        most: bytes that are stored.
    """
    globs = [f":(glob){pattern}" for pattern in _STORED]
    every = git(folder, "diff", "HEAD", "--name-only", "-z", "--", *globs, *_FOLDERS)
    kept = git(folder, "diff", "HEAD", "--name-only", "-z", "--", *globs)
    text = git(folder, "diff", "HEAD", *_PLAIN, "--", *globs)
    others = git(folder, "ls-files", "--others", "--exclude-standard", "-z", "--", *globs)
    if every is None or kept is None or text is None or others is None:
        return TreeDiff("unknown")
    # The contents of other files may hold posts, and names of files that are not tracked may tell
    # of them: those are counted.
    only_named = sorted({*every.split("\0")} - {*kept.split("\0")})
    told = [f"# changed, not stored: {ascii(name)[1:-1]}\n" for name in only_named[:_NAMED]]
    if len(only_named) > _NAMED:
        told.append(f"# and {len(only_named) - _NAMED:,} more\n")
    if n := others.count("\0"):
        told.append(f"# {n:,} files of the package are not tracked by git, and not stored\n")
    if not text and not told:
        return TreeDiff("none")
    if os.environ.get(SWITCH, "").strip().lower() in ("0", "false", "no", "off"):
        return TreeDiff("off")
    whole = text.encode()
    if len(whole) <= most:
        return TreeDiff("stored", "".join(told) + text)
    told.append(f"# cut after {most:,} of {len(whole):,} bytes: what is left cannot be applied\n")
    return TreeDiff("cut", "".join(told) + whole[:most].decode(errors="ignore") + "\n")
