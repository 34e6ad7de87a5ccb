"""Whole sweeps in a real store: what is tracked, and what a stop leaves behind."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import tomllib
from contextlib import closing

import pytest
from unpolished.training import held_out
from unpolished.training.recipe import read_recipe
from unpolished.training.sweep.run import sweep
from unpolished.training.tracking.mlflow_store import client, experiment_id
from unpolished.training.tracking.nested_runs import SWEEPS, TRIAL_STATE, sweep_folder
from unpolished.training.tracking.runs import finished_runs, load_table

from ..small_posts import RECIPE, write_posts

TRIALS = 2
SEARCHES = 6


@pytest.fixture
def small(store, monkeypatch):
    """A recipe and a file of posts, beside an empty store and an empty cache."""
    monkeypatch.setenv("UNPOLISHED_CACHE", str(store / "cache"))
    # The second trial is no longer drawn at random.
    options = f"trials = {TRIALS}\nstartup_trials = 1\n"
    (store / "small.toml").write_text(RECIPE.replace("trials = 4\nstartup_trials = 2\n", options))
    return read_recipe("small.toml"), write_posts(store / "own.jsonl")


def _runs():
    """The sweeps, and the trials within them."""
    found = client().search_runs([experiment_id(SWEEPS)], max_results=1000)
    parents = [run for run in found if "mlflow.parentRunId" not in run.data.tags]
    return parents, [run for run in found if run not in parents]


def _states(children):
    return sorted(child.data.tags[TRIAL_STATE] for child in children)


def _as_if_never_stopped(done, small, monkeypatch, store):
    """The same sweep at one go, with nothing kept from before."""
    monkeypatch.setenv("UNPOLISHED_CACHE", str(store / "another"))
    whole = sweep(*small)
    assert done.trials.equals(whole.trials)
    assert done.gains == whole.gains
    assert done.recipe == whole.recipe


@pytest.mark.slow
def test_a_sweep_that_was_interrupted_ends_as_if_it_had_not_been(small, store, monkeypatch):
    """The same trials and scores; each trial has its run, within one run, and none is left open."""
    new, calls = held_out.new_model, []

    def interrupted(*given):
        calls.append(1)
        if len(calls) == 14:
            raise KeyboardInterrupt
        return new(*given)

    monkeypatch.setattr(held_out, "new_model", interrupted)
    with pytest.raises(KeyboardInterrupt):
        sweep(*small)
    (parent,), children = _runs()
    assert (parent.info.status, parent.data.tags["status"]) == ("FAILED", "failed")
    assert {child.info.status for child in children} == {"FINISHED", "KILLED"}
    assert _states(children).count("stopped") == 1
    assert not list(sweep_folder().glob("*.open"))

    done = sweep(*small, resume=True)
    (parent,), children = _runs()
    assert (parent.info.run_id, parent.info.status) == (done.run_id, "FINISHED")
    assert parent.data.tags["status"] == "completed"
    assert {child.data.tags["mlflow.parentRunId"] for child in children} == {done.run_id}
    assert _states(children).count("stopped") == 1
    assert len(children) == SEARCHES * TRIALS + 1
    _as_if_never_stopped(done, small, monkeypatch, store)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_sweep_that_was_killed_is_tidied_up_and_goes_on(small, store, monkeypatch):
    """Its process could do nothing; whoever lists runs ends those that it left running."""
    process = subprocess.Popen(
        [sys.executable, "-m", "unpolished.cli", "sweep", "--recipe", "small.toml",
         "--data", "own.jsonl"],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=store,
    )  # fmt: skip
    # Asked of the file itself: MLflow would take the processor from the sweep.
    with closing(sqlite3.connect("mlflow.db", timeout=600)) as asked:
        while asked.execute("SELECT count(*) FROM runs").fetchone()[0] < 1 + 5:
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.02)
        # While it lives, nobody ends its runs, whoever lists runs.
        os.kill(process.pid, signal.SIGSTOP)
        try:
            finished_runs()
            (parent,), _ = _runs()
            assert parent.info.status == "RUNNING"
            with pytest.raises(ValueError, match="under way in another process"):
                sweep(*small, resume=True)
        finally:
            process.kill()
            process.communicate()
    finished_runs()
    (parent,), children = _runs()
    assert (parent.info.status, parent.data.tags["status"]) == ("KILLED", "failed")
    assert {child.info.status for child in children} <= {"FINISHED", "KILLED"}

    done = sweep(*small, resume=True)
    (parent,), children = _runs()
    assert (parent.info.run_id, parent.info.status) == (done.run_id, "FINISHED")
    states = _states(children)
    assert states.count("stopped") <= 1
    assert len(states) - states.count("stopped") == SEARCHES * TRIALS
    (path,) = sweep_folder().glob("*.db")
    with closing(sqlite3.connect(path)) as asked:
        kept = [state for (state,) in asked.execute("SELECT state FROM trials")]
    assert "RUNNING" not in kept
    assert len(kept) - kept.count("FAIL") == SEARCHES * TRIALS
    _as_if_never_stopped(done, small, monkeypatch, store)


@pytest.mark.slow
def test_what_a_sweep_tracks_and_more_trials_later(small, store):
    """A recipe to train by, tables and plots, no text; and it is no run of a model."""
    recipe, path = small
    done = sweep(recipe, path, trials=1)
    assert len(done.trials) == SEARCHES
    artefacts = {artefact.path for artefact in client().list_artifacts(done.run_id)}
    assert artefacts == {"gains.parquet", "plots", "recipe.json", "recipe.toml", "trials.csv"}
    gains = load_table(done.run_id, "gains.parquet")
    assert gains["axis"].tolist() == [gain.axis for gain in done.gains]
    # One trial: the recipe as it is, chosen everywhere.
    assert (gains["change"] == 0).all()
    assert done.recipe.sweep is None
    assert done.recipe.name == "small-tuned"
    for name, parse in (("recipe.toml", tomllib.loads), ("recipe.json", json.loads)):
        (found,) = (store / "mlartifacts").rglob(name)
        assert read_recipe(found) == done.recipe
        assert parse(found.read_text("utf-8"))
    assert finished_runs(completed_only=False) == []

    more = sweep(recipe, path, trials=2, resume=True)
    assert more.run_id == done.run_id
    assert more.trials[more.trials["trial"] == 0].reset_index(drop=True).equals(done.trials)
    assert len(more.trials) == 2 * SEARCHES


def test_nothing_to_resume_is_said(small):
    """Nor is a sweep of another recipe taken for this one."""
    recipe, path = small
    with pytest.raises(ValueError, match="no sweep of this recipe small on own to resume"):
        sweep(recipe, path, resume=True)
    with pytest.raises(ValueError, match=r"no table \[sweep\]"):
        sweep(recipe.model_copy(update={"sweep": None}), path)


def test_too_few_authors_for_a_search_within_are_said(small, store):
    """Two folds leave nothing to fit on."""
    recipe, path = small
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for i, line in enumerate(lines):
        line["author"] = f"a{i % 2}"
    (store / "two.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    with pytest.raises(ValueError, match="make 2 folds, and nested cross-validation needs 3"):
        sweep(recipe, store / "two.jsonl")
