"""What a run costs."""

import subprocess
import sys
import time

import pytest
from unpolished.training.tracking import effort
from unpolished.training.tracking import runs as tracking


def test_a_program_that_was_waited_for_counts():
    """And so does the time that nothing was done in, on the clock alone."""
    spent = effort.Effort()
    code = "import os\nwhile os.times().user < 0.5: pass"
    subprocess.run([sys.executable, "-c", code], check=True)
    before = spent.so_far()
    time.sleep(0.2)
    after = spent.so_far()
    assert after["duration_seconds"] >= before["duration_seconds"] + 0.2 > 0.7
    assert after["cpu_seconds"] >= before["cpu_seconds"] > 0.45


@pytest.mark.parametrize("failed", [False, True])
def test_every_run_tells_what_it_cost(store, failed):
    """However it ends; and on what machine."""
    with (
        pytest.raises(KeyError) if failed else _nothing(),
        tracking.started_run("unpolished-x", "r"),
    ):
        if failed:
            raise KeyError
    (run,) = tracking.finished_runs(completed_only=False)
    assert run.metrics.keys() >= {"duration_seconds", "cpu_seconds"}
    assert run.metrics["duration_seconds"] > 0
    assert run.tags["machine"].endswith(("processor", "processors"))


@pytest.mark.parametrize(
    ("asked", "installed", "expected"),
    [(None, True, True), ("false", True, False), ("true", True, True), (None, False, False)],
)
def test_system_metrics_are_logged_unless_the_user_says_no(monkeypatch, asked, installed, expected):
    """Or what reads them is not installed."""
    monkeypatch.delenv("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", raising=False)
    if asked:
        monkeypatch.setenv("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", asked)
    monkeypatch.setattr(effort, "find_spec", lambda name: name if installed else None)
    assert effort.log_system_metrics() == expected


def test_system_metrics_reach_the_store(store, monkeypatch):
    """Those of MLflow's own monitor, by its names."""
    monkeypatch.setenv("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "0.1")
    with tracking.started_run("unpolished-x", "r") as run:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            found = tracking.client().get_run(run.run_id).data.metrics
            if "system/cpu_utilization_percentage" in found:
                break
            time.sleep(0.1)
    assert "system/system_memory_usage_megabytes" in found


def _nothing():
    from contextlib import nullcontext

    return nullcontext()
