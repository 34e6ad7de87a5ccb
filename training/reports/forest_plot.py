"""Differences of runs with their intervals, a panel for each question, as a Matplotlib figure.

Filled squares are beyond chance, hollow circles are not: form tells what colour does.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import groupby

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..evaluation.compared import ALL, Compared
from .comparison import Comparison
from .plots import BLUE, DPI, GREY, INK

_BAND = "#e4e4e4"
_PANEL_WIDTH, _ROW_HEIGHT, _COLUMNS = 3.6, 0.27, 3
_NAME_WIDTH = 34


def forest_plot(comparison: Comparison, *, by_source: bool = False) -> Figure:
    """A line for each run, or for each run and source; grey is what could not be shown."""
    shown = comparison.shown(by_source=by_source)
    panels = [(axis, list(rows)) for axis, rows in groupby(shown, lambda row: row.axis)]
    n_columns = max(1, min(_COLUMNS, len(panels)))
    across = [panels[i : i + n_columns] for i in range(0, len(panels), n_columns)]
    heights = [max(len(rows) for _, rows in line) + 2.5 for line in across]
    names = max(
        (len(line) for row in shown for line in _name(comparison, row).split("\n")), default=9
    )
    labels = 0.075 * names * (n_columns if by_source else 1)
    size = _PANEL_WIDTH * n_columns + labels, _ROW_HEIGHT * sum(heights) + 1.3
    figure = Figure(figsize=size, dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    title = textwrap.fill(f"{comparison.title}; right of 0 is better", int(size[0] * 9))
    figure.suptitle(title, fontsize=12, color=INK)
    grid = figure.subplots(len(across), n_columns, squeeze=False, height_ratios=heights)
    for i, line in enumerate(across):
        for j, axes in enumerate(grid[i]):
            if j >= len(line):
                axes.set_axis_off()
                continue
            axis, rows = line[j]
            _panel(axes, axis, comparison, rows)
            if j and not by_source and _runs(rows) == _runs(line[0][1]):
                axes.tick_params(labelleft=False)
    figure.legend(handles=_legend(), loc="outside lower center", ncols=2, fontsize=9, frameon=False)
    return figure


def _panel(axes: Axes, axis: str, comparison: Comparison, rows: Sequence[Compared]) -> None:
    places = np.arange(len(rows))[::-1]
    for y, row in zip(places, rows, strict=True):
        tested, real = row.tested, row.verdict in ("better", "worse")
        color = BLUE if real else INK
        if not np.isnan(tested.detectable):
            axes.barh(y, 2 * tested.detectable, left=-tested.detectable, height=0.72, color=_BAND)
        if not np.isnan(tested.low):
            axes.plot([tested.low, tested.high], [y, y], color=color, linewidth=1.6)
        axes.plot(
            tested.difference, y, "s" if real else "o", color=color, markersize=5.5,
            markerfacecolor=color if real else "white", zorder=3,
        )  # fmt: skip
    axes.set_xlim(*_reach(rows))
    axes.axvline(0, color=GREY, linewidth=1, zorder=1)
    axes.set_title(f"{axis}  (n = {max(row.posts for row in rows):,})", fontsize=11, color=INK)
    axes.set_yticks(places, [_name(comparison, row) for row in rows], fontsize=9)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=8)
    axes.locator_params(axis="x", nbins=5)
    axes.xaxis.set_major_formatter(lambda x, _: f"{x:+.3g}" if abs(x) > 1e-9 else "0")
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _reach(rows: Sequence[Compared]) -> tuple[float, float]:
    """From the lowest interval to the highest, and as far as most rows are grey.

    One source with few posts would squeeze all others.
    """
    ends = [end for row in rows for end in (row.tested.low, row.tested.difference, row.tested.high)]
    grey = [row.tested.detectable for row in rows if not np.isnan(row.tested.detectable)]
    usual = float(np.median(grey)) if grey else 0.0
    low, high = np.nanmin([*ends, -usual]), np.nanmax([*ends, usual])
    margin = 0.06 * (high - low) or 0.01
    return float(low - margin), float(high + margin)


def _name(comparison: Comparison, row: Compared) -> str:
    name = textwrap.fill(comparison.names[row.model], _NAME_WIDTH)
    # Matplotlib reads what stands between dollar signs as a formula.
    plain = name if row.source == ALL else f"{name}, {_short(row.source)}"
    return plain.replace("$", r"\$")


def _short(source: str) -> str:
    """The name of a source without that of its owner."""
    return textwrap.shorten(source.rsplit("/", 1)[-1], 24, placeholder="…")


def _runs(rows: Sequence[Compared]) -> list[int]:
    return [row.model for row in rows]


def _legend() -> list[Line2D | Patch]:
    real = Line2D([], [], color=BLUE, marker="s", markersize=6)
    real.set_label("better or worse (p < .05, Holm)")
    unshown = Line2D([], [], color=INK, marker="o", markersize=6, markerfacecolor="white")
    unshown.set_label("not shown; lines: 95 % interval")
    return [
        real,
        unshown,
        Patch(
            color=_BAND,
            label="true differences too small to be shown by one comparison (80 % power)",
        ),
    ]
