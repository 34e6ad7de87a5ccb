"""What a cascade's share of posts sent on buys: quality by share, from the out-of-fold table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from .evaluate import with_truth
from .judged import JUDGED, Judged
from .metrics import recall_at_precision, within_source_auc

SHARES = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
_SHOWN = {"auc_within": "AUC within sources", "recall_at_precision_70": "recall at precision .7"}


def cascade_curve(
    table: pd.DataFrame, split: str, recipe: Mapping[str, Any]
) -> tuple[pd.DataFrame, Figure] | None:
    """The curve of a cascade's run and its picture; None for a run of another family.

    Args:
        table: out-of-fold table of all splits.
        split: the one that is looked at.
        recipe: of the run, as JSON values.
    """
    if "distance" not in table:
        return None
    points = curve(table[table["split"] == split])
    return points, curve_figure(points, split, float(recipe["model"]["deferral_rate"]))


def curve(table: pd.DataFrame, shares: Sequence[float] = SHARES) -> pd.DataFrame:
    """Quality at each share of posts sent on, nearest to a label's cut first.

    Posts that are equally near go together, as a cascade sends them, so that a share may be passed.

    Args:
        table: one split of the out-of-fold table of a cascade.
        shares: between 0 (the first model alone) and 1 (both, everywhere).

    Returns:
        Columns ``share``, ``axis``, ``metric``, ``value``.
    """
    order = table["distance"].rank(method="min").to_numpy() / len(table)
    rows = []
    for share in shares:
        sent = order <= share
        mixed = table.copy()
        for name in [c for c in map(str, table) if c.startswith("second_")]:
            plain = name.removeprefix("second_")
            mixed[f"mixed_{plain}"] = np.where(sent, table[name], table[f"first_{plain}"])
        for axis in JUDGED:
            rows += [(share, axis.name, *pair) for pair in _quality(axis, mixed)]
    return pd.DataFrame(rows, columns=["share", "axis", "metric", "value"])


def _quality(axis: Judged, mixed: pd.DataFrame) -> list[tuple[str, float]]:
    part, positive = with_truth(axis, mixed)
    score = axis.scores(part, "mixed")
    if positive.all() or not positive.any() or np.isnan(score).all():
        return []
    source = part["source"].to_numpy(dtype=np.str_)
    return [
        ("auc_within", within_source_auc(positive, score, source)),
        ("recall_at_precision_70", recall_at_precision(positive, score, 0.7)),
    ]


def curve_figure(points: pd.DataFrame, split: str, deferral_rate: float) -> Figure:
    """Both measures over the share sent on, an axis a line, the operating point marked."""
    figure = Figure(figsize=(12, 4.4), dpi=130, layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(f"Cascade: share of posts sent on to the encoder, {split} split, out of fold")
    for panel, (metric, name) in zip(figure.subplots(1, len(_SHOWN)), _SHOWN.items(), strict=True):
        for axis, line in points[points["metric"] == metric].groupby("axis", sort=False):
            panel.plot(line["share"], line["value"], "o-", markersize=3, label=str(axis))
        panel.axvline(deferral_rate, color="#8a8a8a", linestyle="--", linewidth=1, label="recipe")
        panel.set(xlabel="share sent on", ylabel=name)
        panel.grid(color="#e6e6e6", linewidth=0.7)
        panel.legend(fontsize=9)
    return figure
