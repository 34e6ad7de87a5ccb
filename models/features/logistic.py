"""Logistic regression per axis over one feature matrix, shared by ``linear`` and ``embed``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ...data.axes import CAUSES, KINDS
from ...data.labelled_texts import LabelledTexts
from ..base import PROBABILITIES, Probabilities, all_columns
from .sparse_rows import SparseRows
from .targets import SoftLabels, soft_labels

_MAX_ITER = 1_000
# Beyond, exp is more than a float64 holds.
_MAX_LOG_ODDS = 700


@dataclass(frozen=True)
class Regression:
    """A fitted logistic regression, which predicts without importing scikit-learn.

    Attributes:
        coef_: shape (1, n_features) for two classes, else (n_classes, n_features).
        intercept_: shape (1,) or (n_classes,).
    """

    coef_: NDArray[np.float64]
    intercept_: NDArray[np.float64]

    @cached_property
    def _columns(self) -> NDArray[np.float64]:
        return np.ascontiguousarray(self.coef_.T)

    def predict_proba(self, features: Any) -> NDArray[np.float64]:  # noqa: ANN401
        """Shape (n_posts, n_classes), of dense or sparse features (n_posts, n_features)."""
        return self.of_products(np.asarray(features @ self._columns))

    def of_products(self, products: NDArray[np.float64]) -> NDArray[np.float64]:
        """As ``predict_proba``, of features times coefficients (n_posts, len(coef_))."""
        odds = products + self.intercept_
        if odds.shape[1] == 1:
            p = 1 / (1 + np.exp(-np.clip(odds, -_MAX_LOG_ODDS, None)))
            return np.concatenate([1 - p, p], axis=1)
        odds = np.exp(odds - odds.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class Heads:
    """Style and paid: binary; cause: multinomial over none, low, high.

    None is an axis without labels.

    Attributes:
        style: its last class is polished.
        paid: its last class is paid. It has three classes, as ``axes.KINDS``, where promotion of
            one's own is told apart in training, else two.
        cause: three classes in the order of ``axes.CAUSES``.
    """

    style: Regression | None
    paid: Regression | None
    cause: Regression | None

    @classmethod
    def fit(
        cls,
        features: Any,  # noqa: ANN401
        train: LabelledTexts,
        c: float,
        taught_shares: Mapping[str, float] | None = None,
    ) -> Self:
        """Fit on a matrix (n_posts, n_features), dense or sparse; missing targets are left out.

        An axis without any label gets no head. A soft label enters as a row for each class,
        weighted by the label's share of it, which is the cross-entropy of the soft label.

        Args:
            features: of the posts.
            train: their labels.
            c: inverse regularisation strength.
            taught_shares: see ``soft_labels``.

        Raises:
            ValueError: an axis lacks a class.
        """
        if isinstance(features, SparseRows):
            features = features.csr
        labels = soft_labels(train, taught_shares)
        return cls(
            **{axis: _fit(features, of, train.weight, c, axis) for axis, of in labels.items()}
        )

    @cached_property
    def _fitted(self) -> list[Regression]:
        return [head for head in (self.style, self.paid, self.cause) if head is not None]

    @cached_property
    def _columns(self) -> NDArray[np.float64]:
        """Coefficients of all heads, shape (n_features, n_classes together)."""
        return np.ascontiguousarray(np.concatenate([head.coef_ for head in self._fitted]).T)

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(len(head.coef_) for head in self._fitted))[:-1]

    def log_odds_weights(self, features: Any) -> NDArray[np.float64]:  # noqa: ANN401
        """Weights of the features in the log-odds of one post, shape (5, n_features).

        Two classes: the coefficients. Three: those of the class less those of the other two,
        mixed as the model weighs these for this post, the gradient of the log-odds.

        Args:
            features: one row, shape (1, n_features).
        """
        nothing = np.zeros((len(CAUSES), features.shape[1]))
        style, paid, cause = (
            nothing if head is None else self._gradients(head, features)
            for head in (self.style, self.paid, self.cause)
        )
        own = paid[KINDS.index("self")] if len(paid) == len(KINDS) else np.zeros_like(paid[-1])
        return np.stack([style[-1], paid[-1], cause[1], cause[2], own])

    @staticmethod
    def _gradients(head: Regression, features: Any) -> NDArray[np.float64]:  # noqa: ANN401
        coefficients = head.coef_
        if len(coefficients) == 1:
            return np.asarray(coefficients)
        p = head.predict_proba(features)[0]
        others = np.where(np.eye(len(p), dtype=bool), 0.0, p[None, :])
        return np.asarray(coefficients - others / others.sum(1, keepdims=True) @ coefficients)

    def predict_proba(self, features: Any) -> Probabilities:  # noqa: ANN401
        """Probabilities in the order of ``PROBABILITIES``, NaN where there is no head."""
        if features.shape[0] == 0:
            return np.zeros((0, len(PROBABILITIES)), dtype=np.float32)
        unknown = np.full((features.shape[0], len(CAUSES)), np.nan)
        heads = (self.style, self.paid, self.cause)
        if isinstance(features, np.ndarray):
            style, kinds, cause = (
                unknown if head is None else head.predict_proba(features) for head in heads
            )
        else:
            # Sparse features are read once; every product is the same as of each head by itself.
            products = iter(np.hsplit(np.asarray(features @ self._columns), self._ends))
            style, kinds, cause = (
                unknown if head is None else head.of_products(next(products)) for head in heads
            )
        columns = [style[:, 1], kinds[:, -1], *cause[:, 1:].T]
        if kinds.shape[1] == len(KINDS):
            columns.append(kinds[:, KINDS.index("self")])
        return all_columns(np.stack(columns, axis=1).astype(np.float32))

    def tensors(self) -> dict[str, NDArray[Any]]:
        """Coefficients and intercepts by name."""
        tensors: dict[str, NDArray[Any]] = {}
        for name, head in (("style", self.style), ("paid", self.paid), ("cause", self.cause)):
            if head is None:
                continue
            tensors[f"{name}.coef_"] = head.coef_.astype(np.float32)
            tensors[f"{name}.intercept_"] = head.intercept_
        return tensors

    @classmethod
    def rebuild(cls, tensors: Mapping[str, NDArray[Any]]) -> Self:
        """Rebuild fitted regressions from ``tensors``."""
        return cls(*(_rebuild(name, tensors) for name in ("style", "paid", "cause")))


def _fit(
    features: Any,  # noqa: ANN401
    labels_by_class: SoftLabels,
    weight: NDArray[np.float32],
    c: float,
    axis: str,
) -> Regression | None:
    from sklearn.linear_model import LogisticRegression

    if np.isnan(labels_by_class).all():
        return None

    # By class, then by post; a comparison with NaN is false, so a missing target has no row.
    labels, rows = np.nonzero(labels_by_class.T > 0)
    n_classes = labels_by_class.shape[1]
    if (found := len(np.unique(labels))) != n_classes:
        raise ValueError(
            f"axis {axis!r}: {n_classes} classes are needed to train, found {found}; "
            "label more posts of the missing kind"
        )
    # Few steps that each see the curvature: half the time of lbfgs where embeddings are dense, and
    # closer to the optimum at its end.
    head = LogisticRegression(C=c, max_iter=_MAX_ITER, solver="newton-cg")
    head.fit(features[rows], labels, weight[rows] * labels_by_class[rows, labels])
    # What is saved is what scores: float32 on disk halves the folder, so it rounds here too.
    return Regression(head.coef_.astype(np.float32).astype(np.float64), head.intercept_)


def _rebuild(name: str, tensors: Mapping[str, NDArray[Any]]) -> Regression | None:
    if f"{name}.coef_" not in tensors:
        return None
    coefficients, intercepts = tensors[f"{name}.coef_"], tensors[f"{name}.intercept_"]
    return Regression(coefficients.astype(np.float64), intercepts.astype(np.float64))
