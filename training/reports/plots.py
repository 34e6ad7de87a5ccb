"""Precision-recall, reliability and confusion of one split, as Matplotlib figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from ..evaluation.judged import JUDGED
from ..evaluation.metrics import equal_mass_bins

DPI = 130
INK, BLUE, GREY = "#222222", "#1f5fa8", "#8a8a8a"


@dataclass(frozen=True)
class Panel:
    """One axis of the project with the posts whose label is known.

    Attributes:
        title: heading.
        labels: given where not flagged and where flagged.
        truths: names of the two kinds of posts.
        truth: True where the post is positive.
        p: calibrated probability.
        flag: 1 flagged, 0 opposite, -1 unsure.
    """

    title: str
    labels: tuple[str, str]
    truths: tuple[str, str]
    truth: NDArray[np.bool_]
    p: NDArray[np.float64]
    flag: NDArray[np.int8]


def panels(table: pd.DataFrame) -> list[Panel]:
    """Of each judged axis that has a plot."""
    found = []
    for axis in JUDGED:
        if axis.labels is None:
            continue
        truth, p = axis.truth(table), axis.scores(table, "p")
        known = ~np.isnan(truth) & ~np.isnan(p)
        flag = table[f"flag_{axis.flag}"].to_numpy(np.int8)[known]
        positive = truth[known] == 1
        found.append(Panel(axis.name, axis.labels, axis.classes, positive, p[known], flag))
    return found


def plots(table: pd.DataFrame, split: str) -> Iterator[tuple[str, Figure]]:
    """Name and figure of each plot of one split of the out-of-fold table."""
    shown = panels(table)
    for name, heading, draw in (
        ("precision_recall", "Precision and recall", _precision_recall),
        ("reliability", "Reliability of calibrated probabilities", _reliability),
        ("confusion", "Labels given by true label (rows add up to 100 %)", _confusion),
    ):
        figure = Figure(figsize=(4 * len(shown), 4.4), dpi=DPI, layout="constrained")
        FigureCanvasAgg(figure)
        figure.suptitle(f"{heading}, {split} split, out of fold", fontsize=13, color=INK)
        for axes, panel in zip(figure.subplots(1, len(shown)), shown, strict=True):
            axes.set_title(f"{panel.title}  (n = {len(panel.p):,})", fontsize=11, color=INK)
            if 0 < panel.truth.sum() < len(panel.truth):
                draw(axes, panel)
            else:
                axes.text(0.5, 0.5, "no labels of both kinds", ha="center", va="center")
                axes.set_axis_off()
        yield name, figure


def _precision_recall(axes: Axes, panel: Panel) -> None:
    from sklearn.metrics import average_precision_score, precision_recall_curve

    precision, recall, _ = precision_recall_curve(panel.truth, panel.p)
    average = average_precision_score(panel.truth, panel.p)
    axes.step(recall, precision, where="post", color=BLUE, label=f"average precision {average:.2f}")
    share = panel.truth.mean()
    axes.axhline(share, color=GREY, linestyle="--", linewidth=1, label=f"prevalence {share:.2f}")
    flagged = panel.flag == 1
    if flagged.any():
        hits = (flagged & panel.truth).sum()
        point = hits / panel.truth.sum(), hits / flagged.sum()
        axes.plot(*point, "o", color=INK, markersize=6, label="at the threshold", zorder=3)
    _unit_square(axes, "recall", "precision")
    axes.legend(loc="lower left", fontsize=9, framealpha=0.9)


def _reliability(axes: Axes, panel: Panel) -> None:
    # The bins of the calibration error; some are empty where probabilities are equal.
    bins = equal_mass_bins(panel.p)
    _, bins, sizes = np.unique(bins, return_inverse=True, return_counts=True)
    predicted = np.bincount(bins, panel.p) / sizes
    observed = np.bincount(bins, panel.truth) / sizes
    # Wilson intervals: a bin of all or none has one, too.
    low, high = _wilson(observed, sizes)
    axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1, label="perfect")
    axes.errorbar(
        predicted, observed, yerr=[observed - low, high - observed], fmt="o-", color=BLUE,
        ecolor="#9dbbdd", markersize=5, linewidth=1.2, capsize=2,
        label=f"{len(sizes)} bins of {_range(sizes)} posts, 95 %",
    )  # fmt: skip
    _unit_square(axes, "mean predicted probability", f"share truly {panel.truths[1]}")
    axes.legend(loc="lower right", fontsize=9, framealpha=0.9)


def _confusion(axes: Axes, panel: Panel) -> None:
    flags = (0, -1, 1)
    cells = np.array(
        [
            [(panel.flag[panel.truth == row] == flag).sum() for flag in flags]
            for row in (False, True)
        ]
    )
    shares = cells / cells.sum(axis=1, keepdims=True)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for (i, j), share in np.ndenumerate(shares):
        color = "white" if share > 0.55 else INK
        label = f"{share:.0%}\n{cells[i, j]:,}"
        axes.text(j, i, label, ha="center", va="center", color=color, fontsize=11)
    axes.set_xticks(range(3), [panel.labels[0], "unsure", panel.labels[1]])
    axes.set_yticks(range(2), panel.truths, rotation=90, va="center")
    axes.set(xlabel="label given", ylabel="true label")
    axes.tick_params(length=0)


def _unit_square(axes: Axes, x: str, y: str) -> None:
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel=x, ylabel=y)
    axes.grid(color="#e6e6e6", linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _wilson(
    share: NDArray[np.float64], n: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    z = 1.96
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    # At 0 and 1 rounding could put the bound a hair past the share.
    return np.minimum(centre - half, share), np.maximum(centre + half, share)


def _range(sizes: NDArray[np.int64]) -> str:
    low, high = int(sizes.min()), int(sizes.max())
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"
