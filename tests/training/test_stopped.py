"""Training that is told to stop, by the real command line."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
from unpolished.training.tracking import runs as tracking


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_told_to_stop_is_failed(store, number):
    """Not left running; one line and the code of an interruption."""
    process = subprocess.Popen(
        [sys.executable, "-m", "unpolished.cli", "train", "--recipe", "linear", "--data", "corpus"],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=store,
        # Tests started in the background of a shell inherit that interrupts are ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    # Asked of the file itself: MLflow would take the processor from the training.
    with closing(sqlite3.connect("mlflow.db", timeout=600)) as asked:
        while not asked.execute("SELECT count(*) FROM runs").fetchone()[0]:
            assert process.poll() is None
            time.sleep(0.1)
    process.send_signal(number)
    shown = process.communicate()[1]
    # A shell says 130 of both: CPython ends by the signal where it came amid code given to exec.
    assert process.returncode in (130, -signal.SIGINT)
    assert shown.splitlines()[-1] == "unpolished: interrupted"
    assert "Traceback" not in shown
    (run,) = tracking.finished_runs(completed_only=False)
    assert run.tags["status"] == "failed"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_stopped_while_it_starts_is_failed(store, monkeypatch, number):
    """However long MLflow takes to start it; afterwards signals do what they did before."""
    import mlflow

    start = mlflow.start_run

    def stopped(**given):
        active = start(**given)
        signal.raise_signal(number)
        return active

    monkeypatch.setattr(mlflow, "start_run", stopped)
    before = signal.signal(number, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt), tracking.started_run("unpolished-x", "stopped"):
            pytest.fail("it went on")
        assert signal.getsignal(number) is signal.default_int_handler
    finally:
        signal.signal(number, before)
    (run,) = tracking.finished_runs(completed_only=False)
    assert run.tags["status"] == "failed"
