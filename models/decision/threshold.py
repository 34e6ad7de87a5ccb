"""One probability's two cuts, and whether the error rates asked of them can be promised.

Flag above the (1 - alpha) quantile of the negatives, say the opposite below the beta quantile of
the positives, ``unsure`` between; where the two cross, one cut decides. (Class-conditional, or
Mondrian, conformal prediction: Vovk et al. 2005, ch. 4.) Where a class has too few authors for its
rate, that label is never given.
"""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from .conformal import ByAuthor, author_weights, authors_needed

ALPHA, BETA = 0.05, 0.10
FLAGGED, OPPOSITE, UNSURE = 1, 0, -1


# Calibrated probabilities, whether each post has the property, authors; each of shape (n,).
Scored = tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.str_]]


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
        negative_authors: authors of the posts without the property; None where it was not kept.
        positive_authors: authors of those with it; None where it was not kept.
        left_out_flagged: as ``negatives_flagged``, of scores by models that never saw the source,
            where these count in the cuts; None where they do not.
        left_out_missed: as ``positives_missed``, of the same scores.
        alpha_held: whether that many authors can hold alpha; where not, nothing is flagged.
        beta_held: whether they can hold beta; where not, the opposite label is never given.
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
    negative_authors: int | None = None
    positive_authors: int | None = None
    left_out_flagged: float | None = None
    left_out_missed: float | None = None
    alpha_held: bool = True
    beta_held: bool = True

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
        weight = author_weights(authors)
        without, having = (
            ByAuthor(p[rows], weight[rows], authors[rows]) for rows in (~positive, positive)
        )
        flag, opposite = without.upper_cut(alpha), having.lower_cut(beta)
        if opposite > flag:
            # Both error rates are better than asked for: one cut, halfway, keeps them so.
            flag = opposite = (flag + opposite) / 2
        alpha_held, beta_held = without.can_hold(alpha), having.can_hold(beta)
        return cls(
            flag=flag,
            opposite=opposite,
            alpha=alpha,
            beta=beta,
            n_negative=len(without.p),
            n_positive=len(having.p),
            negatives_flagged=without.share(without.p >= flag) if alpha_held else 0.0,
            positives_missed=having.share(having.p < opposite) if beta_held else 0.0,
            negative_authors=without.n_authors,
            positive_authors=having.n_authors,
            alpha_held=alpha_held,
            beta_held=beta_held,
        )

    def held_by(self, other: Self, of_these: Scored, of_others: Scored) -> Self:
        """The wider of two bands of unsure, so that what either promises holds for its posts.

        Args:
            other: fitted on scores of the same probability by models that never saw the source.
            of_these: what this one was fitted on.
            of_others: what the other one was fitted on.
        """
        wider = self.model_copy(
            update={
                "flag": max(self.flag, other.flag) if other.alpha_held else self.flag,
                "opposite": (
                    min(self.opposite, other.opposite) if other.beta_held else self.opposite
                ),
            }
        )
        rates, elsewhere = wider.rates(*of_these), wider.rates(*of_others)
        return wider.model_copy(
            update={
                "negatives_flagged": rates[0],
                "positives_missed": rates[1],
                "left_out_flagged": elsewhere[0] if other.alpha_held else None,
                "left_out_missed": elsewhere[1] if other.beta_held else None,
            }
        )

    def rates(
        self,
        probability: NDArray[np.float32],
        positive: NDArray[np.bool_],
        authors: NDArray[np.str_],
    ) -> tuple[float, float]:
        """Shares of the negatives flagged and of the positives given the opposite label.

        Authors count alike; arguments as for ``fit``.
        """
        flags, weight = self.decide(probability), author_weights(authors)
        wrong = ((~positive, FLAGGED), (positive, OPPOSITE))
        flagged, missed = (
            float(np.average(flags[rows] == label, weights=weight[rows])) for rows, label in wrong
        )
        return flagged, missed

    @property
    def above(self) -> int:
        """What a post at or above the upper cut is: flagged, or unsure."""
        return FLAGGED if self.alpha_held else UNSURE

    @property
    def below(self) -> int:
        """What a post below the lower cut is: the opposite, or unsure."""
        return OPPOSITE if self.beta_held else UNSURE

    def decide(self, probability: NDArray[np.float32]) -> NDArray[np.int8]:
        """1 flagged, 0 opposite label, -1 unsure."""
        p = probability.astype(np.float64)
        low = np.where(p < self.opposite, self.below, UNSURE)
        return np.where(p >= self.flag, self.above, low).astype(np.int8)

    def not_held(self) -> list[str]:
        """What is never said because too few authors carry it: a sentence each, for people."""
        found = []
        if not self.alpha_held:
            found.append(
                f"nothing is flagged: alpha {self.alpha:g} takes {authors_needed(self.alpha)} "
                f"authors of posts without the property, there are {self.negative_authors}"
            )
        if not self.beta_held:
            found.append(
                f"the opposite is never said: beta {self.beta:g} takes {authors_needed(self.beta)} "
                f"authors of posts with the property, there are {self.positive_authors}"
            )
        return found
