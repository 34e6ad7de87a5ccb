"""From probabilities to labels: two cuts for each probability, and what lies between is unsure."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from ...data.axes import Cause, Likely, Style
from ...data.labelled_texts import LabelledTexts, truths
from ..base import HIGH, LOW, PROBABILITIES, Probabilities
from .threshold import ALPHA, BETA, FLAGGED, OPPOSITE, UNSURE, Threshold

# A clear disclosure in a post with a lower ``p_paid`` is doubted. Well below every post of
# train.csv voted disclosed, out of fold, and so low that few one-line disclosures written for the
# tests are (docs/studies.md, "Disclosures that the model doubts").
DOUBTED_BELOW = 0.001

_STYLE: dict[int, Style] = {FLAGGED: "polished", OPPOSITE: "raw", UNSURE: "unsure"}
_LIKELY: dict[int, Likely] = {FLAGGED: "likely", OPPOSITE: "unlikely", UNSURE: "unsure"}


class Thresholds(BaseModel):
    """One ``Threshold`` for each column of ``PROBABILITIES``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    p_polished: Threshold
    p_paid: Threshold
    p_performative: Threshold
    p_committed: Threshold

    @classmethod
    def fit(
        cls,
        probabilities: Probabilities,
        truth: LabelledTexts,
        alpha: float = ALPHA,
        beta: float = BETA,
    ) -> Self:
        """Fit every column on calibrated out-of-fold probabilities and their labels."""
        fitted = {}
        for name, (_, column, positive) in zip(PROBABILITIES, truths(truth), strict=True):
            known = ~np.isnan(positive)
            fitted[name] = Threshold.fit(
                probabilities[known, column],
                positive[known] == 1,
                truth.authors[known],
                alpha,
                beta,
            )
        return cls(**fitted)

    def decide(self, probabilities: Probabilities) -> NDArray[np.int8]:
        """Flags of shape (n_posts, 4), before the one rule that joins low and high commitment.

        A post is never both: where low and high are flagged, the likelier one stands and the
        other becomes its opposite, or unsure where that label is never given.
        """
        flags = np.stack(
            [
                getattr(self, name).decide(probabilities[:, i])
                for i, name in enumerate(PROBABILITIES)
            ],
            axis=1,
        )
        both = (flags[:, LOW] == FLAGGED) & (flags[:, HIGH] == FLAGGED)
        higher = probabilities[:, HIGH] > probabilities[:, LOW]
        flags[both & higher, LOW] = self.p_performative.below
        flags[both & ~higher, HIGH] = self.p_committed.below
        return flags

    def not_held(self) -> list[str]:
        """What is never said for want of authors, probability by probability."""
        return [f"{name}: {what}" for name, cut in self for what in cut.not_held()]


def style_label(flag: int) -> Style:
    """``polished``, ``raw`` or ``unsure``."""
    return _STYLE[flag]


def likely_label(flag: int) -> Likely:
    """``likely``, ``unlikely`` or ``unsure``, for paid and performative."""
    return _LIKELY[flag]


def cause_label(low: int, high: int) -> Cause:
    """The commitment shown, from the flags of low and high."""
    if low == FLAGGED:
        return "low"
    if high == FLAGGED:
        return "high"
    return "none" if low == OPPOSITE and high == OPPOSITE else "unsure"
