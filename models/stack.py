"""``stack``: ``linear`` and ``encoder`` fitted side by side, their log-probabilities averaged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ..data.labelled_texts import LabelledTexts
from .base import Probabilities, Scores, scores_of
from .encoder import FinetunedEncoder
from .encoder_options import EncoderOptions
from .linear import Linear, LinearOptions
from .options import Options
from .runtime import Runtime

DESCRIPTION = "stack.json"
_EPSILON = 1e-6


class StackOptions(Options):
    """Options of ``stack``.

    Attributes:
        linear: of the linear member.
        encoder: of the fine-tuned member.
        encoder_weight: of the encoder's log-probabilities; the linear model has the rest.
    """

    linear: LinearOptions = LinearOptions()
    encoder: EncoderOptions = EncoderOptions()
    encoder_weight: float = Field(0.5, gt=0, lt=1)


class Stack:
    """A logarithmic opinion pool of two models that fail in different ways (Genest 1986)."""

    family: ClassVar[str] = "stack"

    def __init__(self, linear: Linear, encoder: FinetunedEncoder, encoder_weight: float) -> None:
        self.linear, self.encoder, self.encoder_weight = linear, encoder, encoder_weight

    def fit(self, train: LabelledTexts) -> Self:
        """Fit both members on the same posts."""
        self.linear.fit(train)
        self.encoder.fit(train)
        return self

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:
        """See ``models.base.Model.predict_proba``."""
        return self.scores(texts).probabilities

    def scores(self, texts: Sequence[str]) -> Scores:
        """See ``models.base.Truncating.scores``; the linear member reads all of a text."""
        return self.joined(self.linear.predict_proba(texts), texts)

    def joined(self, first: Probabilities, texts: Sequence[str]) -> Scores:
        """The pool, where the linear model's scores of the texts are known already."""
        second, truncated = scores_of(self.encoder, texts)
        return Scores(pooled(first, second, self.encoder_weight), truncated)

    def run_as(self, runtime: Runtime) -> None:
        """See ``models.runtime.Tunable.run_as``."""
        self.encoder.run_as(runtime)

    @property
    def export_report(self) -> dict[str, float]:
        """See ``FinetunedEncoder.export_report``."""
        return self.encoder.export_report

    def save(self, folder: Path) -> None:
        """Write both members and ``stack.json``."""
        self.linear.save(folder)
        self.encoder.save(folder)
        described = {"encoder_weight": self.encoder_weight}
        (folder / DESCRIPTION).write_text(json.dumps(described) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Rebuild what ``save`` wrote.

        Raises:
            ValueError: a member cannot be rebuilt, or the weight is none.
        """
        weight = json.loads((folder / DESCRIPTION).read_text("utf-8"))["encoder_weight"]
        if not isinstance(weight, float) or not 0 < weight < 1:
            raise ValueError(f"{DESCRIPTION}: encoder_weight must lie between 0 and 1")
        return cls(Linear.load(folder), FinetunedEncoder.load(folder), weight)


def pooled(first: Probabilities, second: Probabilities, weight: float) -> Probabilities:
    """Weighted geometric mean, renormalised over the classes of an axis, shape (n_posts, 4).

    Args:
        first: columns as ``PROBABILITIES``.
        second: likewise.
        weight: of the second; the first has the rest.
    """

    def pool(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
        logs = (1 - weight) * np.log(a) + weight * np.log(b)
        mixed = np.exp(logs - logs.max(axis=1, keepdims=True))
        return np.asarray(mixed / mixed.sum(axis=1, keepdims=True))

    columns = [pool(_binary(first[:, i]), _binary(second[:, i]))[:, 1] for i in (0, 1)]
    cause = pool(_cause(first), _cause(second))
    return np.stack([*columns, cause[:, 1], cause[:, 2]], axis=1).astype(np.float32)


def _binary(p: NDArray[np.float32]) -> NDArray[np.float64]:
    p64 = np.clip(p.astype(np.float64), _EPSILON, 1 - _EPSILON)
    return np.stack([1 - p64, p64], axis=1)


def _cause(p: Probabilities) -> NDArray[np.float64]:
    low, high = p[:, 2].astype(np.float64), p[:, 3].astype(np.float64)
    return np.clip(np.stack([1 - low - high, low, high], axis=1), _EPSILON, 1.0)
