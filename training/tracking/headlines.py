"""The few figures of a run that MLflow shows as metrics; all others are in its metrics table."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

# A dozen, so that MLflow's columns and charts can be read: axis and metric.
HEADLINES = (
    ("style", "auc_within"), ("style", "auc_loso"),
    ("paid", "auc_within"), ("paid", "auc_loso"),
    ("paid", "recall_at_precision_70"), ("paid", "calibration_error"),
    ("paid_against_self", "auc_within"), ("undisclosed", "auc_within"), ("self", "auc_within"),
    ("performative", "auc_within"), ("performative", "auc_loso"), ("commitment", "auc_within"),
)  # fmt: skip


class Headline(NamedTuple):
    """A metric as MLflow shows it."""

    name: str
    value: float


def headline_name(split: str, axis: str, metric: str) -> str:
    """``oof.gold.paid.auc_within``: out of fold on a split, whose figures never share a column.

    The models that score a fold of the training split, and those that score gold, saw none of it.
    """
    return f"oof.{split}.{axis}.{metric}"


def headlines(split: str, metrics: pd.DataFrame) -> Iterator[Headline]:
    """Those of a split that a run has.

    Args:
        split: ``train`` or ``gold``.
        metrics: its long table, see ``evaluation.evaluate``.
    """
    whole = metrics[metrics["slice"] == "all"].set_index(["axis", "metric"])["value"]
    for axis, metric in HEADLINES:
        value = float(whole.get((axis, metric), math.nan))
        if math.isfinite(value):
            yield Headline(headline_name(split, axis, metric), value)
