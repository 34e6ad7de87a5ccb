"""The files that are scored: one, a folder or a glob of them, or a stream; and what they are."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import BinaryIO

from ...data.errors import InputError, Reject
from ...data.io.exports.table import of_archive
from ...data.io.fields.find import Fields
from ...data.io.open_file import InputFormat
from ...data.io.read import STANDARD_INPUT, Item, input_format_of, read_items
from ...data.posts import Post, PostT
from ..summary import UNREADABLE
from .input_hash import Fingerprint, fingerprint, is_regular


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
        left: names of the files of an archive that hold no posts and are not read.
    """

    files: tuple[InputFile, ...]
    stream: BinaryIO | None = None
    many: bool = False
    format: InputFormat | None = None
    left: tuple[str, ...] = ()

    @property
    def resumable(self) -> bool:
        """Whether the same records can be read again."""
        return self.stream is None and all(is_regular(file.path) for file in self.files)

    def items(
        self,
        fields: Fields,
        lacks: Callable[[str, frozenset[str]], None] = lambda *_: None,
        kind: type[PostT] = Post,  # type: ignore[assignment]
    ) -> Iterator[Item[PostT]]:
        """All records; a file of many that cannot be read leaves one reject where it failed.

        Args:
            fields: finds posts, and what goes along; told of each header.
            lacks: called for a file of many without columns that were asked for, with their names.
            kind: ``Post`` or ``LabelledPost``.

        Raises:
            InputError: the only file, or the stream, cannot be read.
            UnusableError: no record of all files had a column that was asked for.
        """
        yield from self._items(fields, lacks, kind)
        fields.check(self.name)

    @property
    def name(self) -> str:
        """What the input is called as a whole."""
        if self.stream is not None:
            return STANDARD_INPUT
        return "the input" if self.many else self.files[0].name

    def _items(
        self, fields: Fields, lacks: Callable[[str, frozenset[str]], None], kind: type[PostT]
    ) -> Iterator[Item[PostT]]:
        numbers = count(1)
        if self.stream is not None:
            yield from read_items(self.stream, kind, self.format, fields, numbers)
            fields.end_file()
        for file in self.files:
            line = 0
            try:
                for item in read_items(file.path, kind, self.format, fields, numbers, file.name):
                    line = item.line
                    yield item
            except InputError as error:
                if not self.many:
                    raise
                reject = Reject(line + 1, None, None, UNREADABLE, str(error), next(numbers))
                yield Item(file.name, line + 1, reject)
            if lacking := fields.end_file():
                lacks(file.name, lacking)

    def stamps(self) -> list[tuple[int, int]]:
        """Size and time of change of each file, to tell whether it was written to meanwhile."""
        found = [file.path.stat() for file in self.files if is_regular(file.path)]
        return [(status.st_size, status.st_mtime_ns) for status in found]

    def fingerprints(self) -> list[Fingerprint]:
        """What each file is, by its bytes."""
        return [fingerprint(file.name, file.path, self.format) for file in self.files]


def find_inputs(source: str | Path | BinaryIO, format: InputFormat | None) -> Inputs:  # noqa: A002
    """What an argument stands for: a file, a folder, a glob, or an open stream.

    Of a folder, files with a known extension are taken, also in folders inside; names that begin
    with a dot or an underscore are passed over, as engines mark what is no data. Of an archive that
    was unpacked, of its files of JSON those with posts are taken.

    Raises:
        InputError: a folder or a glob without files.
    """
    if not isinstance(source, str | Path):
        return Inputs((), stream=source, format=format)
    path, left = Path(source), frozenset[Path]()
    is_folder = os.path.isdir(path)  # noqa: PTH112  (False also for names that nothing can have)
    if is_folder:
        inside = sorted(path.rglob("*"))
        found = [p for p in inside if not _hidden(p, path) and p.is_file() and _known(p, format)]
        left = _beside_posts(found, path)
        found = [p for p in found if p not in left]
    elif glob.has_magic(str(source)) and not os.path.lexists(path):
        found = [Path(name) for name in sorted(glob.glob(str(source), recursive=True))]  # noqa: PTH207
        found = [p for p in found if not p.is_dir()]
    else:
        return Inputs((InputFile(path, path.name),), format=format)
    if not found:
        what = "is a directory without a" if is_folder else "matches no"
        raise InputError(f"{source} {what} file to score; use .jsonl, .csv, .parquet or an export")
    root = path if is_folder else Path(os.path.commonpath([p.parent for p in found]))
    files = tuple(InputFile(p, p.relative_to(root).as_posix()) for p in found)
    names = tuple(sorted(p.relative_to(root).as_posix() for p in left))
    return Inputs(files, many=True, format=format, left=names)


def _beside_posts(found: Sequence[Path], root: Path) -> frozenset[Path]:
    """Files of an archive that hold something else than posts: its other files of JSON."""
    if not any(of_archive(p.relative_to(root).as_posix()) for p in found):
        return frozenset()
    return frozenset(
        p
        for p in found
        if p.suffix.lower() in (".js", ".json") and not of_archive(p.relative_to(root).as_posix())
    )


def _hidden(path: Path, root: Path) -> bool:
    # Excel's lock files begin with ~$.
    return any(part.startswith((".", "_", "~$")) for part in path.relative_to(root).parts)


def _known(path: Path, file_format: InputFormat | None) -> bool:
    if file_format is not None:
        return True
    try:
        input_format_of(path)
    except InputError:
        return False
    return True
