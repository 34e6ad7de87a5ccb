"""The out-of-fold table: one row per labelled post, all that evaluation and comparison need."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ...data.labelled_texts import MISSING
from ...data.labels.votes import undisclosed
from .crossfit import OutOfFold

_AXES = ("polished", "paid", "performative", "committed")
_SCORES = {"raw": "raw", "p": "calibrated", "loso": "left_out", "base": "base", "flag": "flags",
           "first": "first", "second": "second"}  # fmt: skip


def oof_table(split: Any, name: str, result: OutOfFold) -> pd.DataFrame:  # noqa: ANN401
    """Join labels and scores of one split.

    Args:
        split: a split of the dataset (``datasets.Dataset``).
        name: ``train`` or ``gold``.
        result: scores aligned with it.

    Returns:
        A frame without text: identity, labels (NaN where missing), and four columns each of
        ``raw_``, ``p_``, ``loso_``, ``base_`` and ``flag_``; for a cascade also of ``first_`` and
        ``second_``, and ``distance``.
    """
    table: pd.DataFrame = split.select_columns(
        ["source", "source_id", "group", "fold", "style", "style_mean", "style_contested",
         "paid", "paid_contested", "cause", "cause_contested"]
    ).to_pandas()  # fmt: skip
    table["undisclosed"] = [undisclosed(votes) for votes in split["commercial"]]
    table.insert(0, "split", name)
    table["n_chars"] = [len(text) for text in split["masked"]]
    for column in ("paid", "cause"):
        known = table[column].astype(float)
        table[column] = known.where(known != MISSING, np.nan)
    for prefix, attribute in _SCORES.items():
        scores = getattr(result, attribute)
        if scores is None:
            continue
        for i, axis in enumerate(_AXES):
            table[f"{prefix}_{axis}"] = scores[:, i]
    if result.distance is not None:
        table["distance"] = result.distance
    return table
