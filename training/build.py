"""From a recipe to an unfitted model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..models.base import Model
from ..models.embed import Embed
from ..models.linear import Linear
from ..models.rules import Rules
from .recipe import (
    CascadeRecipe,
    EmbedRecipe,
    EncoderRecipe,
    EncoderSource,
    LinearRecipe,
    Recipe,
    StackRecipe,
)

if TYPE_CHECKING:
    from ..models.encoder import FinetunedEncoder
    from ..models.encoder_options import EncoderOptions
    from ..models.encoder_training import OnStep
    from ..models.stack import Stack


def new_model(recipe: Recipe, cache: Path, on_step: OnStep | None = None) -> Model:
    """An unfitted model.

    Args:
        recipe: what to build.
        cache: where exported encoders, embeddings and fits are kept.
        on_step: told how a long fit goes on.

    Raises:
        ImportError: the recipe needs an extra that is not installed.
    """
    if isinstance(recipe, LinearRecipe):
        return Linear(recipe.model)
    if isinstance(recipe, EmbedRecipe):
        from ..models.embedding_cache import CachedEncoder
        from ..models.encoder_export import exported_encoder
        from ..models.sentence_encoder import SentenceEncoder

        source = None if recipe.encoder is None else _encoder_folder(recipe.encoder)
        encoder = SentenceEncoder(exported_encoder(cache, source))
        return Embed(CachedEncoder(encoder, cache), recipe.model)
    if isinstance(recipe, EncoderRecipe):
        return _encoder(recipe, recipe.model, cache, on_step)
    if isinstance(recipe, StackRecipe):
        return _stack(recipe, cache, on_step)
    if isinstance(recipe, CascadeRecipe):
        from ..models.cascade import Cascade

        return Cascade(_stack(recipe, cache, on_step), recipe.model.sent_on)
    return Rules()


def _stack(recipe: StackRecipe | CascadeRecipe, cache: Path, on_step: OnStep | None) -> Stack:
    from ..models.stack import Stack

    finetuned = _encoder(recipe, recipe.model.encoder, cache, on_step)
    return Stack(Linear(recipe.model.linear), finetuned, recipe.model.encoder_weight)


def _encoder(
    recipe: EncoderRecipe | StackRecipe | CascadeRecipe,
    options: EncoderOptions,
    cache: Path,
    on_step: OnStep | None,
) -> FinetunedEncoder:
    from ..models.encoder import FinetunedEncoder
    from ..models.encoder_export import pinned_encoder

    origin = pinned_encoder() if recipe.encoder is None else _encoder_folder(recipe.encoder)
    return FinetunedEncoder(options, origin, cache, recipe.seed, on_step)


def _encoder_folder(source: EncoderSource) -> Path:
    if Path(source.name).is_dir():
        return Path(source.name)
    if source.revision is None:
        raise ValueError(
            f"encoder {source.name!r} is no folder: for a hub name give its revision (a commit)"
        )
    from huggingface_hub import snapshot_download

    return Path(
        snapshot_download(
            source.name,
            revision=source.revision,
            allow_patterns=["*.json", "*.txt", "model.safetensors"],
        )
    )
