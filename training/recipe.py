"""Recipes: one TOML file read into one frozen, strict object."""

from __future__ import annotations

import json
import tomllib
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, create_model

from ..models.decision.threshold import ALPHA, BETA
from ..models.families.by_name import Family, family_of
from ..models.options import ModelOptions, old_keys
from .shipped_recipes import RECIPES, shipped_recipes
from .sweep_options import SweepOptions, check_space

_PARSERS: dict[str, Callable[[str], Any]] = {".toml": tomllib.loads, ".json": json.loads}


class RecipeError(ValueError):
    """A recipe that cannot be read; the message names file and field."""


class Decision(ModelOptions):
    """Error rates asked of the thresholds.

    Attributes:
        alpha: share of true negatives that may be flagged.
        beta: share of true positives that may get the opposite label.
    """

    alpha: float = Field(ALPHA, gt=0, lt=0.5)
    beta: float = Field(BETA, gt=0, lt=0.5)


class Recipe(ModelOptions):
    """What every recipe has; each family's class has its table ``[model]`` and other keys beside.

    Attributes:
        name: of the recipe; the registered model is called ``unpolished-<name>``.
        seed: of everything random.
        extra_posts_weight: weight of the posts of ``further.csv`` beside those of ``train.csv``;
            0 leaves them out. Public data only.
        corpus_weight: weight of the shipped corpus beside them; 0 leaves it out. Public data only.
        soft_label_weight: share of second readings beside the votes in the soft label of what kind
            of promotion a post is, where it was read again; votes alone judge.
        readings_weight: weight of posts of which all that is known is whose product readers take
            them to promote (``promotion_readings.csv``); 0 leaves them out. Public data only.
        unlabelled_weight: above 0, posts without any label are there, too, for an encoder that
            learns without labels; 0 leaves them out. Public data only.
        weak_weight: weight of posts labelled by their source's own labels; 0 leaves them out.
        leave_one_source_out: also fit without each source, for that column of the results.
        decision: error rates asked of the thresholds.
        sweep: values that ``unpolished sweep`` may try in place of those of this recipe.
        family: a name of ``models.families.by_name``.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    seed: int = Field(0, ge=0)
    extra_posts_weight: float = Field(1.0, ge=0)
    corpus_weight: float = Field(1.0, ge=0)
    soft_label_weight: float = Field(0.5, ge=0, le=1)
    readings_weight: float = Field(0.0, ge=0)
    unlabelled_weight: float = Field(0.0, ge=0)
    weak_weight: float = Field(0.0, ge=0)
    leave_one_source_out: bool = True
    decision: Decision = Decision()
    sweep: SweepOptions | None = None
    family: str


@cache
def recipe_class(family: Family) -> type[Recipe]:
    """The recipes of a family, made from its row; only its own module is imported."""
    fields: dict[str, Any] = {"family": (Literal[family.name], ...)}
    if options := family.options_class():
        fields["model"] = (options, options())
    if keys := family.recipe_keys_class():
        fields |= {name: (key.annotation, key) for name, key in keys.model_fields.items()}
    return create_model(f"{family.class_name}Recipe", __base__=Recipe, **fields)


def family_keys(recipe: Recipe) -> dict[str, Any]:
    """What a recipe says about the model of its family: its keys beside those of every recipe."""
    own = set(type(recipe).model_fields) - set(Recipe.model_fields)
    return {name: getattr(recipe, name) for name in own}


def unmoved_seed(recipe: Recipe) -> Iterator[str]:
    """Say that a seed which was set does nothing, of families that no seed moves."""
    if recipe.seed and not family_of(recipe.family).seeded:
        yield f"seed {recipe.seed}: no seed moves models of the family {recipe.family}"


def read_recipe(name_or_path: str | Path) -> Recipe:
    """Read a shipped recipe by name, or any TOML file by path, or the ``recipe.json`` of a run.

    Raises:
        RecipeError: not found, not TOML or JSON, an unknown key or a value out of range.
    """
    path = Path(name_or_path)
    if path.suffix not in _PARSERS:
        path = RECIPES / f"{name_or_path}.toml"
    try:
        raw = _PARSERS[path.suffix](path.read_text("utf-8"))
    except OSError as error:
        known = ", ".join(sorted(shipped_recipes()))
        raise RecipeError(
            f"recipe {name_or_path} not found: give a .toml file, the recipe.json of a run, or one "
            f"of {known}"
        ) from error
    except (json.JSONDecodeError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path}: not valid {path.suffix[1:].upper()}: {error}") from error
    if not isinstance(raw, dict):
        raise RecipeError(f"{path}: no recipe, which has keys and values")
    for old, new in old_keys(raw):
        what = f"{path}: {old} is now called {new}; the old name goes with the next version"
        warnings.warn(what, FutureWarning, stacklevel=2)
    try:
        of = recipe_class(family_of(str(raw.get("family", ""))))
    except ValueError as error:
        raise RecipeError(f"{path}: field family: {error}") from error
    try:
        recipe = of.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "family"
        raise RecipeError(f"{path}: field {where}: {first['msg']}") from None
    if recipe.sweep is not None:
        try:
            check_space(recipe, recipe.sweep)
        except ValueError as error:
            raise RecipeError(f"{path}: field sweep.space.{error}") from None
    return recipe
