"""From probabilities to labels: thresholds from class-conditional conformal quantiles.

Flag above the (1 - alpha) quantile of the negatives, say the opposite below the beta quantile of
the positives, ``unsure`` between; where the two cross, one threshold decides. Quantiles are
weighted by 1 / posts of the author, so that a prolific account does not set them. (Class-
conditional, or Mondrian, conformal prediction: Vovk et al., 2005, ch. 4.)
"""

from __future__ import annotations

from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from ..data.labelled_texts import CAUSES, MISSING, LabelledTexts
from .base import PROBABILITIES, Probabilities

ALPHA, BETA = 0.05, 0.10
FLAGGED, OPPOSITE, UNSURE = 1, 0, -1

Style = Literal["raw", "polished", "unsure"]
Paid = Literal["likely", "unlikely", "unsure"]
Performative = Literal["likely", "unlikely", "unsure"]
Cause = Literal["none", "low", "high", "unsure"]

_STYLE: dict[int, Style] = {FLAGGED: "polished", OPPOSITE: "raw", UNSURE: "unsure"}
_LIKELY: dict[int, Paid] = {FLAGGED: "likely", OPPOSITE: "unlikely", UNSURE: "unsure"}


class Threshold(BaseModel):
    """Two cuts of one probability, and what they reached on the calibration set.

    Attributes:
        flag: flagged at or above.
        opposite: the opposite label below; never above ``flag``.
        alpha: asked-for share of true negatives flagged.
        beta: asked-for share of true positives given the opposite label.
        n_negative: calibration posts without the property.
        n_positive: calibration posts with it.
        negatives_flagged: achieved share, weighted as the quantiles.
        positives_missed: achieved share of positives given the opposite label.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    flag: float
    opposite: float
    alpha: float = ALPHA
    beta: float = BETA
    n_negative: int = 0
    n_positive: int = 0
    negatives_flagged: float | None = None
    positives_missed: float | None = None

    @classmethod
    def fit(
        cls,
        probability: NDArray[np.float32],
        positive: NDArray[np.bool_],
        authors: NDArray[np.str_],
        alpha: float = ALPHA,
        beta: float = BETA,
    ) -> Self:
        """Choose the cuts on out-of-fold probabilities of shape (n,).

        Raises:
            ValueError: one of the two classes is empty.
        """
        if positive.all() or not positive.any():
            raise ValueError("thresholds need posts with and without the property")
        p = probability.astype(np.float64)
        weight = _per_author(authors)
        flag = _upper_cut(p[~positive], weight[~positive], alpha)
        opposite = _lower_cut(p[positive], weight[positive], beta)
        if opposite > flag:
            # Both error rates are better than asked for: one cut, halfway, keeps them so.
            flag = opposite = (flag + opposite) / 2
        return cls(
            flag=flag,
            opposite=opposite,
            alpha=alpha,
            beta=beta,
            n_negative=int((~positive).sum()),
            n_positive=int(positive.sum()),
            negatives_flagged=float(np.average(p[~positive] >= flag, weights=weight[~positive])),
            positives_missed=float(np.average(p[positive] < opposite, weights=weight[positive])),
        )

    def decide(self, probability: NDArray[np.float32]) -> NDArray[np.int8]:
        """1 flagged, 0 opposite label, -1 unsure."""
        p = probability.astype(np.float64)
        flags = np.where(p >= self.flag, FLAGGED, np.where(p < self.opposite, OPPOSITE, UNSURE))
        return flags.astype(np.int8)


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
        style = np.where(truth.style == 0.5, np.nan, truth.style)
        paid = np.where(truth.paid == MISSING, np.nan, truth.paid)
        cause = np.where(truth.cause == MISSING, np.nan, truth.cause)
        low = np.where(np.isnan(cause), np.nan, cause == CAUSES.index("low"))
        high = np.where(np.isnan(cause), np.nan, cause == CAUSES.index("high"))
        fitted = {}
        for column, (name, target) in enumerate(
            zip(PROBABILITIES, (style, paid, low, high), strict=True)
        ):
            known = ~np.isnan(target)
            fitted[name] = Threshold.fit(
                probabilities[known, column], target[known] == 1, truth.authors[known], alpha, beta
            )
        return cls(**fitted)

    def decide(self, probabilities: Probabilities) -> NDArray[np.int8]:
        """Flags of shape (n_posts, 4), before the one rule that joins low and high commitment.

        A post is never both: where low and high are flagged, the likelier one stands and the
        other becomes its opposite.
        """
        flags = np.stack(
            [
                getattr(self, name).decide(probabilities[:, i])
                for i, name in enumerate(PROBABILITIES)
            ],
            axis=1,
        )
        both = (flags[:, 2] == FLAGGED) & (flags[:, 3] == FLAGGED)
        higher = probabilities[:, 3] > probabilities[:, 2]
        flags[both & higher, 2] = OPPOSITE
        flags[both & ~higher, 3] = OPPOSITE
        return flags


def style_label(flag: int) -> Style:
    """``polished``, ``raw`` or ``unsure``."""
    return _STYLE[flag]


def likely_label(flag: int) -> Paid:
    """``likely``, ``unlikely`` or ``unsure``, for paid and performative."""
    return _LIKELY[flag]


def cause_label(low: int, high: int) -> Cause:
    """The commitment shown, from the flags of low and high."""
    if low == FLAGGED:
        return "low"
    if high == FLAGGED:
        return "high"
    return "none" if low == OPPOSITE and high == OPPOSITE else "unsure"


def _per_author(authors: NDArray[np.str_]) -> NDArray[np.float64]:
    _, inverse, counts = np.unique(authors, return_inverse=True, return_counts=True)
    return np.asarray(1.0 / counts[inverse])


def _upper_cut(p: NDArray[np.float64], weight: NDArray[np.float64], alpha: float) -> float:
    """Smallest cut such that at most ``alpha`` of the weight, a new post counted in, is above."""
    order = np.argsort(p)
    p, weight = p[order], weight[order]
    # The conformal correction: the new post has the mean weight and may lie above all others.
    allowed = alpha * (weight.sum() + weight.mean()) - weight.mean()
    above = np.cumsum(weight[::-1])[::-1]
    fits = np.flatnonzero(above > allowed)
    # Everything up to the last post that must stay below; ties stay below with it.
    last = p[fits[-1]]
    return float(np.nextafter(last, np.inf))


def _lower_cut(p: NDArray[np.float64], weight: NDArray[np.float64], beta: float) -> float:
    """Largest cut such that at most ``beta`` of the weight, a new post counted in, is below."""
    return -_upper_cut(-p, weight, beta)
