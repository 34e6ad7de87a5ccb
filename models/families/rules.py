"""``rules``: promotional and commitment cues with weights set by hand. The floor.

Disclosure terms take no part in its probabilities: like every family it reads the masked view,
so what a disclosure says stands in the flag ``disclosed`` and not in ``p_paid``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Self

import numpy as np

from ...data.labelled_texts import LabelledTexts
from ..base import Probabilities, all_columns
from ..features.cues import NAMES, cues
from .building import Setup

# Per unit of log(1 + count), except the shares; written down before any label was read.
WEIGHTS: dict[str, dict[str, float]] = {
    "polished": {
        "hashtag": 0.4, "url": 0.8, "code": 1.0, "buy": 0.8, "offer": 0.5, "giveaway": 0.6,
        "follow": 0.7, "first_plural": 0.5, "second_person": 0.2,
        "exclamation": 0.3, "price": 0.4, "percent": 0.5, "contact": 0.8, "starts_upper": 0.4,
        "first_person": -1.0, "lower_i": -0.6, "slang": -1.2, "stretched": -0.5, "complaint": -0.8,
        "ellipsis": -0.3, "feeling": -0.2,
    },
    "paid": {
        "handle": 0.8, "code": 2.0, "giveaway": 0.8, "follow": 0.4, "praise": 0.6,
        "thanks": 0.6, "buy": 0.5, "offer": 0.4, "price": 0.2, "hashtag": 0.3, "first_person": 0.4,
        "complaint": -1.0, "first_plural": -0.4, "solidarity": -0.8, "aid": -0.6, "politics": -0.8,
    },
    "low": {"solidarity": 1.5, "politics": 0.8, "thanks": 0.1, "price": -0.8, "offer": -0.4},
    "high": {
        "aid": 1.5, "commitment": 1.0, "politics": 0.3, "price": 0.5, "url": 0.4,
        "clock": 0.3, "day": 0.3, "offer": -0.4,
    },
}  # fmt: skip
BIAS = {"polished": -0.5, "paid": -2.5, "low": -2.0, "high": -3.0}


class Rules:
    """Weighted cues; nothing is fitted but the calibrator that goes with the saved model."""

    family: ClassVar[str] = "rules"

    def __init__(self) -> None:
        self._weights = np.array([[WEIGHTS[axis].get(n, 0.0) for n in NAMES] for axis in WEIGHTS])

    def fit(self, train: LabelledTexts) -> Self:
        """Do nothing: the weights are set by hand."""
        del train
        return self

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:
        """See ``models.base.Model.predict_proba``."""
        scores = cues(texts) @ self._weights.T + np.array(list(BIAS.values()))
        binary = 1 / (1 + np.exp(-scores[:, :2]))
        cause = np.exp(scores[:, 2:])
        cause /= 1 + cause.sum(axis=1, keepdims=True)
        return all_columns(np.concatenate([binary, cause], axis=1).astype(np.float32))

    def save(self, folder: Path) -> None:
        """Write the weights, to be read by people and checked at load."""
        described = {"weights": WEIGHTS, "bias": BIAS}
        (folder / "rules.json").write_text(json.dumps(described, indent=1) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Check that the saved weights are the ones this version knows.

        Raises:
            ValueError: the folder was written by a version with other weights.
        """
        saved = json.loads((folder / "rules.json").read_text("utf-8"))
        if saved != {"weights": WEIGHTS, "bias": BIAS}:
            raise ValueError("the rules of this folder differ from this version's: save it anew")
        return cls()


def build(setup: Setup) -> Rules:
    """Unfitted, see ``by_name.Family``."""
    del setup
    return Rules()
