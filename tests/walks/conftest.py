"""An empty folder to walk in, with the commands that a user types."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[2] / "data" / "corpus" / "posts.jsonl"


@pytest.fixture
def typed(tmp_path):
    """Run ``unpolished`` with what is typed, in the folder; returns what it printed."""
    environment = {
        name: value for name, value in os.environ.items() if name != "MLFLOW_TRACKING_URI"
    } | {"UNPOLISHED_CACHE": str(tmp_path / "cache")}

    def run(*words, given=None, code=0, **variables):
        done = subprocess.run(
            [sys.executable, "-m", "unpolished.cli", *map(str, words)],
            cwd=tmp_path, env=environment | variables,
            input=given, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    return run


@pytest.fixture
def posts():
    """Labelled posts, every third of the shipped ones."""
    lines = CORPUS.read_text("utf-8").splitlines()[::3]
    return [json.loads(line) for line in lines]


def run_id(printed):
    """Of the run that was printed."""
    return re.search(r"run (\w{32}) completed", printed)[1]
