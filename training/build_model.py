"""From a recipe to an unfitted model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from ..models.families.building import Setup
from ..models.families.by_name import family_of
from .recipe import Recipe, family_keys

if TYPE_CHECKING:
    from ..data.labelled_texts import LabelledTexts
    from ..models.base import Model
    from ..models.finetune.fit import OnStep


def new_model(
    recipe: Recipe,
    cache: Path,
    on_step: OnStep | None = None,
    spare: LabelledTexts | None = None,
) -> Model:
    """An unfitted model.

    Args:
        recipe: what to build.
        cache: where exported encoders, embeddings and fits are kept.
        on_step: told how a long fit goes on.
        spare: see ``Setup``.

    Raises:
        ImportError: the recipe needs an extra that is not installed.
    """
    build = family_of(recipe.family).load("build")
    return cast("Model", build(Setup(cache, recipe.seed, on_step, spare), **family_keys(recipe)))
