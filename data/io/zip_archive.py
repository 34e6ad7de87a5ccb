"""Posts in a ZIP archive, read in place: which members hold them, and whose they are."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from ..errors import InputError
from .exports.paths import path as path_of
from .exports.shape import Owner, Shape
from .exports.table import shapes
from .open_file import MAX_RATIO

_RATIO_FROM_BYTES = 1 << 24
_MAX_OWNER_BYTES = 1 << 20
_SHOWN = 5
_ENCRYPTED = 1
_ASSIGNED = re.compile(r"\s*[\w.$]+\s*=\s*")


@contextmanager
def opened_zip(source: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive.

    Raises:
        InputError: no ZIP archive, or damaged.
    """
    try:
        archive = zipfile.ZipFile(source)
    except zipfile.BadZipFile as error:
        raise InputError(f"{source.name}: not a ZIP archive, or damaged: {error}") from None
    with archive:
        yield archive


def members_with_posts(
    archive: zipfile.ZipFile, name: str, asked: Shape | None, known: Callable[[str], bool]
) -> list[str]:
    """Names of the members that hold posts, in the order of their numbers.

    Args:
        archive: an open archive.
        name: of it, for messages.
        asked: the shape that it has.
        known: whether a file of a name can be read.

    Raises:
        InputError: none, or several of which none belongs to an export that is known.
    """
    names = [n for n in archive.namelist() if not n.endswith("/") and not _hidden(n)]
    of = [asked] if asked is not None else list(shapes().values())
    found = sorted({n for shape in of for n in names if shape.holds(n)}, key=_natural)
    found = found or [n for n in names if known(n)]
    if len(found) == 1 or any(shape.holds(n) for shape in of for n in found):
        return found
    what = f"{len(found)} files that could hold posts" if found else "no file with posts"
    some = ", ".join(found[:_SHOWN] or names[:_SHOWN]) or "nothing"
    raise InputError(f"{name}: {what} ({some}): unpack it, and give the one with the posts")


@contextmanager
def member(archive: zipfile.ZipFile, name: str, archive_name: str) -> Iterator[BinaryIO]:
    """Open a member, which unpacks to no more than it says.

    Raises:
        InputError: encrypted, packed too well to be text, or damaged (later, while reading).
    """
    info = archive.getinfo(name)
    where = f"{archive_name}/{name}"
    if info.flag_bits & _ENCRYPTED:
        raise InputError(f"{where} is encrypted: unpack the archive with its password")
    if info.file_size > max(_RATIO_FROM_BYTES, MAX_RATIO * max(1, info.compress_size)):
        raise InputError(
            f"{where} unpacks to more than {MAX_RATIO} times its size: unpack it yourself if it "
            "can be trusted"
        )
    try:
        with archive.open(info) as stream:
            yield cast(BinaryIO, stream)
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise InputError(f"{where}: damaged, or packed in an unknown way: {error}") from error


def owner_in_zip(archive: zipfile.ZipFile, owner: Owner) -> str | None:
    """Whose archive it is, where it says so."""
    for name in archive.namelist():
        if f"/{name}".endswith(f"/{owner.file}"):
            with archive.open(name) as stream:
                return _owner(stream.read(_MAX_OWNER_BYTES), owner)
    return None


def owner_beside(source: Path, owner: Owner) -> str | None:
    """Whose archive a file is from that was unpacked, where the file that says so is near."""
    wanted = PurePosixPath(owner.file)
    for folder in source.resolve().parents[:4]:
        for place in (folder / wanted, folder / wanted.name):
            if place.is_file():
                with place.open("rb") as stream:
                    return _owner(stream.read(_MAX_OWNER_BYTES), owner)
    return None


def _owner(content: bytes, owner: Owner) -> str | None:
    text = content.decode("utf-8-sig", "replace")
    assigned = _ASSIGNED.match(text)
    try:
        found: Any = json.loads(text[assigned.end() if assigned else 0 :].rstrip().rstrip(";"))
    except (ValueError, RecursionError):
        return None
    value = path_of(f"all.{owner.path}").get({"all": found})
    return value if isinstance(value, str) and value.strip() else None


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/"))


def _natural(name: str) -> tuple[Any, ...]:
    return tuple(int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name))
