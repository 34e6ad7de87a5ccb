"""``second_reading.csv``: how surely readers of the masked view take a post for paid."""

from __future__ import annotations

import csv
from pathlib import Path

from .folder import LABEL_FOLDER, LabelFileError
from .label_files import shares

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
            passes = [shares(record, "1", path, reader.line_num)]
            if record["paid_2"]:
                passes.append(shares(record, "2", path, reader.line_num))
            key = (record["source"], record["source_id"])
            if key in found:
                raise LabelFileError(f"{where}, field 'source_id': this post appears twice")
            found[key] = (
                sum(paid for paid, _ in passes) / len(passes),
                sum(own for _, own in passes) / len(passes),
            )
    return found
