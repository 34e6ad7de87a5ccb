"""Labels as shares of classes: what people said of a post, and what a teacher says of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ...data.axes import CAUSES, KINDS, PAID
from ...data.labelled_texts import LabelledTexts, one_hot
from ..base import PROBABILITIES

# Shares of a class that would hardly move a fit, each of which would cost a row in it.
_LEAST_SHARE = 0.02

SoftLabels = NDArray[np.float32]


def soft_labels(
    train: LabelledTexts, taught_shares: Mapping[str, float] | None = None
) -> Mapping[str, SoftLabels]:
    """Shares of the classes of each axis, which sum to 1; rows of what is unknown are NaN.

    Args:
        train: labels, and what a teacher said.
        taught_shares: by axis, the share of what the teacher said beside the post's own label;
            None leaves it out. A post without a label of an axis stays without one.

    Returns:
        ``style``, shape (n, 2): raw, polished; ``paid``, shape (n, 3): as ``axes.KINDS``, or (n, 2)
        where no post promotes what is its author's own; ``cause``, shape (n, 3): as
        ``axes.CAUSES``.
    """
    own = {
        "style": np.stack([1 - train.style, train.style], axis=1),
        "paid": _paid(train),
        "cause": one_hot(train.cause, len(CAUSES)),
    }
    if taught_shares is None:
        return own
    said = taught_labels(train.taught, own["paid"].shape[1])
    return {axis: _mixed(own[axis], said[axis], taught_shares[axis]) for axis in own}


def taught_labels(taught: NDArray[np.float32], kinds: int) -> Mapping[str, SoftLabels]:
    """Shares of classes as ``soft_labels``, of probabilities, shape (n, 5).

    Args:
        taught: columns as ``PROBABILITIES``.
        kinds: three where promotion of one's own is told apart, else two.
    """
    style, paid, low, high, own = (taught[:, i] for i in range(len(PROBABILITIES)))
    told = (1 - paid - own, own, paid) if kinds == len(KINDS) else (1 - paid, paid)
    columns = {"style": (1 - style, style), "paid": told, "cause": (1 - low - high, low, high)}
    return {axis: np.clip(np.stack(shares, axis=1), 0, 1) for axis, shares in columns.items()}


def _paid(train: LabelledTexts) -> SoftLabels:
    # Three classes rank paid posts better than two: what reads like an advertisement but promotes
    # the author's own shop stops counting as its plain opposite.
    kinds, own = train.kinds.copy(), KINDS.index("self")
    if not (kinds[:, own] > 0).any():
        return one_hot(train.paid, 2)
    untold = np.isnan(kinds[:, own])
    kinds[untold & (train.paid == PAID.index("yes"))] = np.eye(len(KINDS))[KINDS.index("paid")]
    # Not paid, and not known how else: as the others that are not paid.
    others = kinds[~untold & (train.paid == PAID.index("no"))].mean(axis=0)
    others[KINDS.index("paid")] = 0
    kinds[untold & (train.paid == PAID.index("no"))] = others / others.sum()
    return kinds


def _mixed(own: SoftLabels, said: SoftLabels, share: float) -> SoftLabels:
    asked = ~np.isnan(said).any(axis=1)
    weight = np.where(asked, share, 0).astype(np.float32)[:, None]
    mixed = (1 - weight) * own + weight * np.nan_to_num(said)
    mixed[mixed < _LEAST_SHARE] = 0
    return np.asarray(mixed / mixed.sum(axis=1, keepdims=True), np.float32)
