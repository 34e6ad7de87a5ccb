"""The plain way to the draws of a metric: rows are repeated as often as they are drawn."""

from collections.abc import Callable

import numpy as np
from unpolished.training.evaluation.bootstrap import FEW, group_weights


def resampled(
    metric: Callable[[np.ndarray], float], groups: np.ndarray, *, repeats: int = FEW, seed: int = 0
) -> np.ndarray:
    """Any metric of row indices, on rows drawn by group: shape (repeats,)."""
    weights = group_weights(groups, repeats=repeats, seed=seed).astype(np.intp)
    rows = np.arange(len(groups))
    return np.array([metric(np.repeat(rows, drawn)) for drawn in weights])
