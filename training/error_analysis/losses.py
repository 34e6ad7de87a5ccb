"""How wrong a run is about each post, out of fold, for each question that has a probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...models.decision.threshold import FLAGGED, OPPOSITE
from ..evaluation.judged import JUDGED, Judged

# So that a single post cannot outweigh all others.
_NEAREST = 0.001
# One for each probability that has classes of its own.
AXES = {axis.name: axis for axis in JUDGED if axis.labels and axis.calibrated and not axis.ratio}


@dataclass(frozen=True)
class Losses:
    """Losses of one question.

    Attributes:
        axis: the question.
        rows: positions in the table of the posts that have a truth and a score, shape (n,).
        positive: the truth, shape (n,).
        p: calibrated probability, shape (n,).
        loss: logarithmic, of a probability of at least .001 and at most .999, shape (n,).
        excess: loss beyond the mean loss of posts of the same truth, shape (n,). A kind of post
            that is more often positive than others is not worse for that.
        wrong: whether the label that the thresholds give is the opposite of the truth, shape (n,).
    """

    axis: Judged
    rows: NDArray[np.intp]
    positive: NDArray[np.bool_]
    p: NDArray[np.float64]
    loss: NDArray[np.float64]
    excess: NDArray[np.float64]
    wrong: NDArray[np.bool_]


def losses(table: pd.DataFrame, axis: Judged) -> Losses | None:
    """Losses of a question; None where the run does not tell, or of one class alone.

    Args:
        table: out-of-fold predictions of one split.
        axis: one of ``AXES``.
    """
    truth, p = axis.truth(table), axis.scores(table, "p")
    rows = np.flatnonzero(~np.isnan(truth) & ~np.isnan(p))
    positive, p = truth[rows] == 1, p[rows]
    if positive.all() or not positive.any():
        return None
    near = np.clip(p, _NEAREST, 1 - _NEAREST)
    loss = -np.log(np.where(positive, near, 1 - near))
    means = np.where(positive, loss[positive].mean(), loss[~positive].mean())
    flags = table[f"flag_{axis.flag}"].to_numpy()[rows]
    wrong = np.where(positive, flags == OPPOSITE, flags == FLAGGED)
    return Losses(axis, rows, positive, p, loss, loss - means, wrong)
