"""What a run is better or worse at than the champion, by predictions that both stored."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...models.base import FIRST_FOUR
from ..evaluation.bootstrap import Interval
from ..evaluation.compared import ALL, PAIRED_METRICS, compare_tables
from ..evaluation.judged import JUDGED, Judged
from ..reports.metric_names import with_interval
from ..tracking.runs import PREDICTIONS, FinishedRun, load_table
from .compare import is_public

_LATER = ("undisclosed", "kind", "p_self")
_KEY = ["source", "source_id"]
WITHIN, LEFT_OUT = "auc_within", "auc_loso"


class PromotionError(ValueError):
    """A run that does not become champion; the message says why."""


@dataclass(frozen=True)
class Difference:
    """Within-source AUC of a run less that of the champion, on the same posts.

    Attributes:
        axis: name.
        value: positive where the run is better.
        interval: 95 %, resampling groups, both models on the same draws; NaN where there is none.
    """

    axis: str
    value: float
    interval: Interval

    @property
    def worse(self) -> bool:
        """The whole interval lies below nothing; where there is none, the value does."""
        return self.interval[1] < 0 or (math.isnan(self.interval[1]) and self.value < 0)

    @property
    def better(self) -> bool:
        """The whole interval lies above nothing."""
        return self.interval[0] > 0

    def __str__(self) -> str:
        return f"{self.axis} {with_interval(self.value, *self.interval, form='{:+.3f}')}"


def stored_predictions(run: FinishedRun) -> pd.DataFrame:
    """Out-of-fold predictions that a run is judged by: on gold, or on the user's own posts.

    Raises:
        PromotionError: the run has none.
    """
    try:
        table = load_table(run.run_id, PREDICTIONS)
    except ValueError as error:
        raise PromotionError(f"{error}: train it again") from error
    split = "gold" if is_public(run) else "train"
    judged = table[table["split"] == split]
    if judged.empty:
        raise PromotionError(f"run {run.run_id} was not scored on {split}")
    # Runs of earlier versions did not store them.
    return judged.assign(**{name: np.nan for name in _LATER if name not in judged})


def differences(
    run: pd.DataFrame,
    champion: pd.DataFrame,
    axes: Sequence[Judged] = JUDGED,
    metric: str = WITHIN,
) -> list[Difference]:
    """Paired differences of two tables of predictions, axis by axis.

    Each is judged for itself, by its 95 % interval: to adjust them for their number, as
    ``compare`` does, would let a run pass that is worse on one axis among many.

    Args:
        run: its table.
        champion: what it is compared with.
        axes: to compare.
        metric: ``auc_within``, or ``auc_loso``, where a run may have no score of some posts.

    Raises:
        PromotionError: the tables hold other posts, or scores are missing.
    """
    run, champion = (
        table.sort_values(_KEY, kind="stable", ignore_index=True) for table in (run, champion)
    )
    if not np.array_equal(run[_KEY].to_numpy(), champion[_KEY].to_numpy()):
        raise PromotionError("the two runs scored different posts")
    if metric == WITHIN:
        axes = [axis for axis in axes if _scored(axis, run, champion)]
    rows = compare_tables([champion, run], metric, [axis.name for axis in axes])
    return [
        Difference(row.axis, row.tested.difference, (row.tested.low, row.tested.high))
        for row in rows
        if row.source == ALL
    ]


def _scored(axis: Judged, run: pd.DataFrame, champion: pd.DataFrame) -> bool:
    """Whether the champion was trained on a question.

    Raises:
        PromotionError: posts are without a score, which nothing excuses.
    """
    prefix, _ = PAIRED_METRICS[WITHIN]
    known = ~np.isnan(axis.truth(run))
    if f"{prefix}_{axis.flag}" not in FIRST_FOUR and np.isnan(axis.scores(champion, prefix)).all():
        return False
    for table in (run, champion):
        if np.isnan(axis.scores(table, prefix)[known]).any():
            raise PromotionError(
                f"a run has no score of {axis.name} for some posts: train it again"
            )
    return True
