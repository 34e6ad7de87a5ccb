"""Posts in a ZIP archive, read in place: which members hold them, and whose they are."""

from __future__ import annotations

import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from ..errors import InputError
from ..text.repair.repair import repair
from .exports.paths import path as path_of
from .exports.shape import Owner, Shape
from .exports.table import shapes
from .open_file import MAX_RATIO, too_much

_MAX_OWNER_BYTES = 1 << 26
_SHOWN = 5
_ENCRYPTED = 1
_ASSIGNED = re.compile(r"\s*[A-Za-z_$][\w.$]{0,100}\s*=\s*")
# What reading a member of an archive raises where it is damaged, or packed in a way of its own.
_DAMAGED = (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, zlib.error,
            lzma.LZMAError)  # fmt: skip
_UNREADABLE = (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError)


@contextmanager
def opened_zip(source: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive.

    Raises:
        InputError: no ZIP archive, or damaged.
    """
    try:
        archive = zipfile.ZipFile(source)
    except _UNREADABLE as error:
        raise InputError(f"{source.name}: not a ZIP archive, or damaged: {error}") from None
    with archive:
        yield archive


def members_with_posts(
    archive: zipfile.ZipFile, name: str, asked: Shape | None, known: Callable[[str], bool]
) -> tuple[list[zipfile.ZipInfo], list[str]]:
    """The members that hold posts, in the order of their numbers, and the names of others.

    Args:
        archive: an open archive.
        name: of it, for messages.
        asked: the shape that it has.
        known: whether a file of a name can be read.

    Raises:
        InputError: none, or several of which none belongs to an export that is known.
    """
    inside = [one for one in archive.infolist() if not one.is_dir() and not _hidden(one.filename)]
    of = [asked] if asked is not None else list(shapes().values())
    found = [one for one in inside if any(shape.holds(one.filename) for shape in of)]
    alone = not found
    found = found or [one for one in inside if known(one.filename)]
    if not found or (alone and len(found) > 1):
        names = [one.filename for one in found or inside]
        what = f"{len(found)} files that could hold posts" if found else "no file with posts"
        some = ", ".join(names[:_SHOWN]) or "nothing"
        raise InputError(f"{name}: {what} ({some}): unpack it, and give the one with the posts")
    chosen = {id(one) for one in found}
    left = [
        one.filename
        for one in inside
        if id(one) not in chosen and (known(one.filename) or one.filename.lower().endswith(".zip"))
    ]
    return sorted(found, key=lambda one: _natural(one.filename)), left


@contextmanager
def member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, archive_name: str
) -> Iterator[BinaryIO]:
    """Open a member, which unpacks to no more than it says.

    Raises:
        InputError: encrypted, packed too well to be text, or damaged (later, while reading).
    """
    where = f"{archive_name}/{info.filename}"
    if info.flag_bits & _ENCRYPTED:
        raise InputError(f"{where} is encrypted: unpack the archive with its password")
    if too_much(info.file_size, info.compress_size):
        raise InputError(
            f"{where} unpacks to more than {MAX_RATIO} times its size: unpack it yourself if it "
            "can be trusted"
        )
    try:
        with archive.open(info) as stream:
            yield cast(BinaryIO, stream)
    except _DAMAGED as error:
        raise InputError(f"{where}: damaged, or packed in an unknown way: {error}") from error


def owner_in_zip(archive: zipfile.ZipFile, posts: zipfile.ZipInfo, owner: Owner) -> str | None:
    """Whose archive it is, by the file that says so and is nearest to the posts."""
    home = PurePosixPath(posts.filename).parent.parts
    found = [
        one
        for one in archive.infolist()
        if PurePosixPath(one.filename).name == owner.file and not _hidden(one.filename)
    ]
    if not found:
        return None

    def shared(one: zipfile.ZipInfo) -> int:
        pairs = zip(home, PurePosixPath(one.filename).parent.parts, strict=False)
        return sum(1 for _ in _alike(pairs))

    # An owner that cannot be read costs a name, not the posts.
    try:
        with archive.open(max(found, key=shared)) as stream:
            return _owner(stream.read(_MAX_OWNER_BYTES), owner)
    except _DAMAGED:
        return None


def owner_beside(source: Path, owner: Owner) -> str | None:
    """Whose archive a file is from that was unpacked, by the file that says so and is near."""
    for folder in source.resolve().parents[: owner.up + 1]:
        for place in (folder / owner.file, folder / owner.within / owner.file):
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
    # Names are as damaged as texts are.
    return repair(value).text.strip() or None if isinstance(value, str) else None


def _alike(pairs: Iterator[tuple[str, str]]) -> Iterator[str]:
    for one, other in pairs:
        if one != other:
            return
        yield one


def _hidden(name: str) -> bool:
    parts = [part for part in name.replace("\\", "/").split("/") if part != "."]
    return any(part.startswith((".", "__MACOSX")) for part in parts)


def _natural(name: str) -> tuple[Any, ...]:
    # Every second part is a number.
    parts = re.split(r"([0-9]+)", name)
    return tuple(int(part) if place % 2 else part for place, part in enumerate(parts))
