"""How many labelled posts there are, by split, source, axis, label and fold."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ..axes import TARGETS
from ..folds.assign import N_FOLDS

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict

_MISSING = "missing"
# Axis -> what stands for a label in the data set -> its name.
_NAMES: dict[str, dict[float, str]] = {
    target: {value: name for name, value in values.items()} for target, values in TARGETS.items()
}


class Count(NamedTuple):
    """One line of the table: posts per fold, and in all."""

    split: str
    source: str
    axis: str
    label: str
    folds: tuple[int, ...]

    @property
    def total(self) -> int:
        """Posts of all folds."""
        return sum(self.folds)


def counts(dataset: DatasetDict) -> list[Count]:
    """Count every split by source, axis, label and fold.

    Lines with source ``all`` sum a split over its sources; lines with axis ``posts`` count posts.
    Sorted by split (as in the data set), source (``all`` first), axis and label.
    """
    lines = []
    for name, split in dataset.items():
        found = _count(split)
        keys = sorted({key[:3] for key in found}, key=_order)
        lines += [
            Count(str(name), *key, tuple(found[*key, fold] for fold in range(N_FOLDS)))
            for key in keys
        ]
    return lines


def _count(split: Dataset) -> Counter[tuple[str, str, str, int]]:
    table = split.with_format("arrow")[:]
    columns = [table[column].to_pylist() for column in ("source", "fold", *_NAMES)]
    found: Counter[tuple[str, str, str, int]] = Counter()
    for source, fold, *labels in zip(*columns, strict=True):
        for of in ("all", source):
            found[of, "posts", "", fold] += 1
            for (axis, names), label in zip(_NAMES.items(), labels, strict=True):
                found[of, axis, names.get(label, _MISSING), fold] += 1
    return found


def _order(key: tuple[str, str, str]) -> tuple[bool, str, int, int]:
    source, axis, label = key
    names = [*_NAMES[axis].values(), _MISSING] if axis in _NAMES else [""]
    return source != "all", source, ["posts", *_NAMES].index(axis), names.index(label)
