"""The files that are scored: one, a folder or a glob of them, or a stream; and what they are."""

from __future__ import annotations

import glob
import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from ...data.errors import InputError, Reject
from ...data.io.fields.find import Fields
from ...data.io.open_file import Format
from ...data.io.read import format_of, read_records
from ..summary import UNREADABLE

_PIECE = 1 << 20
_STDIN = "standard input"


class Record(NamedTuple):
    """One record of the input, or the reject in its place."""

    file: str
    line: int
    found: Mapping[str, Any] | Reject


@dataclass(frozen=True)
class InputFile:
    """A file of the input.

    Attributes:
        path: where it is.
        name: what rejects and the manifest call it: from the folder that all files share.
    """

    path: Path
    name: str


@dataclass(frozen=True)
class Inputs:
    """Everything that is scored in one run, in order.

    Attributes:
        files: empty where a stream is read.
        stream: standard input, or any other.
        many: a folder or a glob: one file that cannot be read does not stop the others.
        format: of all files; None by extension.
    """

    files: tuple[InputFile, ...]
    stream: BinaryIO | None = None
    many: bool = False
    format: Format | None = None

    @property
    def resumable(self) -> bool:
        """Whether the same records can be read again."""
        return self.stream is None and all(_is_regular(file.path) for file in self.files)

    def records(
        self, fields: Fields, lacks: Callable[[str, frozenset[str]], None] = lambda *_: None
    ) -> Iterator[Record]:
        """All records; a file of many that cannot be read leaves one reject where it failed.

        Args:
            fields: told of each header.
            lacks: called for a file of many without columns that were asked for, with their names.

        Raises:
            InputError: the only file, or the stream, cannot be read.
            UnusableError: no record of all files had a column that was asked for.
        """
        yield from self._records(fields, lacks)
        fields.check(self.name)

    @property
    def name(self) -> str:
        """What the input is called as a whole."""
        if self.stream is not None:
            return _STDIN
        return "the input" if self.many else self.files[0].name

    def _records(
        self, fields: Fields, lacks: Callable[[str, frozenset[str]], None]
    ) -> Iterator[Record]:
        if self.stream is not None:
            for line, found in read_records(self.stream, self.format, fields):
                yield Record(_STDIN, line, found)
            fields.end_file()
        for file in self.files:
            line = 0
            try:
                for line, found in read_records(file.path, self.format, fields):
                    yield Record(file.name, line, found)
            except InputError as error:
                if not self.many:
                    raise
                yield Record(file.name, line + 1, _unreadable(line + 1, error))
            if lacking := fields.end_file():
                lacks(file.name, lacking)

    def stamps(self) -> list[tuple[int, int]]:
        """Size and time of change of each file, to tell whether it was written to meanwhile."""
        found = [file.path.stat() for file in self.files if _is_regular(file.path)]
        return [(status.st_size, status.st_mtime_ns) for status in found]

    def fingerprints(self) -> list[dict[str, Any]]:
        """Name, size and SHA-256 of each file; nulls for what cannot be read twice, or at all."""
        return [{"name": file.name, **_fingerprint(file.path)} for file in self.files]


def find_inputs(source: str | Path | BinaryIO, format: Format | None) -> Inputs:  # noqa: A002
    """What an argument stands for: a file, a folder, a glob, or an open stream.

    Of a folder, files with a known extension are taken, also in folders inside; names that begin
    with a dot or an underscore are passed over, as engines mark what is no data.

    Raises:
        InputError: a folder or a glob without files.
    """
    if not isinstance(source, str | Path):
        return Inputs((), stream=source, format=format)
    path = Path(source)
    is_folder = os.path.isdir(path)  # noqa: PTH112  (False also for names that nothing can have)
    if is_folder:
        inside = sorted(path.rglob("*"))
        found = [p for p in inside if not _hidden(p, path) and p.is_file() and _known(p, format)]
    elif glob.has_magic(str(source)) and not os.path.lexists(path):
        found = [Path(name) for name in sorted(glob.glob(str(source), recursive=True))]  # noqa: PTH207
        found = [p for p in found if not p.is_dir()]
    else:
        return Inputs((InputFile(path, path.name),), format=format)
    if not found:
        what = "is a directory without a" if is_folder else "matches no"
        raise InputError(f"{source} {what} file to score; use .jsonl, .csv or .parquet")
    root = path if is_folder else Path(os.path.commonpath([p.parent for p in found]))
    files = tuple(InputFile(p, p.relative_to(root).as_posix()) for p in found)
    return Inputs(files, many=True, format=format)


def _unreadable(line: int, error: InputError) -> Reject:
    return Reject(line, None, None, UNREADABLE, str(error))


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.relative_to(root).parts)


def _known(path: Path, found: Format | None) -> bool:
    if found is not None:
        return True
    try:
        format_of(path)
    except InputError:
        return False
    return True


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _fingerprint(path: Path) -> dict[str, Any]:
    if not _is_regular(path):
        return {"bytes": None, "sha256": None}
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                size += len(piece)
    except OSError:
        # Reading it for real says what is wrong with it.
        return {"bytes": None, "sha256": None}
    return {"bytes": size, "sha256": digest.hexdigest()}
