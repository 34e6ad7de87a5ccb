"""The posts of a run: those models are judged by, and those they are only fitted on."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from ..data.dataset.build import build, labelled_texts
from ..data.labelled_texts import LabelledTexts
from .recipe import Recipe

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict

Data = Literal["public", "corpus"] | Path
_SHIPPED = ("public", "corpus")
_DATA_SETS_KEPT = 4


@dataclass(frozen=True)
class Splits:
    """One data set as a recipe uses it.

    Attributes:
        dataset: as it was built, every split that the recipe weighs.
        train: posts that models, calibrators and thresholds are fitted on.
        gold: posts that are scored out of fold and never fitted on; public data only.
        extra: posts that are fitted on and never scored, weighted as the recipe says.
    """

    dataset: DatasetDict
    train: LabelledTexts
    gold: LabelledTexts | None
    extra: LabelledTexts | None

    def everything(self) -> LabelledTexts:
        """All posts, for the model that is kept."""
        parts = [part for part in (self.train, self.gold, self.extra) if part is not None]
        return reduce(LabelledTexts.joined, parts)

    def spare(self) -> LabelledTexts | None:
        """Extra posts that share no group with a post that is judged, None where there are none."""
        if self.extra is None:
            return None
        judged = [part.groups for part in (self.train, self.gold) if part is not None]
        free = ~np.isin(self.extra.groups, np.concatenate(judged))
        return self.extra.take(free) if free.any() else None


def read_splits(recipe: Recipe, data: Data, *, unmasked: bool = False) -> Splits:
    """Build the data set with the extra posts that the recipe weighs.

    Args:
        recipe: of the run.
        data: as ``data.dataset.build`` takes it.
        unmasked: texts as posted, for peers that mask nothing.

    Raises:
        SourceError: public data cannot be had.
        OwnPostsError: a labelled file is at fault.
    """
    weights = extra_weights(recipe) if data == "public" else {}
    dataset = build(data, **{name: weight > 0 for name, weight in weights.items()})
    splits = {
        str(name): _read(dataset[name], recipe.soft_label_weight, unmasked=unmasked)
        for name in dataset
    }
    extra = [_weighted(splits[name], by) for name, by in weights.items() if name in splits]
    return Splits(
        dataset=dataset,
        train=splits["train"],
        gold=splits.get("gold"),
        extra=reduce(LabelledTexts.joined, extra) if extra else None,
    )


class SplitsReader:
    """Reads one data set as several recipes use it; recipes that weigh posts alike share it.

    Args of ``read``: see ``read_splits``.
    """

    def __init__(self, data: Data) -> None:
        self.data = data
        self._kept: dict[str, Splits] = {}

    def read(self, recipe: Recipe, *, unmasked: bool = False) -> Splits:
        """As ``read_splits``."""
        key = repr((extra_weights(recipe), recipe.soft_label_weight, unmasked))
        if key not in self._kept:
            while len(self._kept) >= _DATA_SETS_KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = read_splits(recipe, self.data, unmasked=unmasked)
        return self._kept[key]


def data_name(data: Data) -> str:
    """What a data set is called; a file is never called what the public data or the corpus is.

    >>> data_name(Path("posts/mine.csv")), data_name(Path("Public.csv"))
    ('mine', 'own-Public')
    """
    if isinstance(data, str):
        return data
    return f"own-{data.stem}" if slug(data.stem) in _SHIPPED else data.stem


def slug(name: str) -> str:
    """A name of letters a to z, digits and hyphens; empty where nothing of it is."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def extra_weights(recipe: Recipe) -> dict[str, float]:
    """By the split of the public data set that each weighs."""
    return {
        "further": recipe.extra_posts_weight,
        "corpus": recipe.corpus_weight,
        "weak": recipe.weak_weight,
        "read": recipe.readings_weight,
        "unlabelled": recipe.unlabelled_weight,
    }


def _read(rows: Dataset, soft_label_weight: float, *, unmasked: bool) -> LabelledTexts:
    labelled = labelled_texts(rows, soft_label_weight)
    if unmasked:
        texts = tuple(rows.with_format(None)["text"][:])
        return replace(labelled, texts=texts, with_author=texts)
    return labelled


def _weighted(labelled: LabelledTexts, factor: float) -> LabelledTexts:
    return replace(labelled, weight=(labelled.weight * factor).astype(np.float32))
