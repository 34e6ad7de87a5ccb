"""Recipes: one TOML file read into one frozen, strict object."""

from __future__ import annotations

import tomllib
import warnings
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from ..models.decision.threshold import ALPHA, BETA
from ..models.families.cascade import CascadeOptions
from ..models.families.embed import EmbedOptions
from ..models.families.linear import LinearOptions
from ..models.families.stack import StackOptions
from ..models.finetune.options import EncoderOptions
from ..models.options import Options, old_keys

RECIPES = Path(__file__).parent / "recipes"


class RecipeError(ValueError):
    """A recipe that cannot be read; the message names file and field."""


class Decision(Options):
    """Error rates asked of the thresholds.

    Attributes:
        alpha: share of true negatives that may be flagged.
        beta: share of true positives that may get the opposite label.
    """

    alpha: float = Field(ALPHA, gt=0, lt=0.5)
    beta: float = Field(BETA, gt=0, lt=0.5)


class _Common(Options):
    """What every recipe has.

    Attributes:
        name: of the recipe; the registered model is called ``unpolished-<name>``.
        seed: of everything random.
        extra_posts_weight: weight of the posts of ``further.csv`` beside those of ``train.csv``;
            0 leaves them out. Public data only.
        corpus_weight: weight of the shipped corpus beside them; 0 leaves it out. Public data only.
        soft_label_weight: share of second readings beside the votes in the soft label of what kind
            of promotion a post is, where it was read again; votes alone judge.
        weak_weight: weight of posts labelled by their source's own labels; 0 leaves them out.
        leave_one_source_out: also fit without each source, for that column of the results.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    seed: int = Field(0, ge=0)
    extra_posts_weight: float = Field(1.0, ge=0)
    corpus_weight: float = Field(1.0, ge=0)
    soft_label_weight: float = Field(0.5, ge=0, le=1)
    weak_weight: float = Field(0.0, ge=0)
    leave_one_source_out: bool = True
    decision: Decision = Decision()


class RulesRecipe(_Common):
    """Cues with weights set by hand."""

    family: Literal["rules"]


class LinearRecipe(_Common):
    """TF-IDF and cues."""

    family: Literal["linear"]
    model: LinearOptions = LinearOptions()


class EncoderSource(Options):
    """Another sentence encoder than the pinned one: a local folder, or a hub name.

    Attributes:
        name: folder, or hub name.
        revision: commit of the hub repository; needed for a hub name.
    """

    name: str
    revision: str | None = None


class EmbedRecipe(_Common):
    """Frozen sentence embeddings.

    Attributes:
        model: of the model on top.
        encoder: another one than the pinned encoder.
        layers: of the encoder, from below, each of which gives an embedding; None for the last
            layer's alone.
    """

    family: Literal["embed"]
    model: EmbedOptions = EmbedOptions()
    encoder: EncoderSource | None = None
    layers: int | None = Field(4, ge=1)


class EncoderRecipe(_Common):
    """The sentence encoder, fine-tuned."""

    family: Literal["encoder"]
    model: EncoderOptions = EncoderOptions()
    encoder: EncoderSource | None = None


class StackRecipe(_Common):
    """``embed`` and ``encoder`` over one network."""

    family: Literal["stack"]
    model: StackOptions = StackOptions()
    encoder: EncoderSource | None = None


class CascadeRecipe(_Common):
    """``linear``, and the stack where it is unsure."""

    family: Literal["cascade"]
    model: CascadeOptions = CascadeOptions()
    encoder: EncoderSource | None = None


Recipe = RulesRecipe | LinearRecipe | EmbedRecipe | EncoderRecipe | StackRecipe | CascadeRecipe


class _AnyRecipe(Options):
    recipe: Annotated[Recipe, Field(discriminator="family")]


def read_recipe(name_or_path: str | Path) -> Recipe:
    """Read a shipped recipe by name, or any TOML file by path.

    Raises:
        RecipeError: not found, not TOML, an unknown key or a value out of range.
    """
    path = Path(name_or_path)
    if path.suffix != ".toml":
        path = RECIPES / f"{name_or_path}.toml"
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        known = ", ".join(sorted(p.stem for p in RECIPES.glob("*.toml")))
        raise RecipeError(
            f"recipe {name_or_path} not found: give a .toml file or one of {known}"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path}: not valid TOML: {error}") from error
    for old, new in old_keys(raw):
        what = f"{path}: {old} is now called {new}; the old name goes with the next version"
        warnings.warn(what, FutureWarning, stacklevel=2)
    try:
        return _AnyRecipe.model_validate({"recipe": raw}).recipe
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        family = raw.get("family")
        where = ".".join(str(part) for part in first["loc"] if part not in ("recipe", family))
        raise RecipeError(f"{path}: field {where or 'family'}: {first['msg']}") from None
