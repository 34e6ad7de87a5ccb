"""A run repeated, and the errors of a run, as they are printed and written."""

import io
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from unpolished.cli.show_runs import print_checks, print_comparison, print_errors, write_page
from unpolished.models.scored_post import Reason
from unpolished.training.error_analysis.analyse import AxisErrors, RunErrors, WrongPost
from unpolished.training.error_analysis.slices import Slice, WorseSlice
from unpolished.training.reproduction.checks import Check
from unpolished.training.reproduction.compared import EQUAL, NETWORKS, Comparison, Difference
from unpolished.training.reproduction.reproduce import Reproduction
from unpolished.training.tracking.runs import FinishedRun

HOSTILE = "[bold]lovely[/bold] [link=x]serum \x1b[2J\u202e"


def _console():
    return Console(file=io.StringIO(), width=300)


def _errors(text=HOSTILE, worse=True):
    run = FinishedRun("ab" * 16, "linear", "unpolished-x", datetime.now(UTC),
                      {"data.name": "x"}, {}, {}, pd.DataFrame)  # fmt: skip
    post = WrongPost("src", HOSTILE, text, "paid", 0.0123, "not paid", 4.4, True, {"source": "src"})
    kind = (("source", HOSTILE),)
    found = Slice(kind, 1234, 12, 0.91, 0.25, 0.5)
    axis = AxisErrors(
        name="paid", classes=("not paid", "paid"), n=5000, positives=700, loss=0.4, wrong=0.1,
        tried=99, slices=[found], most_wrong=[post],
        worse=[(WorseSlice(found, 0.3, (0.4, 0.6), 0.0002, np.arange(3)), [post])] if worse else [],
    )  # fmt: skip
    reason = Reason(flag="paid", start=0, end=6, text="[bold]", weight=1.5)
    return RunErrors(run, "train", [axis], [f"note {HOSTILE}"], {HOSTILE: (reason,)})


def test_texts_of_posts_move_nothing_on_the_screen():
    """Neither by markup nor by control characters; figures and reasons stand beside them."""
    console = _console()
    print_errors(_errors(), console)
    shown = console.file.getvalue()
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert shown.count("[bold]lovely[/bold]") >= 3
    for part in ("5,000 posts, 700 paid", "paid (contested)", "0.012", "“[bold]” +1.50", "1,234",
                 "+0.50 [+0.40, +0.60]", "0.0002"):  # fmt: skip
        assert part in shown


def test_what_is_not_here_or_not_found_is_said():
    """A text that is gone, and no kind that is worse."""
    console = _console()
    print_errors(_errors(text=None, worse=False), console)
    shown = console.file.getvalue()
    assert "(the text is not here)" in shown
    assert "no kind of posts is judged worse beyond chance, of 99 tried" in shown


def test_checks_are_printed_with_both_values():
    """And what was decided of each."""
    console = _console()
    print_checks([Check("numpy", "2.3", "2.4", "refused"), Check("python", "3.11", "3.12", "noted"),
                  Check(HOSTILE, "a", "b", "same")], console)  # fmt: skip
    lines = [line.replace(" ", "") for line in console.file.getvalue().splitlines()]
    assert "│numpy│2.3│2.4│refused│" in lines
    assert "│python│3.11│3.12│differs,decidesnothing│" in lines
    assert "\x1b" not in console.file.getvalue()


@pytest.mark.parametrize("tolerance", [EQUAL, NETWORKS])
def test_the_verdict_says_what_differs_and_what_was_passed_over(tolerance):
    """With numbers to the last digit."""
    one = Difference("train src 7", "p_paid", 0.1, 0.30000000000000004)
    found = Comparison(tolerance, 1234, 35, 2, 3, one, (one,), 143, (one,), 5, ("too much",))
    checks = [Check("numpy", "2.3", "2.4", "passed over"), Check("scipy", "1", "1", "same")]
    console = _console()
    print_comparison(Reproduction("aa", "bb", checks, found), console)
    shown = console.file.getvalue()
    assert "run aa does not match: too much (passed over: numpy); repeated as run bb" in shown
    for part in ("1,234 posts with 35 scores", "0.30000000000000004", "train src 7", "143 metrics"):
        assert part in shown
    assert ("last bit" in shown) is (tolerance == EQUAL)


def test_the_page_is_written_whole_or_not_at_all(tmp_path):
    """Into a folder that is there."""
    write_page(_errors(), tmp_path / "errors.html")
    assert (tmp_path / "errors.html").read_text("utf-8").startswith("<!doctype html>")
    assert [path.name for path in tmp_path.iterdir()] == ["errors.html"]
    with pytest.raises(ValueError, match="there is no folder"):
        write_page(_errors(), tmp_path / "no" / "errors.html")
