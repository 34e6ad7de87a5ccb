"""What training prints: every number where it belongs."""

import io

import pytest
from rich.console import Console
from unpolished.cli.show_training import (
    print_counts,
    print_metrics,
    progress_bars,
    shown_steps,
    tracked,
)
from unpolished.data.dataset.label_counts import Count
from unpolished.models.finetune.fit import TrainingStep
from unpolished.training.evaluation.evaluate import evaluate
from unpolished.training.evaluation.judged import JUDGED_NAMES
from unpolished.training.reports.metric_names import METRIC_NAMES, number

from ..training.evaluation.oof import invented_table


def _console(*, terminal=False):
    return Console(file=io.StringIO(), width=400, force_terminal=terminal)


def _cells(console):
    """The rows of the table that was printed, cell by cell."""
    lines = console.file.getvalue().splitlines()
    bars = [line.replace("┃", "│") for line in lines if line[:1] in "│┃"]
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in bars]


def test_counts_are_printed_by_fold():
    """A line each, sums with their thousands marked."""
    console = _console()
    print_counts([Count("train", "a/b", "paid", "yes", (1000, 2, 3, 4, 5))], console)
    assert _cells(console)[1:] == [
        ["train", "a/b", "paid", "yes", "1,014", "1000 2 3 4 5"],
    ]  # fmt: skip


@pytest.fixture(scope="module")
def metrics():
    """Of the invented table."""
    return evaluate(invented_table(), "gold")


def test_metrics_stand_in_the_column_of_their_axis(metrics):
    """With their intervals where there is one; slices are left out."""
    console = _console()
    print_metrics(metrics, "a title", console)
    head, *rows = _cells(console)
    assert "a title" in console.file.getvalue()
    assert head[1:] == list(JUDGED_NAMES)
    shown = {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}
    assert list(shown) == list(METRIC_NAMES.values())
    for row in metrics[metrics["slice"] == "all"].itertuples():
        if row.metric in METRIC_NAMES:
            cell = shown[METRIC_NAMES[row.metric]][row.axis]
            assert cell.startswith(number(row.value))
            assert (f"[{number(row.low)}, {number(row.high)}]" in cell) == (row.low == row.low)
    assert shown["F1 at the threshold"]["commitment"] == ""


def test_a_calibration_error_is_printed_beside_a_perfect_model(metrics):
    """It has no interval; no brackets are explained."""
    console = _console()
    print_metrics(metrics, "a title", console)
    of = {row.metric: row.value for row in metrics[metrics["axis"] == "paid"].itertuples()
          if row.slice == "all"}  # fmt: skip
    error, mean, highest = (
        number(of[f"calibration_error{end}"]) for end in ("", "_perfect", "_perfect_95")
    )
    assert f"{error} (perfect model {mean}, up to {highest})" in console.file.getvalue()
    assert "no brackets: resampling tells no interval" in console.file.getvalue()


def test_a_terminal_shows_bars_and_a_log_a_line_for_each_step():
    """Steps are gone through all the same."""
    for terminal in (True, False):
        console = _console(terminal=terminal)
        with progress_bars(console) as bars:
            assert list(tracked(bars, range(3), "folds", 3)) == [0, 1, 2]
            bars.refresh()
        shown = console.file.getvalue()
        assert ("3/3" in shown) == terminal
        lines = [f"folds: {n} of 3 done in 0:00" for n in range(3)]
        assert (shown.splitlines() == lines) == (not terminal)


def test_a_fit_shows_its_loss_and_begins_anew():
    """The second fit starts at its first step, of its own number of steps."""
    with progress_bars(_console(terminal=True)) as bars:
        show = shown_steps(bars)
        (task,) = bars.tasks
        assert not task.visible
        show(TrainingStep(1, 10, 0.7, 9.0))
        show(TrainingStep(10, 10, 0.25, 0.0))
        assert (task.completed, task.total, task.description) == (10, 10, "fit, loss 0.250")
        show(TrainingStep(1, 20, 0.75, 19.0))
        assert (task.completed, task.total, task.visible) == (1, 20, True)
