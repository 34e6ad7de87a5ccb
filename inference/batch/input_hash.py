"""What an input file is by its bytes, and about how many records it holds: one pass for both."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...data.io.open_file import InputFormat
from ...data.io.read import PACKED, input_format_of

_PIECE = 1 << 20


@dataclass(frozen=True)
class Fingerprint:
    """A file of the input.

    Attributes:
        name: what the manifest calls it.
        bytes: its size; None for what cannot be read twice, or at all.
        sha256: of its bytes; None as well.
        records: about how many, for a progress bar; None if it cannot be told. Lines of JSONL and
            CSV, so a CSV with line breaks inside quotes holds fewer.
    """

    name: str
    bytes: int | None = None
    sha256: str | None = None
    records: int | None = None

    def entry(self) -> dict[str, Any]:
        """As the manifest has it."""
        return {"name": self.name, "bytes": self.bytes, "sha256": self.sha256}


def fingerprint(name: str, path: Path, format: InputFormat | None) -> Fingerprint:  # noqa: A002
    """Read a file once; ``format`` is by extension where it is None."""
    if not is_regular(path):
        return Fingerprint(name)
    digest, size, lines = hashlib.sha256(), 0, 0
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                size += len(piece)
                lines += piece.count(b"\n")
    except OSError:
        # Reading it for real says what is wrong with it.
        return Fingerprint(name)
    return Fingerprint(name, size, digest.hexdigest(), _records(path, format, lines))


def is_regular(path: Path) -> bool:
    """Whether it is a file, which can be read twice, and no pipe."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _records(path: Path, format: InputFormat | None, lines: int) -> int | None:  # noqa: A002
    try:
        file_format = format or input_format_of(path)
        if path.suffix.lower() in PACKED:
            return None
        if file_format == "parquet":
            from pyarrow import parquet

            return int(parquet.read_metadata(path).num_rows)
        if file_format in ("xlsx", "zip"):
            return None
    except (OSError, ValueError):
        return None
    return lines
