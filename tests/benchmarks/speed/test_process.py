"""A process that is timed."""

import sys

import pytest
from speed import process
from speed.process import timed


def test_memory_and_answer_of_a_process_are_seen(tmp_path, monkeypatch):
    """Those of its children too."""
    seen, measured = tmp_path / "seen", process._mb

    def told(pid):
        size = measured(pid)
        if size > 57:
            seen.touch()
        return size

    monkeypatch.setattr(process, "_mb", told)
    # It stays until it was looked at, however slow the machine is.
    child = (
        "import os, time; b = bytearray(60_000_000)\n"
        f"while not os.path.exists({str(seen)!r}): time.sleep(.01)"
    )
    parent = (
        f"import subprocess, sys; print('x'); subprocess.run([sys.executable, '-c', {child!r}])"
    )
    run = timed([sys.executable, "-c", parent + "; print('{\"n\": 3}')"])
    assert run.said == {"n": 3}
    assert run.together_mb > run.largest_mb > 57


def test_a_process_that_fails_ends_the_benchmark():
    """With its command and exit code."""
    with pytest.raises(SystemExit, match=r"-c raise SystemExit\(3\): ended with 3"):
        timed([sys.executable, "-c", "raise SystemExit(3)"])
