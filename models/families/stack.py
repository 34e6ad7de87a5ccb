"""``stack``: ``embed`` and ``encoder`` over one network, their log-probabilities averaged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from ...data.labelled_texts import LabelledTexts
from ..base import (
    Diagnostics,
    Probabilities,
    Scores,
    cause_classes,
    own_share,
    with_own_share,
)
from ..finetune.options import EncoderOptions
from ..onnx.sentence_encoder import Embeddings
from ..options import ModelOptions
from ..runtime import Runtime
from .building import EncoderSource, Setup, encoder_folder
from .embed import Embed, EmbedOptions
from .encoder import FinetunedEncoder
from .linear import Linear

DESCRIPTION = "stack.json"
_EPSILON = 1e-6


class Weights(ModelOptions):
    """Share of the fine-tuned encoder's log-probabilities; ``embed`` has the rest.

    Attributes:
        style: raw against polished.
        paid: paid against not.
        cause: none, low, high.
    """

    style: float = Field(0.5, gt=0, lt=1)
    paid: float = Field(0.5, gt=0, lt=1)
    cause: float = Field(0.5, gt=0, lt=1)


class StackOptions(ModelOptions):
    """Options of ``stack``.

    Attributes:
        embed: of the member with n-grams, cues and the embedding.
        encoder: of the fine-tuned member.
        encoder_weight: how the two are mixed.
    """

    embed: EmbedOptions = EmbedOptions()
    encoder: EncoderOptions = EncoderOptions()
    encoder_weight: Weights = Weights()


class FrozenEmbedding:
    """The embedding that a fine-tuned encoder's lower layers gave before it was tuned."""

    def __init__(self, encoder: FinetunedEncoder) -> None:
        """Args: the encoder, made to embed.

        Raises:
            ValueError: it was not.
        """
        if not encoder.embeds:
            raise ValueError("an encoder that a stack reads embeddings from is made with embeds")
        self._encoder = encoder

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """See ``sentence_encoder.Encoder``; both ends of a long text are read."""
        return self._encoder.split(self._encoder.read(texts).output)[1]

    def save(self, folder: Path) -> None:
        """Write nothing: the fine-tuned encoder is saved with all of its network."""


class Stack:
    """A logarithmic opinion pool of two models that fail in different ways (Genest 1986).

    What was fine-tuned knows more of causes, what was not of who pays. Both read the same network:
    one its end, the other what its lower layers gave before they were tuned.
    """

    family: ClassVar[str] = "stack"

    def __init__(
        self, first: Embed | Linear, encoder: FinetunedEncoder, encoder_weight: Weights
    ) -> None:
        """Args: the members, and how they are mixed; models saved earlier have a linear member."""
        self.first, self.encoder, self.encoder_weight = first, encoder, encoder_weight

    def fit(self, train: LabelledTexts) -> Self:
        """Fit both members on the same posts."""
        self.encoder.fit(train)
        self.first.fit(train)
        return self

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:
        """See ``models.base.Model.predict_proba``."""
        return self.scores(texts).probabilities

    def scores(self, texts: Sequence[str]) -> Scores:
        """See ``models.base.Truncating.scores``; n-grams and cues are of all of a text."""
        output, truncated = self.encoder.read(texts)
        second, embeddings = self.encoder.split(output)
        if isinstance(self.first, Embed):
            first = self.first.given(embeddings, texts)
        else:
            first = self.first.predict_proba(texts)
        return Scores(pooled(first, second, self.encoder_weight), truncated)

    def run_as(self, runtime: Runtime) -> None:
        """See ``models.runtime.Tunable.run_as``."""
        self.encoder.run_as(runtime)

    def diagnostics(self, texts: Sequence[str]) -> Diagnostics:
        """Those of the encoder."""
        return self.encoder.diagnostics(texts)

    def save(self, folder: Path) -> None:
        """Write both members and ``stack.json``."""
        self.first.save(folder)
        self.encoder.save(folder)
        described = {"encoder_weight": self.encoder_weight.model_dump()}
        (folder / DESCRIPTION).write_text(json.dumps(described) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Rebuild what ``save`` wrote, or what it wrote before ``embed`` was a member.

        Raises:
            ValueError: a member cannot be rebuilt, or the weights are none.
        """
        given = json.loads((folder / DESCRIPTION).read_text("utf-8"))["encoder_weight"]
        if isinstance(given, float):
            given = dict.fromkeys(Weights.model_fields, given)
        try:
            weight = Weights.model_validate(given)
        except ValidationError as error:
            raise ValueError(f"{DESCRIPTION}: encoder_weight must lie between 0 and 1") from error
        embedding = (folder / "embed.json").is_file()
        encoder = FinetunedEncoder.load(folder, embeds=embedding)
        first = Embed.load(folder, FrozenEmbedding(encoder)) if embedding else Linear.load(folder)
        return cls(first, encoder, weight)


def build(setup: Setup, model: StackOptions, encoder: EncoderSource | None) -> Stack:
    """Unfitted, see ``by_name.Family``.

    Raises:
        ImportError: the extra ``train`` is not installed.
    """
    from ..onnx.embedding_cache import CachedEncoder

    origin = encoder_folder(encoder)
    tuned = FinetunedEncoder(
        model.encoder,
        origin,
        setup.cache,
        setup.seed,
        setup.on_step,
        embeds=True,
    )
    untuned = CachedEncoder(FrozenEmbedding(tuned), setup.cache, tuned.embedding_key)
    return Stack(Embed(untuned, model.embed), tuned, model.encoder_weight)


def pooled(first: Probabilities, second: Probabilities, weight: Weights) -> Probabilities:
    """Weighted geometric mean, renormalised over the classes of an axis, shape (n_posts, 5).

    Args:
        first: columns as ``PROBABILITIES``.
        second: columns as ``PROBABILITIES``.
        weight: of the second; the first has the rest.
    """
    columns = [
        _pool(_two_classes(first[:, i]), _two_classes(second[:, i]), share)[:, 1]
        for i, share in enumerate((weight.style, weight.paid))
    ]
    cause = _pool(_cause(first), _cause(second), weight.cause)
    four = np.stack([*columns, cause[:, 1], cause[:, 2]], axis=1)
    # Promotion of one's own among what is not paid, so that the paid are those they were.
    shares = [_two_classes(own_share(member)) for member in (first, second)]
    own = _pool(shares[0], shares[1], weight.paid)
    return with_own_share(four, own[:, 1]).astype(np.float32)


def _pool(
    first: NDArray[np.float64], second: NDArray[np.float64], share: float
) -> NDArray[np.float64]:
    logs = (1 - share) * np.log(first) + share * np.log(second)
    mixed = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(mixed / mixed.sum(axis=1, keepdims=True))


def _two_classes(p: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    p64 = np.clip(p.astype(np.float64), _EPSILON, 1 - _EPSILON)
    return np.stack([1 - p64, p64], axis=1)


def _cause(p: Probabilities) -> NDArray[np.float64]:
    return np.clip(cause_classes(p), _EPSILON, 1.0)
