"""What sweeps and ablations print."""

import io
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console
from unpolished.cli import tune
from unpolished.cli.show_tuning import print_ablated, print_swept
from unpolished.training.ablation.run import Ablated, Line
from unpolished.training.evaluation.fold_aucs import Estimate
from unpolished.training.recipe import read_recipe
from unpolished.training.sweep.results import FoldSearch, Gain, Swept

NAN = float("nan")


def _printed(show, *given):
    console = Console(file=io.StringIO(), width=300)
    show(*given, console)
    return console.file.getvalue()


def test_a_sweep_shows_the_score_to_report_beside_the_one_that_is_too_good():
    """With the values that each search chose."""
    recipe = read_recipe("linear")
    params = dict.fromkeys(recipe.sweep.space, 2.0)
    gain = Gain("mean", 1234, Estimate(0.81, 0.8, 0.82), Estimate(0.82, 0.81, 0.83),
                Estimate(0.01, -0.002, 0.02), Estimate(0.84, 0.83, 0.85))  # fmt: skip
    searches = [FoldSearch(0, 9, 3, 0.83, 0.79, params), FoldSearch(None, 8, 4, 0.84, None, params)]
    done = Swept("abc", recipe, recipe.sweep, [gain], searches, pd.DataFrame())
    shown = _printed(print_swept, done, "public")
    for cell in ("1,234", "0.810 [0.800, 0.820]", "+0.010 [-0.002, +0.020]", "tuned (too good)",
                 "without fold 0", "on all folds", "0.790", "run abc completed"):  # fmt: skip
        assert cell in shown, cell
    assert "no result" not in shown
    assert "smoke test, no result" in _printed(print_swept, done, "corpus")


def test_an_ablation_shows_the_whole_and_what_is_lost():
    """A name from a file is shown as it is, without its escapes."""
    whole = {"mean": Estimate(0.81, 0.8, 0.82), "paid": Estimate(0.7, NAN, NAN)}
    line = Line("sources", "without [red]a\x1b[31m", 10, 20, {"mean": Estimate(-0.01, -0.02, -0.0)})
    done = Ablated("abc", read_recipe("linear"), "public", "f", 1000, 2000, whole, [line])
    shown = _printed(print_ablated, done)
    for cell in ("0.810 [0.800, 0.820]", "1,000", "2,000", "-0.010 [-0.020, -0.000]", "[red]a"):
        assert cell in shown, cell
    assert "\x1b" not in shown


@pytest.mark.parametrize("command", [tune.sweep, tune.ablate])
def test_a_file_that_cannot_be_written_is_said_before_anything_is_computed(command, tmp_path):
    """Named, with what to do."""
    with pytest.raises(ValueError, match="there is no folder"):
        command(output=tmp_path / "none" / "x.md")
    there = tmp_path / "x.md"
    there.write_text("kept")
    with pytest.raises(ValueError, match=r"x\.md exists: .*--force"):
        command(output=there)
    assert there.read_text() == "kept"


def test_a_table_has_one_of_two_formats():
    """Told by its name."""
    with pytest.raises(ValueError, match=r"ends in \.csv or \.md"):
        tune.ablate(output=Path("x.pdf"))
