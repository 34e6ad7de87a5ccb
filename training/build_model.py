"""From a recipe to an unfitted model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..models.base import Model
from ..models.families.embed import Embed
from ..models.families.linear import Linear
from ..models.families.rules import Rules
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
    from ..models.families.stack import Stack
    from ..models.finetune.fit import OnStep


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
        from ..data.hashing import file_sha256
        from ..models.finetune.export import exported_encoder
        from ..models.onnx.embedding_cache import CachedEncoder
        from ..models.onnx.sentence_encoder import GRAPH, SentenceEncoder

        source = None if recipe.encoder is None else _encoder_folder(recipe.encoder)
        encoder = SentenceEncoder(exported_encoder(cache, source, recipe.layers))
        key = file_sha256(encoder.folder / GRAPH)[:16]
        return Embed(CachedEncoder(encoder, cache, key), recipe.model)
    if isinstance(recipe, EncoderRecipe):
        from ..models.families.encoder import FinetunedEncoder

        origin = _origin(recipe)
        return FinetunedEncoder(recipe.model, origin, cache, recipe.seed, on_step)
    if isinstance(recipe, StackRecipe):
        return _stack(recipe, cache, on_step)
    if isinstance(recipe, CascadeRecipe):
        from ..models.families.cascade import Cascade

        linear = Linear(recipe.model.linear)
        return Cascade(linear, _stack(recipe, cache, on_step), recipe.model.deferral_rate)
    return Rules()


def _stack(recipe: StackRecipe | CascadeRecipe, cache: Path, on_step: OnStep | None) -> Stack:
    from ..models.families.encoder import FinetunedEncoder
    from ..models.families.stack import FrozenEmbedding, Stack
    from ..models.onnx.embedding_cache import CachedEncoder

    options, origin = recipe.model, _origin(recipe)
    tuned = FinetunedEncoder(options.encoder, origin, cache, recipe.seed, on_step, embeds=True)
    untuned = CachedEncoder(FrozenEmbedding(tuned), cache, tuned.embedding_key)
    return Stack(Embed(untuned, options.embed), tuned, options.encoder_weight)


def _origin(recipe: EncoderRecipe | StackRecipe | CascadeRecipe) -> Path:
    from ..models.finetune.export import pinned_encoder

    return pinned_encoder() if recipe.encoder is None else _encoder_folder(recipe.encoder)


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
