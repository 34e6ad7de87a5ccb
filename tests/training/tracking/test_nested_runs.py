"""Runs of sweeps: none is left running, and only those of a process that is gone are ended."""

import os
import signal

import pytest
from unpolished.training.tracking.mlflow_store import client, experiment_id
from unpolished.training.tracking.nested_runs import (
    SWEEP_ID,
    SWEEPS,
    TRIAL_STATE,
    end_dead_sweeps,
    end_trial_runs,
    newest_sweep,
    open_sweep,
    sweep_folder,
    trial_run,
)
from unpolished.training.tracking.runs import started_run


@pytest.fixture
def own(store, monkeypatch):
    """A store, and a cache of the test's own."""
    monkeypatch.setenv("UNPOLISHED_CACHE", str(store / "cache"))


def _status():
    found = client().search_runs([experiment_id(SWEEPS)])
    return {run.info.run_name: (run.info.status, run.data.tags.get(TRIAL_STATE)) for run in found}


def _left_open(sweep):
    """Runs as a killed process leaves them: nothing of it ran after they were started."""
    tags = {SWEEP_ID: sweep, "status": "started"}
    parent = client().create_run(experiment_id(SWEEPS), tags=tags, run_name="sweep").info.run_id
    tags = {SWEEP_ID: sweep, "mlflow.parentRunId": parent}
    child = client().create_run(experiment_id(SWEEPS), tags=tags, run_name="child").info.run_id
    sweep_folder().mkdir(parents=True, exist_ok=True)
    (sweep_folder() / f"{sweep}.open").touch()
    return parent, child


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (None, ("FINISHED", "pruned")),
        (ValueError, ("FAILED", "failed")),
        (KeyboardInterrupt, ("KILLED", "stopped")),
        (SystemExit, ("KILLED", "stopped")),
    ],
)
def test_a_trial_is_ended_whatever_ends_it(own, error, expected):
    """And its state says what did."""

    def one():
        with trial_run("none", "aa", "trial", {"model.c": "1"}, {"search": "x"}) as run:
            run.step(0.5, 0)
            if error is not None:
                raise error("stop")
            run.end_as("pruned")

    if error is None:
        one()
    else:
        with pytest.raises(error):
            one()
    assert _status() == {"trial": expected}


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_trial_that_is_stopped_while_it_starts_is_ended(own, monkeypatch):
    """However long MLflow takes to start it."""
    store = client()
    create = type(store).create_run

    def stopped(*given, **named):
        made = create(*given, **named)
        signal.raise_signal(signal.SIGINT)
        return made

    monkeypatch.setattr(type(store), "create_run", stopped)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt), trial_run("none", "aa", "trial", {}, {}):
            pytest.fail("it went on")
    finally:
        signal.signal(signal.SIGINT, before)
    assert _status() == {"trial": ("KILLED", "stopped")}


def test_runs_of_a_process_that_is_gone_are_ended(own):
    """By whoever comes next; a second time there is nothing to do."""
    _left_open("aa")
    end_dead_sweeps()
    assert _status() == {"sweep": ("KILLED", None), "child": ("KILLED", "stopped")}
    assert newest_sweep({SWEEP_ID: "aa"}).data.tags["status"] == "failed"
    assert not list(sweep_folder().glob("*.open"))
    end_dead_sweeps()


def test_runs_of_a_process_that_lives_are_left_running(own):
    """Its lock is held; in one process or in two."""
    with open_sweep("aa"):
        _left_open("aa")
        end_dead_sweeps()
        assert {status for status, _ in _status().values()} == {"RUNNING"}
    # The end of the sweep itself leaves nothing running.
    assert {status for status, _ in _status().values()} == {"KILLED"}


def test_a_mark_of_another_store_stays(own):
    """Its runs are not here; whoever looks there ends them."""
    sweep_folder().mkdir(parents=True, exist_ok=True)
    (sweep_folder() / "bb.open").touch()
    end_dead_sweeps()
    assert (sweep_folder() / "bb.open").exists()


def test_what_a_search_knows_to_have_ended_was_not_stopped(own):
    """A process may be killed between the two notes of it, and a cleaner may come first."""
    _, child = _left_open("aa")
    end_dead_sweeps()
    end_trial_runs("aa", {child: "complete"})
    assert _status()["child"] == ("FINISHED", "complete")


def test_the_newest_sweep_with_a_tag_is_found(own):
    """No run of a trial is taken for one; a run can be gone on with."""
    assert newest_sweep({"sweep.key": "k"}) is None
    with (
        started_run(SWEEPS, "one", tags={"sweep.key": "k"}) as one,
        trial_run(one.run_id, "aa", "trial", {}, {"sweep.key": "k"}) as run,
    ):
        run.end_as("complete")
    assert newest_sweep({"sweep.key": "k"}).info.run_id == one.run_id
    with started_run(SWEEPS, "one", run_id=one.run_id) as again:
        assert again.run_id == one.run_id
        assert newest_sweep({"sweep.key": "k"}).info.status == "RUNNING"
    assert newest_sweep({"sweep.key": "k"}).info.status == "FINISHED"
