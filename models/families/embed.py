"""``embed``: frozen sentence embeddings, alone or beside the features of ``linear``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ...data.labelled_texts import LabelledTexts
from ..base import Probabilities, Scores
from ..features.logistic import Heads
from ..features.ngrams import NgramOptions, Ngrams
from ..features.sparse_rows import SparseRows, side_by_side
from ..onnx.sentence_encoder import Embeddings, Encoder, SentenceEncoder
from ..onnx.token_states import TokenStates
from ..options import ModelOptions
from ..runtime import Precision, Runtime
from ..tensors import load_tensors, save_tensors
from .building import EncoderSource, Setup

if TYPE_CHECKING:
    from ..onnx.embedding_cache import CachedEncoder

# Posts whose features stand in memory at once: embeddings are wide, and beside n-grams not dense.
_BLOCK = 1_000


class EmbedOptions(ModelOptions):
    """Options of ``embed``.

    Attributes:
        ngrams: n-gram and cue features beside the embedding; None for the embedding alone.
        embedding_scale: length of each layer's embedding beside the unit-length TF-IDF rows.
        c: inverse regularisation strength of the logistic regressions.
        precision: in which the encoder is run, here and by whoever opens the model, unless they
            ask for another.
    """

    ngrams: NgramOptions | None = NgramOptions()
    embedding_scale: float = Field(1.0, gt=0)
    c: float = Field(2.0, gt=0)
    precision: Precision = "float32"


class Embed:
    """Logistic regression per axis over a frozen sentence embedding."""

    family: ClassVar[str] = "embed"

    def __init__(self, encoder: Encoder, options: EmbedOptions | None = None) -> None:
        self.encoder = encoder
        self.options = options or EmbedOptions()
        self.ngrams: Ngrams | None = None
        self.heads: Heads

    def fit(self, train: LabelledTexts) -> Self:
        """Fit vocabulary (if n-grams are used) and heads; the encoder stays as it is."""
        return self._fit(train, None)

    def _fit(self, train: LabelledTexts, taught_shares: Mapping[str, float] | None) -> Self:
        if self.options.ngrams is not None:
            self.ngrams = Ngrams.fit(train.take(train.labelled), self.options.ngrams)
        features = self._beside(self.encoder.encode(train.texts), train.texts)
        self.heads = Heads.fit(features, train, self.options.c, taught_shares)
        return self

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:
        """See ``models.base.Model.predict_proba``."""
        return self.given(self.encoder.encode(texts), texts)

    def scores(self, texts: Sequence[str]) -> Scores:
        """See ``models.base.Truncating.scores``; an encoder that serves training tells no cuts."""
        if not isinstance(self.encoder, SentenceEncoder):
            return Scores(self.predict_proba(texts), np.zeros(len(texts), bool))
        vectors, truncated = self.encoder.read(texts)
        return Scores(self.given(vectors, texts), truncated)

    def given(self, vectors: Embeddings, texts: Sequence[str]) -> Probabilities:
        """As ``predict_proba``, where the embeddings of the texts are known already."""
        blocks = [slice(i, i + _BLOCK) for i in range(0, len(texts), _BLOCK)] or [slice(0, 0)]
        return np.concatenate(
            [self.heads.predict_proba(self._beside(vectors[b], texts[b])) for b in blocks]
        )

    def contributions(self, text: str) -> list[tuple[int, int, NDArray[np.float64]]]:
        """Shares of each stretch of one masked text in the log-odds; see ``explain.Additive``.

        An n-gram's is that of ``Linear.contributions``. A token's is what the log-odds would lose,
        to first order, if the embedding were the mean of the other tokens' states; so the shares
        of a text's tokens sum to nothing.

        Raises:
            ValueError: the encoder gives no states; see ``explains``.
        """
        spans, states = self._states.read(text)
        mean = states.mean(axis=0)
        length = float(np.linalg.norm(mean)) or 1.0
        features = self._beside((mean / length)[None, :].astype(np.float32), [text])
        weights = self.heads.log_odds_weights(features)
        of_states = weights[:, -states.shape[1] :] * self.options.embedding_scale
        # What only makes the mean longer moves nothing: the embedding is of unit length.
        unit = mean / length
        across = of_states - np.outer(of_states @ unit, unit)
        lost = (states - mean) @ across.T / (max(1, len(states) - 1) * length)
        found = [
            (int(start), int(end), share)
            for (start, end), share in zip(spans, lost, strict=True)
            if end > start
        ]
        if self.ngrams is not None:
            found += [
                (start, end, weights[:, column] * value)
                for start, end, column, value in self.ngrams.occurrences(text)
            ]
        return found

    @property
    def explains(self) -> bool:
        """Whether ``contributions`` can tell: the embedding is of one layer of a network."""
        return isinstance(self.encoder, SentenceEncoder) and self.encoder.one_layer

    @cached_property
    def _states(self) -> TokenStates:
        if not isinstance(self.encoder, SentenceEncoder):
            raise ValueError("an encoder that serves training gives no states of tokens")
        return self.encoder.token_states()

    def run_as(self, runtime: Runtime) -> None:
        """See ``models.runtime.Tunable.run_as``; an encoder that serves training runs as it is."""
        if isinstance(self.encoder, SentenceEncoder):
            self.encoder.run_as(runtime)
            # What explains was opened as it ran before.
            self.__dict__.pop("_states", None)

    def save(self, folder: Path) -> None:
        """Write ``embed.json``, ``embed.safetensors`` and the encoder itself."""
        described: dict[str, Any] = {"options": self.options.model_dump()}
        tensors = self.heads.tensors()
        if self.ngrams is not None:
            described |= self.ngrams.vocabularies()
            tensors |= self.ngrams.tensors()
        (folder / "embed.json").write_text(
            json.dumps(described, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8"
        )
        save_tensors(folder / "embed.safetensors", tensors)
        self.encoder.save(folder)

    @classmethod
    def load(cls, folder: Path, encoder: Encoder | None = None) -> Self:
        """Rebuild what ``save`` wrote.

        Args:
            folder: that ``save`` wrote to.
            encoder: what embeds, where it is no sentence encoder in that folder.
        """
        described = json.loads((folder / "embed.json").read_text("utf-8"))
        tensors = load_tensors(folder / "embed.safetensors")
        options = EmbedOptions.model_validate(described["options"])
        model = cls(encoder or SentenceEncoder(folder, options.precision), options)
        if model.options.ngrams is not None:
            model.ngrams = Ngrams.rebuild(described, tensors, model.options.ngrams)
        model.heads = Heads.rebuild(tensors)
        return model

    def _beside(
        self, vectors: Embeddings, texts: Sequence[str]
    ) -> SparseRows | NDArray[np.floating[Any]]:
        scaled = vectors * self.options.embedding_scale
        if self.ngrams is None:
            return scaled
        return side_by_side([self.ngrams.transform(texts), SparseRows.of_dense(scaled)])


def build(
    setup: Setup,
    model: EmbedOptions,
    encoder: EncoderSource | None,
    layers: int | None,
    last_alone: bool,
) -> Embed:
    """Unfitted, see ``by_name.Family``.

    Raises:
        ImportError: the extra ``train`` is not installed.
    """
    source = None if encoder is None else encoder.folder()
    encoder_of = cached_encoder(
        setup, source, layers, last_alone=last_alone, precision=model.precision
    )
    return Embed(encoder_of, model)


def cached_encoder(
    setup: Setup,
    source: Path | None,
    layers: int | None,
    *,
    last_alone: bool,
    packed: bool = False,
    precision: Precision = "float32",
) -> CachedEncoder:
    """An exported encoder that remembers what it has read; see ``exported_encoder``.

    Raises:
        ImportError: the extra ``train`` is not installed.
    """
    from ...data.hashing import file_sha256
    from ..finetune.export import exported_encoder
    from ..onnx.embedding_cache import CachedEncoder
    from ..onnx.sentence_encoder import GRAPH

    exported = SentenceEncoder(
        exported_encoder(
            # What is quantised are weights that are stored so.
            setup.cache,
            source,
            layers,
            last_alone=last_alone,
            packed=packed or precision == "int8",
        ),
        precision,
    )
    key = file_sha256(exported.folder / GRAPH)[:16] + ("-int8" if precision == "int8" else "")
    return CachedEncoder(exported, setup.cache, key)
