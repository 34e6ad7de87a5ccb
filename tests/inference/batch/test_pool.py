"""Parts scored elsewhere: in order, the same wherever, and a process that dies is no loss."""

import json
import os
import signal
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from unpolished.data.errors import InputError
from unpolished.inference.batch import pool
from unpolished.inference.batch.score_file import score_file
from unpolished.inference.options import Options
from unpolished.inference.scorer import Scorer
from unpolished.models.fingerprint import program
from unpolished.models.pipeline import Pipeline


@pytest.fixture
def rules(rules_folder):
    """The fastest model."""
    return Scorer.load(rules_folder)


@pytest.fixture
def posts(tmp_path, monkeypatch):
    """Twenty-three posts, in parts of five."""
    monkeypatch.setattr("unpolished.inference.batch.parts.PART_ROWS", 5)
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps({"text": f"late bus {i} lol"}) + "\n" for i in range(23)))
    return path


class Dying(pool._Worker):
    """A process that is killed as soon as it is given certain parts, as often as said."""

    deaths: dict[int, int]

    def score(self, part):
        """Kill it before it can answer."""
        if self.deaths.get(part.number, 0):
            self.deaths[part.number] -= 1
            os.kill(self._process.pid, signal.SIGKILL)
        return super().score(part)


def test_a_process_that_dies_is_replaced(rules, posts, tmp_path, monkeypatch):
    """Its part is tried once more; the output is what it would have been."""
    score_file(rules.pipeline, posts, tmp_path / "a.jsonl", Options(jobs=1))
    monkeypatch.setattr(Dying, "deaths", {1: 1, 3: 1}, raising=False)
    monkeypatch.setattr(pool, "_Worker", Dying)
    score_file(rules.pipeline, posts, tmp_path / "b.jsonl", Options(jobs=2))
    assert Dying.deaths == {1: 0, 3: 0}
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()


def test_a_part_that_kills_twice_is_refused_and_the_rest_resumed(
    rules, posts, tmp_path, monkeypatch
):
    """With the reason, and what is complete stays."""
    score_file(rules.pipeline, posts, tmp_path / "a.jsonl", Options(jobs=1))
    target = tmp_path / "b.jsonl"
    with monkeypatch.context() as patch:
        patch.setattr(Dying, "deaths", {3: 2}, raising=False)
        patch.setattr(pool, "_Worker", Dying)
        with pytest.raises(InputError, match=r"part 3 .*killed: was there enough memory") as error:
            score_file(rules.pipeline, posts, target, Options(jobs=2))
    assert "15 rows are done: --resume continues" in str(error.value)
    assert not target.exists()
    score_file(rules.pipeline, posts, target, Options(jobs=2, resume=True))
    assert (tmp_path / "a.jsonl").read_bytes() == target.read_bytes()


def test_no_process_outlives_the_run(rules, posts, tmp_path, monkeypatch):
    """Neither after an error nor after the end."""
    made = []

    class Known(pool._Worker):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            made.append(self._process)

    monkeypatch.setattr(pool, "_Worker", Known)
    score_file(rules.pipeline, posts, tmp_path / "a.jsonl", Options(jobs=2))
    monkeypatch.setattr("unpolished.inference.output.workdir.Partial.add", _broken)
    with pytest.raises(InputError, match="No space left"):
        score_file(rules.pipeline, posts, tmp_path / "b.jsonl", Options(jobs=2))
    assert len(made) == 4
    assert all(process.poll() is not None for process in made)


def _broken(*_):
    raise OSError(28, "No space left on device")


def test_a_model_that_is_exchanged_is_found_out(rules_folder, model_folder, posts, tmp_path):
    """Processes load it again: they must not score with another one."""
    mixed = replace(Pipeline.load(rules_folder), folder=Path(model_folder))
    with pytest.raises(ValueError, match="the model was changed while it was in use"):
        score_file(mixed, posts, tmp_path / "a.jsonl", Options(jobs=2))


def test_rules_that_are_exchanged_are_found_out(rules, posts, tmp_path, monkeypatch):
    """Processes import them again: no row is scored by others than those the run began with."""
    monkeypatch.setattr(
        pool, "program", lambda: program() | {"data/text/disclosure/terms.toml": "0"}
    )
    with pytest.raises(
        ValueError, match=r"while it was in use, the table data/text/disclosure/terms"
    ):
        score_file(rules.pipeline, posts, tmp_path / "a.jsonl", Options(jobs=2))


def test_dependent_rows_are_scored_in_threads_and_parts_alone(rules, posts, tmp_path, monkeypatch):
    """A part of a neural model is the same whatever came before it: no row is taken from there."""
    monkeypatch.setattr(Pipeline, "independent_rows", property(lambda _: False))
    posts.write_text('{"text": "late bus again lol"}\n' * 23)
    asked = []
    real = Pipeline._score_all

    def counted(self, texts, *arguments, **options):
        asked.append(len(texts))
        return real(self, texts, *arguments, **options)

    monkeypatch.setattr(Pipeline, "_score_all", counted)
    summary = score_file(rules.pipeline, posts, tmp_path / "a.jsonl", Options(jobs=2))
    assert (summary.scored, asked) == (23, [1] * 5)


def test_the_same_text_is_scored_once(rules, posts, tmp_path, monkeypatch):
    """And written for every row; the platform's label makes another post of it."""
    lines = [
        {"text": "late bus again lol"},
        {"text": "late bus again lol", "paid_partnership": True},
    ]
    posts.write_text("".join(json.dumps(line) + "\n" for line in lines * 10))
    asked = []
    real = Pipeline._score_all

    def counted(self, texts, *arguments, **options):
        asked.append(len(texts))
        return real(self, texts, *arguments, **options)

    monkeypatch.setattr(Pipeline, "_score_all", counted)
    score_file(rules.pipeline, posts, tmp_path / "a.jsonl", Options(jobs=1))
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert asked == [2]
    assert [row["id"] for row in rows] == [f"row-{i}" for i in range(1, 21)]
    assert [row["paid"] == "disclosed" for row in rows] == [False, True] * 10


def test_parts_are_scored_side_by_side_and_few_are_held():
    """Two threads meet in their jobs; no more is read ahead than said."""
    read, met = [], threading.Barrier(2)

    def parts():
        for n in range(8):
            read.append(n)
            yield n

    def job(part):
        met.wait(600)
        return part

    done = []
    for part in pool._in_order(parts(), job, threads=2, ahead=1):
        done.append(part)
        assert len(read) - len(done) < 2 + 1
    assert done == read == list(range(8))
