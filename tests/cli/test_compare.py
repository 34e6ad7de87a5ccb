"""The command ``compare`` on runs of a real store: what it prints, writes, keeps and refuses."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner
from unpolished.cli import compare as command
from unpolished.cli.main import app
from unpolished.training.evaluation.bootstrap import REPEATS
from unpolished.training.tracking import records as r
from unpolished.training.tracking import runs as tracking
from unpolished.training.tracking.mlflow_store import client

from ..training.conftest import empty_store, store
from ..training.evaluation.oof import invented_table

__all__ = ["empty_store", "store"]


@pytest.fixture
def two(store):
    """One run that knows something, and one that guesses; their ids."""
    del store
    table = invented_table()
    noise = np.random.default_rng(0).random(len(table))
    guesses = table.assign(**{c: noise for c in table if str(c).startswith(("p_", "loso_"))})
    ids = []
    for of, c in ((table, "2.0"), (guesses, "0.2")):
        with tracking.started_run("unpolished-public", "linear") as run:
            tags = {"recipe": "linear", "data.name": "public", "folds.sha256": "f" * 64}
            run.log([r.Params({"c": c}), r.Tags(tags), r.Table("predictions.parquet", of)])
        ids.append(run.run_id)
    return ids


def _run(*arguments):
    return CliRunner().invoke(app, ["compare", *map(str, arguments)], env={"COLUMNS": "160"})


def _comparisons():
    found = client().get_experiment_by_name("unpolished.comparisons")
    return client().search_runs([found.experiment_id]) if found else []


def test_the_default_number_of_draws_is_that_of_the_headline():
    """Which help does not import."""
    assert command.DRAWS == REPEATS


def test_a_table_with_its_sentences_and_a_run_in_mlflow(two):
    """Named by how ids begin."""
    done = _run(*[run[:10] for run in two], "--draws", 200, "--axis", "style")
    assert done.exit_code == 0, done.output
    assert "differences to linear c=2.0 (data public, out of fold on train)" in done.stdout
    assert "linear c=0.2" in done.stdout
    assert "worse" in done.stdout
    assert "1 difference over all posts" in " ".join(done.stdout.split())
    (kept,) = _comparisons()
    assert kept.info.run_id in done.stderr
    assert _run(*two, "--draws", 200, "--no-track").exit_code == 0
    assert len(_comparisons()) == 1


def test_files_in_the_format_that_their_extension_tells(two, tmp_path):
    """Or in one that is named; the plot beside it; standard output alone for pipes."""
    quick = [*two, "--draws", 200, "--axis", "paid", "--no-track"]
    begin = {"t.md": "**AUC", "t.csv": "axis,", "t.tex": "% needs", "t.json": "{"}
    for name, begins in begin.items():
        done = _run(*quick, "-o", tmp_path / name)
        assert (done.exit_code, done.stdout) == (0, ""), done.output
        assert (tmp_path / name).read_text("utf-8").startswith(begins)
    _run(*quick, "-o", tmp_path / "noname", "--format", "csv", "--plot", tmp_path / "f.png")
    assert (tmp_path / "noname").read_text() == (tmp_path / "t.csv").read_text()
    assert (tmp_path / "f.png").read_bytes().startswith(b"\x89PNG")
    piped = json.loads(_run(*quick, "--format", "json").stdout)
    assert piped == json.loads((tmp_path / "t.json").read_text("utf-8"))


def test_a_look_at_gold_is_always_recorded(two):
    """It cannot be had without."""
    quick = [*two, "--split", "gold", "--draws", 200, "--axis", "style"]
    assert "a look at gold is recorded" in _run(*quick, "--no-track").output
    done = _run(*quick)
    assert "A look at gold" in done.stdout
    assert [run.data.tags["gold-look"] for run in _comparisons()] == ["true"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--common"], "name the runs to compare"),
        (["--split", "gold"], "name the runs to compare"),
        (["--format", "csv"], "name the runs to compare"),
        (["A", "B", "--all"], "leave it out, or the ids"),
        (["A", "--against", "A"], "name two runs or more"),
        (["A", "B", "--axis", "beauty"], "choose among style, paid"),
        (["A", "B", "-o", "x.txt"], "give --format markdown, csv, latex or json"),
        (["A", "B", "-o", "no/where.csv"], "there is no folder"),
        (["A", "B", "--plot", "x.gif"], "a plot is written as .png, .pdf, .svg"),
        (["nothing", "B"], "run nothing: there is none"),
    ],
)
def test_bad_usage_is_told(two, arguments, said):
    """And nothing is kept."""
    given = [dict(zip("AB", two, strict=True)).get(word, word) for word in arguments]
    done = _run(*given, *(["--draws", 200] if "A" in arguments else []))
    assert done.exit_code != 0
    assert said in " ".join(f"{done.output} {done.exception}".split())
    assert not _comparisons()
