"""One bad input with what has to become of it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

GOOD = b'{"id": "before", "text": "late bus again, so tired of this week lol"}\n'
ALSO_GOOD = b'{"id": "after", "text": "made soup and watched the rain all evening"}\n'
GOOD_CSV = b"before,late bus again so tired of this week lol\n"
ALSO_GOOD_CSV = b"after,made soup and watched the rain all evening\n"
BESIDE = ("before", "after")


@dataclass(frozen=True)
class Case:
    """A file, and its outcome: refused as a whole, or rows scored and rejected.

    Attributes:
        name: what is bad about it.
        file: under which name it is given.
        content: its bytes, or what makes it at a path.
        ids: of the rows scored, in order.
        rejects: line to reason code.
        refused: a part of the message, where the whole file is refused with exit code 2.
        row: columns that the row at ``ids[1]`` has to have.
        options: further arguments of the command line.
        record: the bad record alone, for the Python API.
        passed_over: fields whose value is left out, of the bad record, and how often.
        left: what stays beside the input where a file is refused: parts that were complete when
            the fault was met can be resumed from.
    """

    name: str
    file: str
    content: bytes | Callable[[Path], object]
    ids: tuple[str, ...] = ()
    rejects: dict[int, str] = field(default_factory=dict)
    refused: str | None = None
    row: dict[str, object] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    record: object = None
    passed_over: dict[str, int] = field(default_factory=dict)
    left: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """2 if refused, 1 if nothing but rejects, else 0."""
        if self.refused is not None:
            return 2
        return 1 if self.rejects and not self.ids else 0

    def write(self, folder: Path) -> Path:
        """Put the input into a folder; returns its path."""
        path = folder / self.file
        if callable(self.content):
            self.content(path)
        else:
            path.write_bytes(self.content)
        return path


def gzipped(content: bytes) -> bytes:
    """Packed without the time of day, of which a byte may be a line break."""
    return gzip.compress(content, mtime=0)


def line(name: str, raw: bytes | str, code: str) -> Case:
    """A line of JSONL that is rejected, between two good ones."""
    raw = raw.encode() if isinstance(raw, str) else raw
    content = GOOD + raw + b"\n" + ALSO_GOOD
    return Case(name, "in.jsonl", content, BESIDE, {2: code})


def rejected(name: str, record: object, code: str) -> Case:
    """A record of JSONL that is rejected, between two good ones."""
    case = line(name, json.dumps(record), code)
    return Case(case.name, case.file, case.content, case.ids, case.rejects, record=record)


def scored(name: str, record: dict[str, object], post_id: str = "row-2", **row: object) -> Case:
    """A record of JSONL that looks bad and is scored all the same."""
    content = GOOD + json.dumps(record).encode() + b"\n" + ALSO_GOOD
    ids = ("before", post_id, "after")
    return Case(name, "in.jsonl", content, ids, row=row, record=record)


def passed_over(name: str, record: dict[str, object], *fields: str) -> Case:
    """A record of JSONL with values that cannot be read, in fields that no score hangs on."""
    case = scored(name, record, "row-2" if "id" in fields else str(record.get("id", "row-2")))
    return replace(case, passed_over=dict.fromkeys(fields, 1))


def csv_line(name: str, raw: bytes | str, code: str | None, post_id: str = "row-2") -> Case:
    """A row of CSV with the columns id and text, between two good ones."""
    raw = raw.encode() if isinstance(raw, str) else raw
    content = b"id,text\n" + GOOD_CSV + raw + b"\n" + ALSO_GOOD_CSV
    if code is None:
        return Case(name, "in.csv", content, ("before", post_id, "after"))
    return Case(name, "in.csv", content, BESIDE, {3: code})


def refused(
    name: str, file: str, content: bytes | Callable[[Path], object], message: str, *options: str
) -> Case:
    """A file that is refused as a whole."""
    return Case(name, file, content, refused=message, options=options)
