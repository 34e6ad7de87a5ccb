"""What the forest plot draws is what the comparison says."""

import io

import numpy as np
import pytest
from unpolished.training.reports.forest_plot import forest_plot

from .comparisons import compared, comparison


def _panels(figure):
    return {axes.get_title().split("  ")[0]: axes for axes in figure.axes if axes.get_title()}


def _marks(axes):
    return [line for line in axes.lines if line.get_marker() in "so"]


def test_a_panel_for_each_axis_and_a_line_for_each_run():
    """Differences at their places, intervals from low to high, from the top down."""
    found = comparison()
    panels = _panels(forest_plot(found))
    assert list(panels) == ["style", "paid"]
    axes, rows = panels["style"], found.rows[:2]
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "linear c=0.2",
        "linear c=2.0",
    ]
    for mark, row, y in zip(_marks(axes), rows, (1, 0), strict=True):
        assert mark.get_xydata().tolist() == [[row.tested.difference, y]]
    spans = [
        line for line in axes.lines if len(line.get_xdata()) == 2 and line.get_marker() == "None"
    ]
    drawn = [
        tuple(line.get_xdata()) for line in spans if line.get_ydata()[0] == line.get_ydata()[1]
    ]
    assert drawn == [(row.tested.low, row.tested.high) for row in rows]


def test_form_tells_what_colour_does():
    """Filled squares are beyond chance, hollow circles are not; grey ones look alike."""
    real, chance = _marks(_panels(forest_plot(comparison()))["style"])
    assert (real.get_marker(), chance.get_marker()) == ("s", "o")
    assert chance.get_markerfacecolor() == "white" != real.get_markerfacecolor()


def test_grey_is_what_could_not_be_shown():
    """On both sides of zero; none where it is not known."""
    found = comparison()
    panels = _panels(forest_plot(found))
    for bar, row in zip(panels["style"].patches, found.rows[:2], strict=True):
        low = bar.get_x()
        assert (low, low + bar.get_width()) == pytest.approx(
            (-row.tested.detectable, row.tested.detectable)
        )
    assert len(panels["paid"].patches) == 1


def test_sources_are_shown_where_asked_for():
    """By the last part of their names."""
    axes = _panels(forest_plot(comparison(), by_source=True))["style"]
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == ["linear c=0.2", "linear c=2.0", "linear c=0.2, one", "linear c=0.2, two"]


@pytest.mark.parametrize("kind", ["png", "pdf", "svg"])
def test_names_are_never_read_as_formulas(kind):
    """A dollar sign is one."""
    file = io.BytesIO()
    found = comparison(names=("rules", "a=$x^$ b=$", "c" * 90))
    forest_plot(found).savefig(file, format=kind)
    assert len(file.getvalue()) > 1000


def test_many_runs_make_a_taller_figure_whose_lines_stay_apart():
    """Ten runs on nine axes have room for each line."""
    axes = [f"axis {i}" for i in range(9)]
    rows = tuple(compared(axis, model=i) for axis in axes for i in range(1, 10))
    names = tuple(f"linear c={i}" for i in range(10))
    figure = forest_plot(comparison(rows=rows, names=names, run_ids=tuple("abcdefghij")))
    figure.canvas.draw()
    heights = [panel.get_window_extent().height / 9 for panel in _panels(figure).values()]
    assert len(heights) == 9
    assert min(heights) / figure.dpi > 0.2
    assert np.ptp(heights) < 1
