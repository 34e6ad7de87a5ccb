"""``linear``: word and character TF-IDF plus cues, logistic regression per axis."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ...data.labelled_texts import LabelledTexts
from ..base import Probabilities
from ..features.logistic import Heads
from ..features.ngrams import NgramOptions, Ngrams
from ..options import ModelOptions
from ..tensors import load_tensors, save_tensors
from .building import Setup


class LinearOptions(ModelOptions):
    """Options of ``linear``.

    Attributes:
        ngrams: which n-grams and cues are used.
        c: inverse regularisation strength of the logistic regressions.
    """

    ngrams: NgramOptions = NgramOptions()
    c: float = Field(2.0, gt=0)


class Linear:
    """TF-IDF and cues into one logistic regression per axis (multinomial for cause)."""

    family: ClassVar[str] = "linear"

    def __init__(self, options: LinearOptions | None = None) -> None:
        self.options = options or LinearOptions()
        self.ngrams: Ngrams
        self.heads: Heads

    def fit(self, train: LabelledTexts) -> Self:
        """Fit vocabulary, cue scale and heads; n-grams of fewer than 5 authors are dropped."""
        self.ngrams = Ngrams.fit(train, self.options.ngrams)
        self.heads = Heads.fit(self.ngrams.transform(train.texts), train, self.options.c)
        return self

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:
        """See ``models.base.Model.predict_proba``."""
        return self.heads.predict_proba(self.ngrams.transform(texts))

    def contributions(self, text: str) -> list[tuple[int, int, NDArray[np.float64]]]:
        """Additive shares of each stretch of one masked text in the log-odds.

        Exact for style; for the axes with three classes see ``Heads.log_odds_weights``.

        Returns:
            (start, end, shares) per occurrence of an n-gram; shares has length 5 in the order of
            ``PROBABILITIES``. An n-gram's share is split evenly over its occurrences.
        """
        weights = self.heads.log_odds_weights(self.ngrams.transform([text]))
        return [
            (start, end, weights[:, column] * value)
            for start, end, column, value in self.ngrams.occurrences(text)
        ]

    def save(self, folder: Path) -> None:
        """Write ``linear.json`` and ``linear.safetensors``."""
        described: dict[str, Any] = {
            "options": self.options.model_dump()
        } | self.ngrams.vocabularies()
        (folder / "linear.json").write_text(
            json.dumps(described, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8"
        )
        save_tensors(folder / "linear.safetensors", self.ngrams.tensors() | self.heads.tensors())

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Rebuild what ``save`` wrote."""
        described = json.loads((folder / "linear.json").read_text("utf-8"))
        tensors = load_tensors(folder / "linear.safetensors")
        model = cls(LinearOptions.model_validate(described["options"]))
        model.ngrams = Ngrams.rebuild(described, tensors, model.options.ngrams)
        model.heads = Heads.rebuild(tensors)
        return model


def build(setup: Setup, model: LinearOptions) -> Linear:
    """Unfitted, see ``by_name.Family``."""
    del setup
    return Linear(model)
