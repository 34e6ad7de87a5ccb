"""Strict reading of the stand-off label files."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from .folder import LABEL_FOLDER, LabelFileError
from .votes import VOTES, Targets, targets_from_votes

TRAIN = LABEL_FOLDER / "train.csv"
GOLD = LABEL_FOLDER / "gold-dev.csv"
FURTHER = LABEL_FOLDER / "further.csv"
READINGS = LABEL_FOLDER / "promotion_readings.csv"
_KEYS = {
    "source": re.compile(r"[\w.-]+/[\w.-]+"),
    "source_id": re.compile(r"\S+"),
    "author_sha1": re.compile(r"[0-9a-f]{12}"),
    "text_sha1": re.compile(r"[0-9a-f]{40}"),
}


class LabelledRow(NamedTuple):
    """One line of a label file, its votes already merged."""

    source: str
    source_id: str
    author: str
    text_sha1: str
    targets: Targets


def read_labels(path: Path, passes: int) -> list[LabelledRow]:
    """Read a label file of one (``style``) or several (``style_1`` ...) passes.

    Raises:
        LabelFileError: naming file, line and field; also for a row that appears twice.
    """
    suffixes = [""] if passes == 1 else [f"_{number}" for number in range(1, passes + 1)]
    fields = {name: [name + suffix for suffix in suffixes] for name in VOTES}
    rows, seen = [], set()
    for line, record in _records(path, [*_KEYS, *(f for names in fields.values() for f in names)]):
        for field, pattern in _KEYS.items():
            if not pattern.fullmatch(record[field]):
                raise _fault(path, line, field, f"must match {pattern.pattern}")
        for name, columns in fields.items():
            for field in columns:
                if record[field] not in VOTES[name]:
                    raise _fault(path, line, field, f"must be one of {', '.join(VOTES[name])}")
        key = (record["source"], record["source_id"])
        if key in seen:
            raise _fault(path, line, "source_id", "this post is in the file already")
        seen.add(key)
        votes = {name: [record[field] for field in columns] for name, columns in fields.items()}
        rows.append(
            LabelledRow(
                *key, record["author_sha1"], record["text_sha1"], targets_from_votes(**votes)
            )
        )
    return rows


class ReadRow(NamedTuple):
    """One line of ``promotion_readings.csv``: shares, 0 to 1, that readers of the masked view gave.

    Attributes:
        paid: how surely a third party's product is promoted; the mean of the readings.
        own: how surely the author's own is.
    """

    source: str
    source_id: str
    author: str
    text_sha1: str
    paid: float
    own: float


def read_readings(path: Path = READINGS) -> list[ReadRow]:
    """Read whose product posts promote, as one or two readers of the masked view took it.

    Raises:
        LabelFileError: naming file, line and field; also for a row that appears twice.
    """
    rows, seen = [], set()
    for line, record in _records(path, [*_KEYS, "paid_1", "self_1", "paid_2", "self_2"]):
        for field, pattern in _KEYS.items():
            if not pattern.fullmatch(record[field]):
                raise _fault(path, line, field, f"must match {pattern.pattern}")
        passes = [shares(record, "1", path, line)]
        if record["paid_2"]:
            passes.append(shares(record, "2", path, line))
        key = (record["source"], record["source_id"])
        if key in seen:
            raise _fault(path, line, "source_id", "this post is in the file already")
        seen.add(key)
        paid, own = (sum(given) / len(passes) for given in zip(*passes, strict=True))
        rows.append(ReadRow(*key, record["author_sha1"], record["text_sha1"], paid, own))
    return rows


def shares(record: Mapping[str, str], number: str, path: Path, line: int) -> tuple[float, float]:
    """Shares of one reading, 0 to 1: of a third party, and of the author's own.

    Raises:
        LabelFileError: no whole numbers from 0 to 100, or more than 100 together.
    """
    found = []
    for field in (f"paid_{number}", f"self_{number}"):
        value = record[field] or ""
        if not value.isascii() or not value.isdigit() or int(value) > 100:
            raise _fault(path, line, field, "must be a whole number from 0 to 100")
        found.append(int(value) / 100)
    if sum(found) > 1:
        raise _fault(path, line, f"self_{number}", f"more than 100 with paid_{number}")
    return found[0], found[1]


def _records(path: Path, header: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        found = next(reader, [])
        if found != header:
            wrong = next((name for name in header if name not in found), "order")
            raise _fault(path, 1, wrong, f"the columns must be {', '.join(header)}")
        try:
            for values in reader:
                if len(values) != len(header):
                    what = f"the line has {len(values)} values, not {len(header)}"
                    raise _fault(path, reader.line_num, header[-1], what)
                yield reader.line_num, dict(zip(header, values, strict=True))
        except csv.Error as error:
            raise _fault(path, reader.line_num, header[-1], str(error)) from None


def _fault(path: Path, line: int, field: str, what: str) -> LabelFileError:
    return LabelFileError(f"{path.name}, line {line}, field {field!r}: {what}")
