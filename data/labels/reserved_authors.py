"""Authors kept for a later evaluation: their posts never leave the reader."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

from .folder import LABEL_FOLDER, LabelFileError

RESERVED = LABEL_FOLDER / "reserved.csv"


def read_reserved(path: Path) -> frozenset[str]:
    """Read the author hashes of a reserved list.

    Raises:
        LabelFileError: naming file, line and field.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != ["source", "author_sha1"]:
            raise LabelFileError(f"{path.name}, line 1: columns must be source, author_sha1")
        authors = set()
        for row in reader:
            author = row["author_sha1"] or ""
            if not re.fullmatch(r"[0-9a-f]{12}", author):
                raise LabelFileError(
                    f"{path.name}, line {reader.line_num}, field 'author_sha1': must be 12 hex "
                    "digits"
                )
            authors.add(author)
    return frozenset(authors)


@cache
def reserved_authors() -> frozenset[str]:
    """The reserved authors of the project, as ``author_sha1``.

    They hold for every source: the same account may be in several.
    """
    return read_reserved(RESERVED)
