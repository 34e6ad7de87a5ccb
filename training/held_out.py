"""Scores of posts by models that saw neither them nor their groups, kept in the cache.

A score is kept under a hash of all that it hangs on: the posts that were fitted on with their
labels and weights, the texts that were scored, the recipe's model, and the program itself. So what
was computed once, by a search or a study that was stopped, is not computed again, and nothing that
changed is taken for what it was. Only scores are kept: no text, and no name of anybody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, fields
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from ..data.cache import replacing
from ..data.labelled_texts import LabelledTexts
from ..models.base import PROBABILITIES, Probabilities
from ..models.families.by_name import family_of
from ..models.fingerprint import program
from .build_model import new_model
from .recipe import Recipe, family_keys
from .splits import Splits
from .tracking.environment import library_versions

if TYPE_CHECKING:
    from ..models.finetune.fit import OnStep

_FOLDER = "held_out"
# Of the file, not of what is in it: that is told by the hash.
_FORMAT = 1


@dataclass(frozen=True)
class Posts:
    """What is fitted on, and what is judged.

    Attributes:
        judged: posts that are scored, each by a model that saw none of its fold.
        fitted: posts that models are fitted on, those that are judged among them.
        spare: see ``models.families.building.Setup``.
    """

    judged: LabelledTexts
    fitted: LabelledTexts
    spare: LabelledTexts | None = None

    @classmethod
    def of(cls, splits: Splits) -> Self:
        """The training split is judged; gold is neither fitted on nor judged."""
        extra = splits.extra
        fitted = splits.train if extra is None else splits.train.joined(extra)
        return cls(splits.train, fitted, splits.spare())

    @property
    def folds(self) -> tuple[int, ...]:
        """Of the posts that are judged."""
        return tuple(np.unique(self.judged.folds).tolist())

    @cached_property
    def _spare_digest(self) -> str:
        return "" if self.spare is None else _digest(self.spare)


def without_folds(
    recipe: Recipe,
    posts: Posts,
    folds: Collection[int],
    kept_in: Path,
    on_step: OnStep | None = None,
) -> Probabilities:
    """Scores of the posts of some folds by one model that is fitted on all others.

    Args:
        recipe: what to fit.
        posts: see ``Posts``.
        folds: that the model does not see.
        kept_in: folder of the cache.
        on_step: told how a long fit goes on.

    Returns:
        Shape (n_judged, 5), NaN for the posts of other folds.

    Raises:
        ValueError: nothing is left to fit on, or too little.
    """
    left_out = sorted(folds)
    part = posts.fitted.take(~np.isin(posts.fitted.folds, left_out))
    rows = np.flatnonzero(np.isin(posts.judged.folds, left_out))
    texts = tuple(posts.judged.texts[i] for i in rows)
    found = np.full((len(posts.judged), len(PROBABILITIES)), np.nan, np.float32)
    path = kept_in / _FOLDER / f"{_key(recipe, part, texts, posts)}.npy"
    kept = _read(path, len(rows))
    if kept is None:
        model = new_model(recipe, kept_in, on_step, posts.spare).fit(part.both_views())
        kept = model.predict_proba(texts)
        with replacing(path) as file:
            np.save(file, kept, allow_pickle=False)
    found[rows] = kept
    return found


def out_of_fold(
    recipe: Recipe, posts: Posts, kept_in: Path, on_step: OnStep | None = None
) -> Probabilities:
    """Scores of all posts that are judged, shape (n_judged, 5)."""
    found = np.full((len(posts.judged), len(PROBABILITIES)), np.nan, np.float32)
    for fold in posts.folds:
        rows = posts.judged.folds == fold
        found[rows] = without_folds(recipe, posts, [fold], kept_in, on_step)[rows]
    return found


def _key(recipe: Recipe, part: LabelledTexts, texts: tuple[str, ...], posts: Posts) -> str:
    # Which kinds of files were read makes no difference once the posts are there.
    of_family = {
        name: value.model_dump(mode="json") if hasattr(value, "model_dump") else value
        for name, value in family_keys(recipe).items()
    }
    seed = recipe.seed if family_of(recipe.family).seeded else 0
    parts = [_FORMAT, recipe.family, seed, of_family, *_program(), _digest(part),
             posts._spare_digest, list(texts)]  # fmt: skip
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@cache
def _program() -> tuple[dict[str, str], dict[str, str]]:
    """Code, tables and libraries, which a process has once."""
    return dict(program()), library_versions()


def _digest(posts: LabelledTexts) -> str:
    digest = hashlib.sha256()
    for field in fields(posts):
        value: Any = getattr(posts, field.name)
        if isinstance(value, np.ndarray) and value.dtype.kind != "U":
            content = value.tobytes()
            digest.update(f"{field.name} {value.dtype} {value.shape}\n".encode())
        else:
            # Arrays of texts are padded to the longest of more than these.
            content = json.dumps(list(map(str, value))).encode()
            digest.update(f"{field.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _read(path: Path, n: int) -> Probabilities | None:
    """What was kept; None where there is nothing, or nothing that can be used."""
    try:
        kept = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    usable = kept.shape == (n, len(PROBABILITIES)) and kept.dtype == np.float32
    return kept if usable else None
