"""Paths of an output and of the files that belong to it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ...data.errors import InputError
from ...data.io.open_file import Format
from ...data.io.read import PACKED, format_of

EXTENSION: dict[Format, str] = {"jsonl": ".jsonl", "csv": ".csv", "parquet": ".parquet"}
_CODECS: dict[str, Literal["gzip", "zstd"]] = {".gz": "gzip", ".zst": "zstd"}


@dataclass(frozen=True)
class Layout:
    """Paths of one output.

    Attributes:
        target: the file, or the folder of parts.
        is_folder: which of the two.
        format: of the rows.
        codec: how a file is compressed; None for Parquet, which is by itself.
    """

    target: Path
    is_folder: bool
    format: Format
    codec: Literal["gzip", "zstd"] | None

    @property
    def rejects(self) -> Path:
        """Path of the reject file, which exists only if there are rejects."""
        return self._beside(".rejects.jsonl")

    @property
    def manifest(self) -> Path:
        """Path of the manifest."""
        return self._beside(".manifest.jsonl")

    @property
    def partial(self) -> Path:
        """Path of the work folder, which exists until the output is complete."""
        return self._beside(".partial")

    @property
    def part_extension(self) -> str:
        """Extension of the files in a folder of parts."""
        return EXTENSION[self.format]

    def _beside(self, suffix: str) -> Path:
        return self.target.with_name(self.target.name + suffix)


def layout_of(target: str | Path, format: Format | None) -> Layout:  # noqa: A002
    """Derive the paths of an output: a file by its extension, a folder by a final slash.

    Raises:
        InputError: no name, an unknown extension, or a compression that cannot be written.
    """
    path = Path(target)
    if not path.name:
        raise InputError(f"{target or 'the output'} is not a file name: choose one")
    if str(target).endswith(("/", os.sep)):
        return Layout(path, is_folder=True, format=format or "jsonl", codec=None)
    if path.is_dir():
        raise InputError(f"{path} is a folder: give the name of a file, or of a new folder with /")
    suffix = path.suffix.lower()
    file_format = format or format_of(path)
    if suffix in PACKED and (suffix not in _CODECS or file_format == "parquet"):
        raise InputError(f"{path}: output cannot be compressed so; leave {suffix} out")
    return Layout(path, is_folder=False, format=file_format, codec=_CODECS.get(suffix))
