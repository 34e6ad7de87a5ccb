"""What determines a row besides the model and the options: the installed program."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from unicodedata import unidata_version

from ..version import __version__

CODE = "code"
_ROOT = Path(__file__).parents[1]
_FOLDERS = ("data", "models", "inference")
_TABLES = (".toml", ".txt")
# They mend encodings, cut into tokens, and multiply.
_LIBRARIES = ("ftfy", "numpy", "onnxruntime", "scipy", "tokenizers")


@cache
def program() -> Mapping[str, str]:
    """Fingerprints of the program that scores; a row is the same where all of them are.

    The files themselves count, not only the version: an editable install, a checkout or a folder
    copied over another changes rules without a new version. A changed comment counts too. That
    costs scoring anew; a change that went unseen would leave old rows among new ones.

    Returns:
        ``unpolished``: the version. ``code``: SHA-256 over the code of all folders that score. One
        SHA-256 for each table, under its name, such as ``data/text/brands.toml``. The
        versions of libraries that a row hangs on, and of Python's ``unicode`` tables.
    """
    parts = {"unpolished": __version__} | _FILES
    parts |= {name: _version(name) for name in _LIBRARIES}
    return parts | {"unicode": unidata_version}


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> str | None:
    """Describe the first part of the program that changed; None if none did."""
    for name in dict.fromkeys([*now, *before]):
        old, new = before.get(name, "none"), now.get(name, "none")
        if old == new:
            continue
        if name == CODE:
            return "the code of unpolished was changed, under the same version"
        if name.endswith(_TABLES):
            return f"the table {name} of unpolished was changed, under the same version"
        return f"{name} was {old}, now it is {new}"
    return None


def code_files(folders: Sequence[str] = _FOLDERS) -> dict[str, str]:
    """SHA-256 of each file of code, and of each table, in these folders of the package."""
    return {
        path.relative_to(_ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(_paths(folders))
    }


def _files() -> dict[str, str]:
    """Hashes of the code and of each table."""
    code, tables = hashlib.sha256(), {}
    for name, digest in code_files().items():
        if name.endswith(_TABLES):
            tables[name] = digest
        else:
            code.update(f"{name} {digest}\n".encode())
    return {CODE: code.hexdigest(), **tables}


def _paths(folders: Sequence[str]) -> Iterator[Path]:
    yield _ROOT / "lazy.py"
    for folder in folders:
        for where, folders, names in os.walk(_ROOT / folder):
            folders[:] = [name for name in folders if name != "__pycache__"]
            yield from (Path(where, name) for name in names if name.endswith((".py", *_TABLES)))


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "none"


# When this process imports the code, not when it is asked: by then, other files may be there.
_FILES = _files()
