"""How well scores rank labelled posts, axis by axis."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...data.labelled_texts import LabelledTexts, truths
from ..base import PROBABILITIES, Probabilities


def axis_aucs(scores: Probabilities, truth: LabelledTexts) -> NDArray[np.float64]:
    """Area under the ROC curve of each probability, shape (5,).

    NaN where a class is missing, or the scores are.

    Args:
        scores: columns as ``models.base.PROBABILITIES``.
        truth: of the same posts.
    """
    from sklearn.metrics import roc_auc_score

    found = np.full(len(PROBABILITIES), np.nan)
    for _, column, positive in truths(truth):
        known = ~np.isnan(positive) & ~np.isnan(scores[:, column])
        if len(np.unique(positive[known])) > 1:
            found[column] = roc_auc_score(positive[known] == 1, scores[known, column])
    return found
