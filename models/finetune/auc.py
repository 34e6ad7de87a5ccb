"""How well scores rank labelled posts, axis by axis."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...data.labelled_texts import CAUSES, LabelledTexts
from ..base import Probabilities


def axis_aucs(scores: Probabilities, truth: LabelledTexts) -> NDArray[np.float64]:
    """Area under the ROC curve of each probability, shape (4,); NaN where a class is missing.

    Args:
        scores: columns as ``models.base.PROBABILITIES``.
        truth: of the same posts.
    """
    from sklearn.metrics import roc_auc_score

    low, high = CAUSES.index("low"), CAUSES.index("high")
    axes = (
        (truth.style == 1, (truth.style == 0) | (truth.style == 1)),
        (truth.paid == 1, truth.paid >= 0),
        (truth.cause == low, truth.cause >= 0),
        (truth.cause == high, truth.cause >= 0),
    )
    found = np.full(len(axes), np.nan)
    for column, (positive, known) in enumerate(axes):
        if len(np.unique(positive[known])) > 1:
            found[column] = roc_auc_score(positive[known], scores[known, column])
    return found
