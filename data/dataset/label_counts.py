"""How many labelled posts there are, by split, source, axis, label and fold."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ..folds.assign import N_FOLDS
from ..labelled_texts import CAUSES, MISSING

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict

_STYLE = {0.0: "raw", 0.5: "mixed", 1.0: "polished", None: "missing"}
_PAID = {0: "no", 1: "yes", MISSING: "missing"}
_CAUSE = {**dict(enumerate(CAUSES)), MISSING: "missing"}
_NAMES: dict[str, dict[object, str]] = {"style": _STYLE, "paid": _PAID, "cause": _CAUSE}  # type: ignore[dict-item]


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
                found[of, axis, names[label], fold] += 1
    return found


def _order(key: tuple[str, str, str]) -> tuple[bool, str, int, int]:
    source, axis, label = key
    names = list(_NAMES[axis].values()) if axis in _NAMES else [""]
    return source != "all", source, ["posts", *_NAMES].index(axis), names.index(label)
