"""The out-of-fold table: one row per labelled post, all that evaluation and comparison need."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...data.axes import FLAGS, MISSING
from .crossfit import OutOfFold


def labels_table(split: Any, name: str) -> pd.DataFrame:  # noqa: ANN401
    """Identity and labels of the posts of one split, without scores, see ``oof_table``."""
    table: pd.DataFrame = split.select_columns(
        ["source", "source_id", "group", "fold", "style", "style_mean", "style_contested",
         "paid", "paid_contested", "kind", "kind_contested", "cause", "cause_contested",
         "undisclosed"]
    ).to_pandas()  # fmt: skip
    table.insert(0, "split", name)
    table["n_chars"] = [len(text) for text in split["masked"]]
    for column in ("paid", "kind", "cause"):
        known = table[column].astype(float)
        table[column] = known.where(known != MISSING, np.nan)
    return table


def oof_table(split: Any, name: str, result: OutOfFold) -> pd.DataFrame:  # noqa: ANN401
    """Join labels and scores of one split.

    Args:
        split: a split of the dataset (``datasets.Dataset``).
        name: ``train`` or ``gold``.
        result: scores aligned with it.

    Returns:
        A frame without text: identity, labels (NaN where missing), and five columns each of
        ``raw_``, ``p_``, ``loso_``, ``base_``, ``flag_`` and ``loso_flag_``, and of all but
        ``base_`` and ``loso_flag_`` with ``author_`` before it, for the views made with the author;
        beside them what the model's diagnostics tell of each post.
    """
    table = labels_table(split, name)
    scores: dict[str, NDArray[Any]] = {
        "raw": result.raw,
        "p": result.calibrated,
        "loso": result.left_out,
        "base": result.base,
        "flag": result.flags,
        "loso_flag": result.left_out_flags,
        "author_raw": result.with_author.raw,
        "author_p": result.with_author.calibrated,
        "author_loso": result.with_author.left_out,
        "author_flag": result.with_author.flags,
        **result.diagnostics,
    }
    for name_of, values in scores.items():
        if values.ndim == 1:
            table[name_of] = values
            continue
        for i, axis in enumerate(FLAGS):
            table[f"{name_of}_{axis}"] = values[:, i]
    return table
