"""What out-of-fold scores are measured on: the one table that metrics, plots and cards read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...data.axes import (
    HIGH,
    IS_PAID,
    LOW,
    LOW_NOT_HIGH,
    OWN_PROMOTION,
    PAID_NOT_NONE,
    PAID_NOT_SELF,
    POLISHED,
    UNDISCLOSED,
    Named,
    Truth,
)


@dataclass(frozen=True)
class Judged:
    """A question that out-of-fold scores are measured on.

    Attributes:
        name: of its metrics.
        flag: how the columns of its scores end.
        truth: 1, 0 or NaN (not scored).
        contested: column that marks posts without unanimous votes.
        title: its row in the results table; None where it has none.
        note: what the model card says beside its name.
        mean_vote: column of the mean vote, for rank correlation over all posts.
        labels: given where not flagged and where flagged; None where it has no plot.
        classes: what plots call the posts that are not positive, and those that are.
        length_baseline: also how well the length alone does (shorter posts ranked first).
        ratio: the score is low / (low + high), for posts with a cause.
        calibrated: the score is meant as a probability of this very truth.
    """

    name: str
    flag: str
    truth: Truth
    contested: str
    title: str | None = None
    note: str = ""
    mean_vote: str | None = None
    labels: tuple[str, str] | None = None
    classes: tuple[str, str] = ("not", "so")
    length_baseline: bool = False
    ratio: bool = False
    calibrated: bool = True

    def scores(self, table: Named, prefix: str) -> NDArray[np.float64]:
        """Its scores in an out-of-fold table, ``prefix`` being raw, p, loso or base."""
        low = np.asarray(table[f"{prefix}_{self.flag}"], dtype=np.float64)
        if not self.ratio:
            return low
        both = low + np.asarray(table[f"{prefix}_committed"], dtype=np.float64)
        ratio = np.divide(low, both, out=np.full(len(low), 0.5), where=both > 0)
        return np.where(np.isnan(both), np.nan, ratio)


_LIKELY = ("unlikely", "likely")
# In the order in which tables show them.
JUDGED = (
    Judged("style", "polished", POLISHED, "style_contested", "style",
           mean_vote="style_mean", labels=("raw", "polished"), classes=("raw", "polished")),
    Judged("paid", "paid", IS_PAID, "paid_contested", "paid",
           labels=_LIKELY, classes=("not paid", "paid")),
    Judged("paid_against_none", "paid", PAID_NOT_NONE, "paid_contested",
           "paid against no promotion", "promotion of one's own left out", calibrated=False),
    Judged("paid_against_self", "paid", PAID_NOT_SELF, "paid_contested",
           "paid against own promotion", "posts that promote nothing left out", calibrated=False),
    Judged("undisclosed", "paid", UNDISCLOSED, "paid_contested",
           "undisclosed advertisement",
           "advertisements that do not say so, against self-promotion and the rest; disclosed "
           "posts left out", calibrated=False),
    Judged("self", "self", OWN_PROMOTION, "kind_contested", "own promotion",
           labels=("not self", "self"), classes=("not one's own", "one's own")),
    Judged("performative", "performative", LOW, "cause_contested", "performative",
           labels=_LIKELY, classes=("not performative", "performative"), length_baseline=True),
    Judged("committed", "committed", HIGH, "cause_contested",
           note="high commitment against the rest"),
    Judged("commitment", "performative", LOW_NOT_HIGH,
           "cause_contested", "low against high commitment",
           "low against high, among posts with a cause", length_baseline=True, ratio=True),
)  # fmt: skip
JUDGED_NAMES = tuple(axis.name for axis in JUDGED)
