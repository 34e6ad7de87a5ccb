"""From probabilities to labels: two cuts for each probability, and what lies between is unsure."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from ...data.axes import Cause, Likely, Promotion, Style
from ...data.labelled_texts import LabelledTexts, truths
from ..base import HIGH, LOW, PROBABILITIES, SELF, THIRD_PARTY, Probabilities
from .threshold import ALPHA, BETA, FLAGGED, OPPOSITE, UNSURE, Scored, Threshold

# A clear disclosure in a post with a lower ``p_paid`` is doubted. Well below every post of
# train.csv voted disclosed, out of fold, and so low that few one-line disclosures written for the
# tests are (docs/studies.md, "Disclosures that the model doubts").
DOUBTED_BELOW = 0.001

_STYLE: dict[int, Style] = {FLAGGED: "polished", OPPOSITE: "raw", UNSURE: "unsure"}
_LIKELY: dict[int, Likely] = {FLAGGED: "likely", OPPOSITE: "unlikely", UNSURE: "unsure"}


class Thresholds(BaseModel):
    """One ``Threshold`` for each column of ``PROBABILITIES``; none for those not trained on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    p_polished: Threshold | None = None
    p_paid: Threshold | None = None
    p_performative: Threshold | None = None
    p_committed: Threshold | None = None
    p_self: Threshold | None = None

    @classmethod
    def fit(
        cls,
        probabilities: Probabilities,
        truth: LabelledTexts,
        alpha: float = ALPHA,
        beta: float = BETA,
        left_out: Probabilities | None = None,
    ) -> Self:
        """Fit every column on calibrated out-of-fold probabilities and their labels.

        Whose product a post promotes is harder to tell in sources that a model never saw: there,
        the error rates are held for these, too, each where enough authors carry it.

        Args:
            probabilities: shape (n_posts, 5), columns as ``PROBABILITIES``.
            truth: the posts.
            alpha: see ``Threshold``.
            beta: see ``Threshold``.
            left_out: of the same posts, by models that never saw their source; NaN where there was
                none.
        """
        fitted = {}
        for name, (_, column, positive) in zip(PROBABILITIES, truths(truth), strict=True):
            of_folds = _known(probabilities[:, column], positive, truth.authors)
            if not len(of_folds[0]):
                continue
            cut = Threshold.fit(*of_folds, alpha, beta)
            if left_out is not None and column in (THIRD_PARTY, SELF):
                elsewhere = _known(left_out[:, column], positive, truth.authors)
                if 0 < elsewhere[1].sum() < len(elsewhere[1]):
                    other = Threshold.fit(*elsewhere, alpha, beta)
                    cut = cut.held_by(other, of_folds, elsewhere)
            fitted[name] = cut
        return cls(**fitted)

    def decide(self, probabilities: Probabilities) -> NDArray[np.int8]:
        """Flags of shape (n_posts, 5), and the one rule that joins low and high commitment.

        A post is never both: where low and high are flagged, the likelier one stands and the
        other becomes its opposite, or unsure where that label is never given.
        """
        flags = np.stack(
            [
                np.full(len(probabilities), UNSURE, np.int8)
                if cut is None
                else cut.decide(probabilities[:, i])
                for i, cut in enumerate(self.cuts())
            ],
            axis=1,
        )
        both = (flags[:, LOW] == FLAGGED) & (flags[:, HIGH] == FLAGGED)
        higher = probabilities[:, HIGH] > probabilities[:, LOW]
        if self.p_performative is not None and self.p_committed is not None:
            flags[both & higher, LOW] = self.p_performative.below
            flags[both & ~higher, HIGH] = self.p_committed.below
        return flags

    @property
    def told(self) -> tuple[str, ...]:
        """The columns that have one."""
        return tuple(
            name for name, cut in zip(PROBABILITIES, self.cuts(), strict=True) if cut is not None
        )

    def cuts(self) -> list[Threshold | None]:
        """In the order of ``PROBABILITIES``."""
        return [getattr(self, name) for name in PROBABILITIES]

    def not_held(self) -> list[str]:
        """What is never said for want of authors, probability by probability."""
        return [f"{name}: {what}" for name, cut in self if cut for what in cut.not_held()]


def _known(
    probability: NDArray[np.float32], positive: NDArray[Any], authors: NDArray[np.str_]
) -> Scored:
    known = ~np.isnan(positive) & ~np.isnan(probability)
    return probability[known], positive[known] == 1, authors[known]


def style_label(flag: int) -> Style:
    """``polished``, ``raw`` or ``unsure``."""
    return _STYLE[flag]


def likely_label(flag: int) -> Likely:
    """``likely``, ``unlikely`` or ``unsure``, for paid and performative."""
    return _LIKELY[flag]


def promotion_label(paid: int, own: int) -> Promotion:
    """Whether a post promotes, and whose product, from the flags of paid and of one's own."""
    if paid == FLAGGED:
        return "third_party"
    if own == FLAGGED:
        return "self"
    return "none" if paid == OPPOSITE and own == OPPOSITE else "unsure"


def cause_label(low: int, high: int) -> Cause:
    """The commitment shown, from the flags of low and high."""
    if low == FLAGGED:
        return "low"
    if high == FLAGGED:
        return "high"
    return "none" if low == OPPOSITE and high == OPPOSITE else "unsure"
