"""How a start shares its time."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from speed import clock_start
from speed.clock_start import IMPORTS, LOADING, REST, Clock
from speed.starts import CLOCK, STARTS, arguments

from .made import OURS, start


def test_a_stage_inside_another_is_taken_off(monkeypatch):
    """And inside of itself it is only called."""
    now = iter(range(100))
    monkeypatch.setattr(clock_start.time, "perf_counter", lambda: next(now))
    clock = Clock()
    imported = clock.timed(IMPORTS, lambda: clock.timed(IMPORTS, lambda: None)())
    clock.timed(LOADING, imported)()
    clock.enter(REST)
    assert clock.seconds == {REST: 2, LOADING: 2, IMPORTS: 1}


def test_commands_name_the_model_that_is_started(tmp_path):
    """The default one by no name."""
    post = tmp_path / "one.jsonl"
    assert "--model" not in arguments("default", post)
    assert arguments("linear", post)[-2:] == ["--model", "linear"]
    assert arguments("help", post) == ["--help"]
    assert set(STARTS) == {"default", "linear", "help"}


def test_medians_of_stages_are_over_the_rounds():
    """None where none was timed."""
    found = start("linear", OURS, 1, 2, 3)
    assert found.stage_medians() == {}
    found.stages += [{"imports": n} for n in (1, 5, 2)]
    assert found.stage_medians() == {"imports": 2}


@pytest.mark.slow
def test_the_command_line_is_run_with_a_clock_in_it(tmp_path):
    """Opening the model, imports and the rest are all found."""
    post = tmp_path / "one.jsonl"
    post.write_text('{"id": "0", "text": "late bus again"}\n')
    command = [sys.executable, CLOCK, str(time.time()), *arguments("linear", post)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    assert all(said[name] > 0 for name in (IMPORTS, LOADING, REST))
    assert Path(arguments("linear", post)[3]).read_text().count("\n") == 1
