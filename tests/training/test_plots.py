"""Plots of the evaluation split."""

import io

import numpy as np
import pytest
from unpolished.training.plots import panels, plots


def test_every_plot_renders(oof):
    """Three figures of three panels, each a PNG of some size."""
    drawn = dict(plots(oof, "gold"))
    assert set(drawn) == {"precision_recall", "reliability", "confusion"}
    for figure in drawn.values():
        assert len(figure.axes) == 3
        file = io.BytesIO()
        figure.savefig(file)
        assert len(file.getvalue()) > 10_000


def test_panels_leave_unknown_labels_out(oof):
    """Missing labels everywhere, style voted in the middle."""
    style, paid, performative = panels(oof)
    assert len(style.p) == oof["style"].isin([0, 1]).sum()
    assert len(paid.p) == oof["paid"].notna().sum()
    assert performative.truth.sum() == (oof["cause"] == 1).sum()


@pytest.mark.parametrize("column", ["style", "paid", "cause"])
def test_an_axis_without_labels_leaves_its_panel_empty(oof, column):
    """Own posts may label one axis only."""
    assert len(list(plots(oof.assign(**{column: np.nan}), "train"))) == 3
    assert len(list(plots(oof.assign(**{column: 0.0}), "train"))) == 3


def test_very_few_posts(oof):
    """Fewer posts than bins."""
    assert len(list(plots(oof.head(6), "gold"))) == 3
