"""Training that is told to stop, by the real command line."""

import os
import signal
import subprocess
import sys
import time

import pytest
from unpolished.training import tracking


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
    while not tracking.finished_runs(completed_only=False):
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
