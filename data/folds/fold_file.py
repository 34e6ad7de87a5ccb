"""The committed folds of the public label files, and the fold of any other group."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..axes import TARGETS
from ..labels.folder import LABEL_FOLDER, LabelFileError
from .assign import N_FOLDS

if TYPE_CHECKING:
    import pandas as pd

FOLDS = LABEL_FOLDER / "folds.csv"
# Of posts that every fold is fitted on.
NO_FOLD = -1
_HEADER = ["source", "source_id", "group", "fold"]


class Place(NamedTuple):
    """Where a labelled row belongs."""

    group: str
    fold: int


class Folds(NamedTuple):
    """A fold file.

    Attributes:
        places: (source, source_id) -> group and fold.
        of_group: group -> fold.
        sha256: of the file, logged with every run.
    """

    places: dict[tuple[str, str], Place]
    of_group: dict[str, int]
    sha256: str


def read_folds(path: Path) -> Folds:
    """Read a fold file.

    Raises:
        LabelFileError: naming file, line and field; also for a group in two folds.
    """
    places: dict[tuple[str, str], Place] = {}
    of_group: dict[str, int] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, restval="")
        if reader.fieldnames != _HEADER:
            raise LabelFileError(f"{path.name}, line 1: columns must be {', '.join(_HEADER)}")
        for row in reader:
            where = f"{path.name}, line {reader.line_num}, field "
            if row["fold"] not in {str(fold) for fold in range(N_FOLDS)}:
                raise LabelFileError(f"{where}'fold': must be 0 to {N_FOLDS - 1}")
            place = Place(row["group"], int(row["fold"]))
            if of_group.setdefault(place.group, place.fold) != place.fold:
                raise LabelFileError(f"{where}'group': {place.group!r} stands in two folds")
            places[row["source"], row["source_id"]] = place
    return Folds(places, of_group, hashlib.sha256(path.read_bytes()).hexdigest())


@cache
def folds() -> Folds:
    """The committed fold file."""
    return read_folds(FOLDS)


def fold_of(group: str, known: Folds | None = None) -> int:
    """A known group's fold, else one that depends on the group's name alone."""
    of_group = (known or folds()).of_group
    digest = hashlib.sha256(group.encode()).hexdigest()
    return of_group.get(group, int(digest[:8], 16) % N_FOLDS)


def strata(rows: pd.DataFrame) -> list[list[str]]:
    """What folds are balanced by: split, source, and each label by split and by source."""
    axes = list(TARGETS)
    labels = rows[axes].astype(float).to_numpy()
    names = []
    for split, source, values in zip(rows["split"], rows["source"], labels, strict=True):
        of_row = [split, source, f"{split} {source}"]
        for axis, label in zip(axes, values, strict=True):
            if label >= 0:  # missing is NaN or -1
                of_row += [f"{split} {axis} {label}", f"{source} {axis} {label}"]
        names.append(of_row)
    return names


def write_folds(path: Path, rows: Iterable[tuple[str, str, str, int]]) -> None:
    """Write a fold file, sorted."""
    from ..cache import replacing

    lines = [_HEADER, *(list(map(str, row)) for row in sorted(rows))]
    with replacing(path) as file:
        file.write("".join(",".join(line) + "\n" for line in lines).encode())
