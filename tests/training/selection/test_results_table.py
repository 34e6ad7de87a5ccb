"""The table of the results page comes from tracked public runs alone."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from unpolished.training.reports.markers import MarkerError
from unpolished.training.selection.compare import ComparisonError
from unpolished.training.selection.results_table import (
    BEGIN,
    END,
    PAGE,
    ResultsError,
    results_markdown,
    write_results,
)
from unpolished.training.tracking.runs import FinishedRun

from ..metric_tables import metrics_table


def _run(recipe, day=1, more=(), **tags):
    return FinishedRun(
        run_id=f"{recipe}{day}",
        name=recipe,
        experiment="unpolished-public",
        started=datetime(2026, 1, day, tzinfo=UTC),
        tags={
            "status": "completed", "recipe": recipe, "data.name": "public", "folds.sha256": "a",
            "evaluation.sha256": "b", "evaluation.split": "gold",
        } | tags,
        params={},
        metrics={},
        metrics_table=lambda: metrics_table(
            ("style", "auc_within", 0.94, 0.92, 0.96), ("style", "auc_pooled", 0.97),
            ("style", "auc_loso", 0.91, 0.9, 0.92), ("style", "calibration_error", 0.02),
            ("commitment", "auc_within_both_splits", 0.9, 0.8, 0.95), *more,
        ),
    )  # fmt: skip


def test_newest_public_run_of_each_recipe_in_order():
    """Intervals and run ids are shown; corpus runs and other recipes are left out."""
    corpus = _run("linear", 9, **{"data.name": "corpus"})
    text = results_markdown(
        [_run("embed"), _run("linear", 1), _run("linear", 2), _run("rules"), corpus, _run("mine")]
    )
    rows = [line for line in text.splitlines() if line.startswith("| style")]
    assert [row.split("`")[1] for row in rows] == ["rules", "linear", "embed"]
    assert rows[0] == (
        "| style | `rules` | 0.940 [0.920, 0.960] | 0.970 | 0.910 [0.900, 0.920] | – | – | "
        "0.020 (perfect model –, up to –) |"
    )
    assert "together: `rules` 0.900 [0.800, 0.950], `linear` 0.900 [0.800, 0.950]" in text
    assert "`linear` linear2" in text
    assert "linear9" not in text
    assert "mine" not in text


def test_a_model_that_does_not_tell_has_no_row():
    """Not a row of dashes."""
    untold = _run("rules")
    told = _run("linear", more=[("self", "auc_within", 0.9)])
    rows = results_markdown([untold, told]).splitlines()
    assert [row.split("`")[1] for row in rows if row.startswith("| own promotion")] == ["linear"]
    assert [row.split("`")[1] for row in rows if row.startswith("| style")] == ["rules", "linear"]


def test_no_table_from_runs_that_cannot_be_compared():
    """Neither is there a table from no runs at all."""
    with pytest.raises(ComparisonError, match=r"folds\.sha256"):
        results_markdown([_run("linear"), _run("rules", **{"folds.sha256": "c"})])
    with pytest.raises(ResultsError, match="make train"):
        results_markdown([_run("linear", status="failed")])


def test_written_between_the_markers(tmp_path):
    """The rest of the page is kept; writing twice changes nothing."""
    page = tmp_path / "results.md"
    page.write_text(f"# Title\n{BEGIN}\nold\n{END}\nrest\n")
    for _ in range(2):
        write_results(page, "| new |\n")
        assert page.read_text() == f"# Title\n{BEGIN}\n| new |\n{END}\nrest\n"


@pytest.mark.parametrize("text", ["none", BEGIN, END + BEGIN, BEGIN + END + END])
def test_missing_markers_are_an_error(tmp_path, text):
    """The file is left as it was."""
    page = tmp_path / "results.md"
    page.write_text(text)
    with pytest.raises(MarkerError, match="results:"):
        write_results(page, "| new |")
    assert page.read_text() == text


def test_the_results_page_has_a_place_for_the_table():
    """The command writes to the page of the checkout, and that page has each marker once."""
    page = (Path(__file__).parents[3] / PAGE).read_text("utf-8")
    assert (page.count(BEGIN), page.count(END)) == (1, 1)


def test_a_changed_recipe_is_no_row_of_the_results():
    """However new it is; runs of earlier versions do not say, and are taken as shipped."""
    shipped, changed = _run("linear", 1), _run("linear", 9, **{"recipe.changes": "c=0.2"})
    text = results_markdown([shipped, changed, _run("embed", 2, **{"recipe.changes": "none"})])
    assert "`linear` linear1" in text
    assert "linear9" not in text
    assert "`embed` embed2" in text
