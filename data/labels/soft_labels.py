"""``second_reading.csv``: how surely readers of the masked view take a post for paid."""

from __future__ import annotations

import csv
from pathlib import Path

from .folder import LABEL_FOLDER, LabelFileError

SECOND_READING = LABEL_FOLDER / "second_reading.csv"
HEADER = ("source", "source_id", "paid_1", "self_1", "paid_2", "self_2")

Key = tuple[str, str]


def readings(path: Path = SECOND_READING) -> dict[Key, tuple[float, float]]:
    """By source and id: soft labels, 0 to 1, that a post is paid and that it promotes one's own.

    Two readings of a post are averaged.

    Raises:
        LabelFileError: naming file, line and field; also for a row that appears twice.
    """
    found: dict[Key, tuple[float, float]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        if tuple(reader.fieldnames or ()) != HEADER:
            raise LabelFileError(f"{path.name}, line 1: the columns must be {', '.join(HEADER)}")
        for record in reader:
            where = f"{path.name}, line {reader.line_num}"
            passes = [_shares(record, "1", where)]
            if record["paid_2"]:
                passes.append(_shares(record, "2", where))
            key = (record["source"], record["source_id"])
            if key in found:
                raise LabelFileError(f"{where}, field 'source_id': this post appears twice")
            found[key] = (
                sum(paid for paid, _ in passes) / len(passes),
                sum(own for _, own in passes) / len(passes),
            )
    return found


def _shares(record: dict[str, str], number: str, where: str) -> tuple[float, float]:
    shares = []
    for field in (f"paid_{number}", f"self_{number}"):
        value = record[field] or ""
        if not value.isascii() or not value.isdigit() or int(value) > 100:
            raise LabelFileError(f"{where}, field {field!r}: must be a whole number from 0 to 100")
        shares.append(int(value) / 100)
    if sum(shares) > 1:
        raise LabelFileError(f"{where}, field 'self_{number}': more than 100 with paid_{number}")
    return shares[0], shares[1]
