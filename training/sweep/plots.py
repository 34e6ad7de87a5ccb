"""Plots of a sweep: how its searches went, and the metric over each value that was tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from .search import study_name

if TYPE_CHECKING:
    from .results import Swept

_DPI = 130
_BLUE, _GREY = "#1f5fa8", "#b5b5b5"
_ALL = study_name(None)


def history(done: Swept) -> Figure:
    """The metric of each trial in order, and the best so far: thick for the search on all folds."""
    figure = Figure(figsize=(7, 4.4), dpi=_DPI, layout="constrained")
    FigureCanvasAgg(figure)
    panel = figure.subplots()
    for name, trials in done.trials.groupby("search", sort=False):
        complete = trials["state"] == "complete"
        best = trials["value"].where(complete).cummax().ffill()
        whole = name == _ALL
        color = _BLUE if whole else _GREY
        width, order = (2, 3) if whole else (1, 1)
        panel.step(trials["trial"], best, where="post", color=color, linewidth=width,
                   label=str(name), zorder=order)  # fmt: skip
        if whole:
            panel.plot(trials["trial"][complete], trials["value"][complete], "o", color=color)
            panel.plot(trials["trial"][~complete], trials["value"][~complete], "x", color=color)
    panel.set(xlabel="trial (x: given up)", ylabel=f"AUC within sources, {done.options.metric}",
              title="Best so far of each search, on the folds that it sees")  # fmt: skip
    panel.legend(fontsize=8)
    panel.grid(color="#e6e6e6", linewidth=0.7)
    return figure


def slices(done: Swept) -> Figure:
    """The metric over each value that was tried, in the search on all folds."""
    keys = list(done.options.space)
    figure = Figure(figsize=(max(4, 3.4 * len(keys)), 3.8), dpi=_DPI, layout="constrained")
    FigureCanvasAgg(figure)
    trials = done.trials[(done.trials["search"] == _ALL) & (done.trials["state"] == "complete")]
    for panel, key in zip(np.atleast_1d(figure.subplots(1, len(keys))), keys, strict=True):
        of = done.options.space[key]
        tried = trials[key].astype(str) if of.choices is not None else trials[key]
        panel.plot(tried, trials["value"], "o", color=_BLUE)
        if of.log:
            panel.set_xscale("log")
        panel.set(xlabel=key)
        panel.grid(color="#e6e6e6", linewidth=0.7)
        panel.set_axisbelow(True)
    figure.suptitle("AUC within sources of complete trials on all folds: too good for the best")
    return figure
