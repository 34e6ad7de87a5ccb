"""Calibration on out-of-fold scores: Platt scaling per binary axis, its multinomial kin for cause.

Sources: Platt (1999) for the binary axes; Kull et al. (2019), "Beyond temperature scaling"
(Dirichlet calibration: multinomial logistic regression on log-probabilities), for cause, which
keeps low and high commitment summing to at most 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from ...data.axes import CAUSES, COLUMNS, KINDS, MISSING, PREVALENCE_AXES
from ...data.labelled_texts import LabelledTexts, truths
from ..base import (
    HIGH,
    LOW,
    SELF,
    STYLE,
    THIRD_PARTY,
    Probabilities,
    cause_classes,
    own_share,
    with_own_share,
)

_EPSILON = 1e-7
# Prevalence can be set for what a label is flagged on: axis -> column.
_PREVALENCE_COLUMN = {c.prevalence: i for i, c in enumerate(COLUMNS) if c.prevalence}

# Columns that share one distribution.
_SHARES_WITH = {LOW: HIGH, THIRD_PARTY: SELF}


class Calibration(BaseModel):
    """Coefficients; ``cause`` has one row per class over the log-probabilities of all three.

    None is an axis that the model was not trained on, whose probabilities are NaN.

    Attributes:
        style: (slope, intercept) on the log-odds.
        paid: (slope, intercept) on the log-odds.
        cause: three rows (weights of log none, log low, log high, intercept).
        own: (slope, intercept) on the log-odds of promoting one's own among what is not paid, which
            keeps it and paid summing to at most 1; None where a model was not trained on it.
        prevalence: share of polished, paid and performative posts in the calibration set, the
            reference for ``shift_prevalence``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    style: tuple[float, float] | None = (1.0, 0.0)
    paid: tuple[float, float] | None = (1.0, 0.0)
    cause: tuple[tuple[float, float, float, float], ...] | None = (
        (1.0, 0.0, 0.0, 0.0),
        (0.0, 1.0, 0.0, 0.0),
        (0.0, 0.0, 1.0, 0.0),
    )
    own: tuple[float, float] | None = None
    prevalence: dict[str, float] = {}

    @classmethod
    def fit(cls, scores: Probabilities, truth: LabelledTexts) -> Self:
        """Fit on out-of-fold scores of shape (n_posts, 5) and their labels.

        Raises:
            ValueError: an axis has labels, but of one class alone.
        """
        from sklearn.linear_model import LogisticRegression

        def platt(p: NDArray[Any], positive: NDArray[Any]) -> tuple[float, float]:
            fitted = LogisticRegression(C=1e6, max_iter=1000).fit(
                *_in_order(_log_odds(p)[:, None], positive)
            )
            return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])

        def binary(axis: str) -> tuple[float, float] | None:
            column = _PREVALENCE_COLUMN[axis]
            positive = known_truths[column].positive
            known = ~np.isnan(positive)
            return platt(scores[known, column], positive[known]) if known.any() else None

        known_truths = truths(truth)
        share, own = own_share(scores), known_truths[SELF].positive
        unpaid = (truth.kind != KINDS.index("paid")) & ~np.isnan(own) & ~np.isnan(share)
        return cls(
            style=binary("style"),
            paid=binary("paid"),
            own=platt(share[unpaid], own[unpaid]) if len(np.unique(own[unpaid])) == 2 else None,
            cause=_fit_cause(scores, truth),
            prevalence={
                axis: float(np.nanmean(known_truths[column].positive))
                for axis, column in _PREVALENCE_COLUMN.items()
                if not np.isnan(known_truths[column].positive).all()
            },
        )

    def apply(self, scores: Probabilities) -> Probabilities:
        """Calibrated probabilities, same shape and order, float32."""
        style, paid, own = (
            np.full(len(scores), np.nan)
            if line is None
            else _sigmoid(line[0] * _log_odds(of_axis) + line[1])
            for line, of_axis in (
                (self.style, scores[:, STYLE]),
                (self.paid, scores[:, THIRD_PARTY]),
                (self.own, own_share(scores)),
            )
        )
        cause = np.full((len(scores), len(CAUSES)), np.nan)
        if self.cause is not None:
            rows = np.array(self.cause)
            logits = _log_cause(scores) @ rows[:, :3].T + rows[:, 3]
            cause = np.exp(logits - logits.max(axis=1, keepdims=True))
            cause /= cause.sum(axis=1, keepdims=True)
        four = np.stack([style, paid, cause[:, 1], cause[:, 2]], axis=1)
        return as_probabilities(with_own_share(four, own))

    def shift_prevalence(
        self, probabilities: Probabilities, target: Mapping[str, float]
    ) -> Probabilities:
        """Multiply odds by the ratio of target to reference odds (Saerens et al., 2002).

        Valid under label shift only: posts of a class must read alike here and in the
        calibration set. For ``performative`` the odds of low against none-or-high are moved, and
        ``p_committed`` keeps its ratio to the rest; so does ``p_self`` for ``paid``.

        Raises:
            ValueError: an unknown axis, or a target or reference outside (0, 1).
        """
        shifted = probabilities.astype(np.float64)
        for axis, share in target.items():
            check_prevalence(axis, share)
            reference = self.prevalence.get(axis, float("nan"))
            if not 0 < reference < 1:
                raise ValueError(f"the model stores no reference prevalence for {axis!r}")
            column = _PREVALENCE_COLUMN[axis]
            before = shifted[:, column]
            ratio = share / (1 - share) * (1 - reference) / reference
            after = before * ratio / (before * ratio + 1 - before)
            if column in _SHARES_WITH:
                rest = np.where(before < 1, (1 - after) / np.maximum(1 - before, _EPSILON), 0.0)
                shifted[:, _SHARES_WITH[column]] *= rest
            shifted[:, column] = after
        return as_probabilities(shifted)


def check_prevalence(axis: str, share: float) -> None:
    """Refuse what no prevalence can be.

    Raises:
        ValueError: an unknown axis, or a share outside (0, 1).
    """
    if axis not in PREVALENCE_AXES:
        raise ValueError(
            f"prevalence of {axis!r} cannot be set; axes: {', '.join(PREVALENCE_AXES)}"
        )
    if not 0 < share < 1:
        raise ValueError(f"prevalence of {axis!r} must lie between 0 and 1, not {share}")


def as_probabilities(columns: NDArray[np.float64]) -> Probabilities:
    """Float32 in [0, 1], what shares a distribution at most 1, whatever the rounding did."""
    result = np.clip(columns, 0, 1).astype(np.float32)
    for first, second in _SHARES_WITH.items():
        over = result[:, first] + result[:, second] > 1
        result[over, second] = np.nextafter(1 - result[over, first], np.float32(0))
    return result


def _log_odds(p: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    clipped = np.clip(p.astype(np.float64), _EPSILON, 1 - _EPSILON)
    return np.asarray(np.log(clipped) - np.log1p(-clipped))


def _log_cause(scores: Probabilities) -> NDArray[np.float64]:
    return np.asarray(np.log(np.clip(cause_classes(scores), _EPSILON, 1)))


def _in_order(
    features: NDArray[np.float64], target: NDArray[Any]
) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Rows in an order of their own, so that sums, and so fits, do not hang on that of posts."""
    order = np.lexsort((target, *features.T))
    return features[order], target[order]


def _fit_cause(
    scores: Probabilities, truth: LabelledTexts
) -> tuple[tuple[float, float, float, float], ...] | None:
    from sklearn.linear_model import LogisticRegression

    known = truth.cause != MISSING
    if not known.any():
        return None
    if len(np.unique(truth.cause[known])) != len(CAUSES):
        raise ValueError("calibrating 'cause' needs posts of none, low and high commitment")
    # Some ridge: the three log-probabilities are nearly dependent.
    fitted = LogisticRegression(C=10.0, max_iter=1000).fit(
        *_in_order(_log_cause(scores[known]), truth.cause[known])
    )
    rows = np.concatenate([fitted.coef_, fitted.intercept_[:, None]], axis=1)
    return tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in rows)


def _sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -500, 500))))
