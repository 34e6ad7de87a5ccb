"""Plots of the evaluation split: what is drawn is what the table says."""

import io

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import precision_recall_curve
from unpolished.training.evaluation.metrics import equal_mass_bins
from unpolished.training.reports.plots import panels, plots


@pytest.fixture(scope="module")
def drawn(oof):
    """The figures of all posts, by name."""
    return dict(plots(oof, "gold"))


def _legend(axes):
    return axes.get_legend_handles_labels()[1]


def test_three_figures_of_four_panels_with_their_sizes(drawn, oof):
    """Each says which axis, how many posts, which split; and can be written."""
    assert set(drawn) == {"precision_recall", "reliability", "confusion"}
    for figure in drawn.values():
        titles = [axes.get_title() for axes in figure.axes]
        assert titles == [f"{p.title}  (n = {len(p.p):,})" for p in panels(oof)]
        assert "gold split, out of fold" in figure.get_suptitle()
        file = io.BytesIO()
        figure.savefig(file)
        assert file.getvalue().startswith(b"\x89PNG")


def test_precision_and_recall_are_drawn_for_every_cut(drawn, oof):
    """The curve, the prevalence as a level, and the point at the threshold."""
    for axes, panel in zip(drawn["precision_recall"].axes, panels(oof), strict=True):
        curve, level, point = axes.lines
        precision, recall, _ = precision_recall_curve(panel.truth, panel.p)
        np.testing.assert_allclose(curve.get_xydata(), np.stack([recall, precision], axis=1))
        assert list(level.get_ydata()) == [panel.truth.mean()] * 2
        flagged = panel.flag == 1
        at = [flagged[panel.truth].mean(), panel.truth[flagged].mean()]
        np.testing.assert_allclose(point.get_xydata(), [at])
        assert _legend(axes)[1:] == [
            f"prevalence {panel.truth.mean():.2f}", "at the threshold",
        ]  # fmt: skip
        assert (axes.get_xlabel(), axes.get_ylabel()) == ("recall", "precision")


def test_reliability_points_are_the_bins_of_the_calibration_error(drawn, oof):
    """Mean probability against the share that is positive, within an interval of 95 %."""
    for axes, panel in zip(drawn["reliability"].axes, panels(oof), strict=True):
        perfect, points = axes.lines[:2]
        np.testing.assert_array_equal(perfect.get_xydata(), [[0, 0], [1, 1]])
        bins = equal_mass_bins(panel.p)
        means = [(panel.p[bins == n].mean(), panel.truth[bins == n].mean()) for n in range(10)]
        np.testing.assert_allclose(points.get_xydata(), means)
        (bars,) = axes.collections
        for (x, y), ((left, low), (right, high)) in zip(means, bars.get_segments(), strict=True):
            assert left == right == pytest.approx(x)
            assert -1e-12 <= low <= y <= high <= 1 + 1e-12
            assert high - low > 0.05
        assert "10 bins of" in _legend(axes)[1]


def test_a_confusion_shows_every_label_by_every_truth():
    """Shares of a row, and counts, where the labels are named."""
    truth, flag = [0] * 5 + [1] * 4, [0, 0, 0, -1, 1, 1, 1, 1, 0]
    labels = dict.fromkeys(("style", "paid", "kind", "cause"), truth)
    table = pd.DataFrame(labels).astype(float)
    for name in ("polished", "paid", "self", "performative"):
        table[f"p_{name}"], table[f"flag_{name}"] = np.linspace(0.1, 0.9, 9), flag
    axes = dict(plots(table, "train"))["confusion"].axes[0]
    (image,) = axes.images
    np.testing.assert_allclose(image.get_array(), [[0.6, 0.2, 0.2], [0.25, 0, 0.75]])
    written = {text.get_position(): text.get_text() for text in axes.texts}
    assert written == {
        (0, 0): "60%\n3", (1, 0): "20%\n1", (2, 0): "20%\n1",
        (0, 1): "25%\n1", (1, 1): "0%\n0", (2, 1): "75%\n3",
    }  # fmt: skip
    assert [label.get_text() for label in axes.get_xticklabels()] == ["raw", "unsure", "polished"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["raw", "polished"]


def test_panels_leave_unknown_labels_out(oof):
    """Missing labels everywhere, style voted in the middle."""
    style, paid, own, performative = panels(oof)
    assert len(style.p) == oof["style"].isin([0, 1]).sum()
    assert len(paid.p) == oof["paid"].notna().sum()
    assert len(own.p) == oof["kind"].notna().sum()
    assert own.truth.sum() == (oof["kind"] == 1).sum()
    assert performative.truth.sum() == (oof["cause"] == 1).sum()
    untold = panels(oof.assign(p_self=np.nan))
    assert [len(panel.p) for panel in untold] == [len(style.p), len(paid.p), 0, len(performative.p)]


@pytest.mark.parametrize("column", ["style", "paid", "kind", "cause"])
def test_an_axis_without_labels_leaves_its_panel_empty(oof, column):
    """Own posts may label one axis only; that is said, and nothing else is drawn."""
    place = ["style", "paid", "kind", "cause"].index(column)
    for value in (np.nan, 0.0):
        for _, figure in plots(oof.assign(**{column: value}), "train"):
            for n, axes in enumerate(figure.axes):
                said = [text.get_text() for text in axes.texts]
                assert (said == ["no labels of both kinds"]) == (n == place)
                assert bool(axes.lines or axes.images) == (n != place)


def test_very_few_posts(oof):
    """Fewer posts than bins: a point each."""
    style = dict(plots(oof.head(6), "gold"))["reliability"].axes[0]
    assert len(style.lines[1].get_xydata()) == len(panels(oof.head(6))[0].p) == 5
