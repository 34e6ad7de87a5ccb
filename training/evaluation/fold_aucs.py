"""AUC within sources of out-of-fold scores of the training split, and what a change of it is worth.

Scores as models give them, neither calibrated nor cut: an AUC asks for their order alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...data.axes import FLAGS
from ...data.labelled_texts import LabelledTexts, truths
from ...models.base import Probabilities
from .bootstrap import REPEATS, auc_draws, group_weights, interval
from .judged import JUDGED
from .metrics import Floats, within_source_auc

# Questions asked of one probability each: their names, and its column.
SCORED = {
    judged.name: FLAGS.index(judged.flag)
    for judged in JUDGED
    if judged.calibrated and not judged.ratio
}
MEAN = "mean"
Places = NDArray[np.str_]


class Estimate(NamedTuple):
    """A number with its 95 % interval, NaN where there is none."""

    value: float
    low: float
    high: float


class Auc(NamedTuple):
    """An AUC, and what it is on each bootstrap draw of the groups.

    Attributes:
        value: on the posts themselves.
        draws: shape (repeats,).
        n: posts that have a truth.
    """

    value: float
    draws: Floats
    n: int

    def estimate(self) -> Estimate:
        """With its interval."""
        return Estimate(self.value, *interval(self.draws, self.value))


def within_folds(posts: LabelledTexts) -> Places:
    """Places in which posts are compared by the scores of one and the same model.

    Models of two folds that were made by two recipes have two scales.
    """
    pairs = zip(posts.sources.tolist(), posts.folds.tolist(), strict=True)
    return np.array([f"{source} {fold}" for source, fold in pairs], dtype=np.str_)


def values(posts: LabelledTexts, scores: Probabilities, places: Places) -> Mapping[str, float]:
    """AUC of each axis over the posts that are scored; without axes that tell nothing.

    Args:
        posts: their labels.
        scores: shape (n, 5), NaN for posts that are left out.
        places: pairs of posts of one place are compared.
    """
    found = {}
    for name, column in SCORED.items():
        positive, rows = _known(posts, scores, column)
        value = within_source_auc(positive, scores[rows, column].astype(np.float64), places[rows])
        if not np.isnan(value):
            found[name] = value
    return found


def aucs(
    posts: LabelledTexts, scores: Probabilities, places: Places, repeats: int = REPEATS
) -> dict[str, Auc]:
    """As ``values``, with bootstrap draws; last, under ``MEAN``, the mean over the axes.

    The same groups are drawn for every set of scores of the same posts, so that draws can be
    subtracted.
    """
    weights = group_weights(posts.groups, repeats=repeats)
    found = {}
    for name, value in values(posts, scores, places).items():
        positive, rows = _known(posts, scores, SCORED[name])
        of = scores[rows, SCORED[name]].astype(np.float64)
        draws = auc_draws(positive, of, places[rows], weights[:, rows])
        found[name] = Auc(value, draws, len(rows))
    if found:
        axes = list(found.values())
        draws = np.mean([auc.draws for auc in axes], axis=0)
        n = int((~np.isnan(scores).all(axis=1)).sum())
        found[MEAN] = Auc(float(np.mean([auc.value for auc in axes])), draws, n)
    return found


def change(before: Auc, after: Auc) -> Estimate:
    """What ``after`` has more than ``before``, draw by draw on the same groups (paired)."""
    value = after.value - before.value
    return Estimate(value, *interval(after.draws - before.draws, value))


def _known(
    posts: LabelledTexts, scores: Probabilities, column: int
) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    truth = truths(posts)[column].positive
    rows = np.flatnonzero(~np.isnan(truth) & ~np.isnan(scores[:, column]))
    return truth[rows] == 1, rows
