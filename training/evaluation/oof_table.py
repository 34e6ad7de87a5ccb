"""The out-of-fold table: one row per labelled post, all that evaluation and comparison need."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...data.axes import FLAGS, MISSING
from .crossfit import OutOfFold


def oof_table(split: Any, name: str, result: OutOfFold) -> pd.DataFrame:  # noqa: ANN401
    """Join labels and scores of one split.

    Args:
        split: a split of the dataset (``datasets.Dataset``).
        name: ``train`` or ``gold``.
        result: scores aligned with it.

    Returns:
        A frame without text: identity, labels (NaN where missing), and four columns each of
        ``raw_``, ``p_``, ``loso_``, ``base_`` and ``flag_``; beside them what the model's
        diagnostics tell of each post.
    """
    table: pd.DataFrame = split.select_columns(
        ["source", "source_id", "group", "fold", "style", "style_mean", "style_contested",
         "paid", "paid_contested", "cause", "cause_contested", "undisclosed"]
    ).to_pandas()  # fmt: skip
    table.insert(0, "split", name)
    table["n_chars"] = [len(text) for text in split["masked"]]
    for column in ("paid", "cause"):
        known = table[column].astype(float)
        table[column] = known.where(known != MISSING, np.nan)
    scores: dict[str, NDArray[Any]] = {
        "raw": result.raw,
        "p": result.calibrated,
        "loso": result.left_out,
        "base": result.base,
        "flag": result.flags,
        **result.diagnostics,
    }
    for name_of, values in scores.items():
        if values.ndim == 1:
            table[name_of] = values
            continue
        for i, axis in enumerate(FLAGS):
            table[f"{name_of}_{axis}"] = values[:, i]
    return table
