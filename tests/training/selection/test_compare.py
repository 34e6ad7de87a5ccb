"""Side by side, but ranked only where that means something."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rich.console import Console
from unpolished.training.selection.compare import ComparisonError, comparison, rank
from unpolished.training.selection.side_by_side import compare, render, same_whatever_the_seed
from unpolished.training.tracking.runs import FinishedRun

from ..metric_tables import metrics_table

AUC = {"linear": 0.8, "rules": 0.6, "embed": 0.85}


def make_run(recipe, day=1, **tags):
    """A completed public run."""
    auc = AUC[recipe]
    return FinishedRun(
        run_id=f"{recipe}-{day:02d}" + "0" * 20,
        name=recipe,
        experiment="unpolished-public",
        started=datetime(2026, 1, day, tzinfo=UTC),
        tags={
            "status": "completed", "recipe": recipe, "data.name": "public",
            "folds.sha256": "aaaaaaaaa", "evaluation.sha256": "bbbbbbbbb",
            "evaluation.split": "gold", "smoke-test": "false",
        } | {name.replace("_", "."): value for name, value in tags.items()},
        params={},
        metrics={},
        metrics_table=lambda: metrics_table(
            ("paid", "auc_within", auc, auc - 0.05, auc + 0.05),
            ("paid", "auc_pooled", 0.9), ("paid", "auc_source_only", 0.7),
            ("paid", "calibration_error", 0.03), ("paid", "calibration_error_perfect", 0.02),
            ("paid", "calibration_error_perfect_95", 0.04),
        ),
    )  # fmt: skip


def _printed(runs):
    console = Console(file=io.StringIO(), width=200)
    render(comparison(runs), console)
    return console.file.getvalue()


def test_newest_run_per_recipe_settings_and_data():
    """An older run of the same says nothing new; one of other settings does."""
    (group,) = comparison([make_run("linear", 1), make_run("linear", 3), make_run("rules", 2)])
    assert [run.run_id[:9] for run in group.runs] == ["linear-03", "rules-020"]
    (group,) = comparison([make_run("linear", 1), make_run("linear", 3)], every_run=True)
    assert len(group.runs) == 2
    runs = [make_run("linear", day, recipe_changes=f"c={c}") for day, c in enumerate((1, 2, 1), 1)]
    (group,) = comparison([*runs, make_run("linear", 4), make_run("linear", 5, data_name="own")])
    assert [run.started.day for run in group.runs] == [5, 4, 3, 2]


def test_one_table_with_interval_and_the_best_marked():
    """Only the highest within sources is marked."""
    text = _printed([make_run("linear"), make_run("embed"), make_run("rules")])
    assert text.count("axis") == 1
    assert "0.850 [0.800, 0.900] *" in text
    assert "0.800 [0.750, 0.850] *" not in text
    assert "0.030 (perfect model 0.020, up to 0.040)" in text
    assert "source alone" in text


@pytest.mark.parametrize("tag", ["folds.sha256", "evaluation.sha256"])
def test_other_folds_or_another_evaluation_set_stand_apart(tag):
    """Two tables, the difference named, nothing marked, no rank."""
    runs = [make_run("linear", 2), make_run("embed", 1, **{tag: "ccccccccc"})]
    groups = comparison(runs)
    assert [group.differs for group in groups] == [(), (tag,)]
    text = _printed(runs)
    assert text.count("axis") == 2
    assert tag in text
    assert "cannot be ranked" in text
    assert "] *" not in text
    with pytest.raises(ComparisonError, match=tag):
        rank(runs, "paid")


def test_rank_is_best_first():
    """By the headline."""
    runs = [make_run("linear"), make_run("embed"), make_run("rules")]
    assert [run.name for run in rank(runs, "paid")] == ["embed", "linear", "rules"]
    with pytest.raises(ComparisonError, match="no style auc_within"):
        rank(runs, "style")


def test_the_shipped_corpus_is_a_smoke_test():
    """Headed as such, shown last, never marked."""
    corpus = {"data_name": "corpus", "smoke-test": "true", "evaluation.sha256": "d" * 9}
    runs = [make_run("linear", 5, **corpus), make_run("embed", 6, **corpus), make_run("rules", 1)]
    assert [group.smoke_test for group in comparison(runs)] == [False, True]
    text = _printed(runs)
    assert text.index("data public") < text.index("smoke test, no result")
    assert "] *" not in text


def test_runs_that_were_never_evaluated_are_left_out():
    """Nothing to compare."""
    run = make_run("linear")
    del run.tags["evaluation.sha256"]
    assert comparison([run]) == []


def test_runs_that_are_not_shown_are_counted(monkeypatch):
    """Unless all are asked for."""
    runs = [make_run("linear", 1), make_run("linear", 3), make_run("embed", 2)]
    monkeypatch.setattr("unpolished.training.selection.side_by_side.finished_runs", lambda: runs)

    def printed(**asked):
        console = Console(file=io.StringIO(), width=200)
        compare(console, **asked)
        return console.file.getvalue()

    assert "1 earlier run of the same recipes with the same settings not shown" in printed()
    assert "not shown" not in printed(every_run=True)
    assert "linear-01"[:8] in printed(every_run=True)


def test_a_run_whose_figures_are_gone_is_named_and_the_others_are_shown(monkeypatch):
    """Its artefacts were deleted, or lie where they cannot be read."""

    def gone():
        raise ValueError("run rules-02: its metrics.parquet cannot be read: no such file")

    runs = [make_run("linear", 1), replace(make_run("rules", 2), metrics_table=gone)]
    monkeypatch.setattr("unpolished.training.selection.side_by_side.finished_runs", lambda: runs)
    console = Console(file=io.StringIO(), width=200)
    compare(console)
    printed = console.file.getvalue()
    assert "not shown: run rules-02: its metrics.parquet cannot be read" in printed
    assert "0.800 [0.750, 0.850]" in printed
    assert "earlier runs" not in printed


@pytest.mark.parametrize(
    ("family", "seeds", "said"),
    [("linear", "01", True), ("linear", "00", False), ("encoder", "01", False)],
)
def test_seeds_that_move_nothing_are_told(family, seeds, said):
    """Where runs differ by them, of families that draw nothing."""
    runs = [
        replace(make_run("linear", day, family=family), params={"seed": seed})
        for day, seed in enumerate(seeds, 1)
    ]
    assert bool(list(same_whatever_the_seed(runs))) == said


def test_a_run_is_headed_by_what_its_recipe_changes():
    """And a name that looks like markup is shown as it is."""
    changed = replace(make_run("linear"), name="linear c=0.2 seed=1 leave_one_source_out=false")
    text = _printed([changed, replace(make_run("embed"), name="mine [red](embed)")])
    assert "linear c=0.2 seed=1" in text
    assert "mine [red](embed)" in text


@pytest.mark.parametrize("width", [80, 120, 160, 200])
@pytest.mark.parametrize("n", [2, 3, 4, 10])
def test_no_figure_is_cut_off_however_many_runs_and_however_narrow(n, width):
    """Side by side where there is room, else one below the other; each can be told and found."""
    runs = [
        replace(make_run("linear", day, recipe_changes=f"c={day}"), name=f"linear c={day} seed=1")
        for day in range(1, n + 1)
    ]
    console = Console(file=io.StringIO(), width=width)
    render(comparison(runs), console)
    text = console.file.getvalue()
    assert "…" not in text
    assert text.count("0.800 [0.750, 0.850]") == n
    for run in runs:
        assert run.name in " ".join(text.split())
        assert run.run_id[:8] in text
    assert ("Too many runs" in text) == (text.count("0.900") == 0)
