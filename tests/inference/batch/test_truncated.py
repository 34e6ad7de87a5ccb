"""Posts of which a model reads less than the whole are counted: row by row, whoever scores them."""

import json
import subprocess
import sys

import pytest
from unpolished.inference.batch.score_file import score_file
from unpolished.inference.options import Options
from unpolished.inference.output import workdir as partial
from unpolished.inference.output.manifest import read_manifest
from unpolished.inference.scorer import Scorer
from unpolished.models.runtime import Runtime

LONG = "the bus was late again and so was I, third time this week"
TEXTS = [LONG, "late bus lol", LONG, f"{LONG}!", "nope nope nope", LONG, "late again"]
RUNTIME = Runtime(max_length=8, threads=1)


@pytest.fixture(scope="module")
def default():
    """The shipped model, which reads eight tokens of a post."""
    return Scorer.load(None, RUNTIME)


@pytest.fixture
def posts(tmp_path, monkeypatch):
    """Seven posts in parts of three; four of them, three alike, have more than eight tokens."""
    monkeypatch.setattr("unpolished.inference.batch.parts.PART_ROWS", 3)
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXTS))
    return path


def _flags(path):
    return [json.loads(line)["truncated"] for line in path.read_text().splitlines()]


@pytest.mark.parametrize("jobs", [1, 2])
def test_duplicates_count_as_rows(default, posts, tmp_path, jobs):
    """In the summary, in each part and in the end of the manifest, and in the column."""
    target = tmp_path / "o.jsonl"
    summary = score_file(default.pipeline, posts, target, Options(jobs=jobs, runtime=RUNTIME))
    assert _flags(target) == [True, False, True, True, False, True, False]
    assert summary.truncated == summary.as_json()["truncated"] == 4
    manifest = read_manifest(tmp_path / "o.jsonl.manifest.jsonl")
    assert manifest.end["truncated"] == 4
    assert [part["truncated"] for part in manifest.parts] == [2, 2, 0]


@pytest.mark.parametrize("n", [2, 3])
def test_counts_add_up_after_an_interruption(default, posts, tmp_path, monkeypatch, n):
    """What was complete before is counted once."""
    target, real, calls = tmp_path / "o.jsonl", partial.Partial.add, []

    def stopped(*arguments):
        calls.append(0)
        if len(calls) == n:
            raise KeyboardInterrupt
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(partial.Partial, "add", stopped)
        with pytest.raises(KeyboardInterrupt):
            score_file(default.pipeline, posts, target, Options(jobs=1, runtime=RUNTIME))
    parts = read_manifest(tmp_path / "o.jsonl.partial" / "manifest.jsonl").parts
    assert [part["truncated"] for part in parts] == [2, 2][: n - 1]
    again = score_file(
        default.pipeline, posts, target, Options(jobs=1, runtime=RUNTIME, resume=True)
    )
    assert (again.rows, again.truncated) == (7, 4)


def test_the_command_says_how_many(tmp_path, posts):
    """In the table, and as JSON."""
    command = [sys.executable, "-m", "unpolished.cli", "score", posts, "-o", tmp_path / "o.csv"]
    done = subprocess.run([*command, "--max-length", "8", "--json"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["truncated"] == 4
    (line,) = [line for line in done.stderr.splitlines() if "not read whole" in line]
    assert "4" in line


@pytest.mark.parametrize(
    "option", [("--batch-size", "4"), ("--max-length", "64"), ("--precision", "int8"),
               ("--device", "cuda")],
)  # fmt: skip
def test_what_a_model_has_no_use_for_is_refused(tmp_path, posts, option):
    """With exit code 2, before anything is written."""
    command = [sys.executable, "-m", "unpolished.cli", "score", posts, "-o", tmp_path / "o.csv"]
    done = subprocess.run([*command, "--model", "linear", *option], capture_output=True, text=True)
    assert done.returncode == 2
    assert f"{option[0]}" in done.stderr
    assert "family linear" in " ".join(done.stderr.split())
    assert not (tmp_path / "o.csv").exists()
