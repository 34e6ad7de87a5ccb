"""What a run refuses or says of what it was given, by the real command line."""

import json
import re
import shutil
import subprocess
import sys

import pytest


def _run(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "unpolished.cli", *map(str, arguments)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def posts(tmp_path_factory):
    """A file that could be scored."""
    path = tmp_path_factory.mktemp("posts") / "in.jsonl"
    path.write_text('{"id": "p0", "text": "late bus again lol, so tired of this week"}\n')
    return path


def test_an_unreadable_file_among_many(rules_folder, tmp_path):
    """The others are scored; it ends with 1, unless that much was allowed."""
    folder = tmp_path / "posts"
    folder.mkdir()
    for name in ("a.jsonl", "c.jsonl"):
        (folder / name).write_text('{"text": "late bus again lol"}\n')
    (folder / "b.parquet").write_bytes(b"PAR1 and nothing more")
    done = _run("score", folder, "-o", tmp_path / "o.csv", "--model", rules_folder, "-q")
    assert done.returncode == 1
    assert len((tmp_path / "o.csv").read_text().splitlines()) == 3
    (reject,) = map(json.loads, (tmp_path / "o.csv.rejects.jsonl").read_text().splitlines())
    assert (reject["file"], reject["code"]) == ("b.parquet", "file")
    allowed = ("--max-rejects", "40%", "--json")
    done = _run("score", folder, "-o", tmp_path / "p.csv", "--model", rules_folder, "-q", *allowed)
    assert done.returncode == 0
    assert json.loads(done.stdout.splitlines()[0])["rejected"] == {"file": 1}


def _flip(folder):
    path = folder / "rules.json"
    content = bytearray(path.read_bytes())
    content[10] ^= 1
    path.write_bytes(content)


def _newer(folder):
    path = folder / "model.json"
    path.write_text(re.sub(r'"format_version": \d+', '"format_version": 99', path.read_text()))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_flip, "rules.json was changed"),
        (lambda folder: (folder / "rules.json").unlink(), "rules.json is missing"),
        (_newer, "format version 99"),
    ],
    ids=["a byte flipped", "a file missing", "a newer format"],
)
def test_a_model_folder_that_is_damaged(posts, rules_folder, tmp_path, spoil, message):
    """Refused before anything is written."""
    shutil.copytree(rules_folder, tmp_path / "model")
    spoil(tmp_path / "model")
    failed = _run("score", posts, "-o", tmp_path / "o.csv", "--model", tmp_path / "model")
    assert failed.returncode == 2
    assert message in " ".join(failed.stderr.split())
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_contradictions_are_refused(posts, rules_folder, tmp_path):
    """Each with exit code 2 and a reason."""
    for arguments, message in (
        (("--resume", "--force"), "contradict"),
        (("--spreadsheet-safe",), "is for CSV"),
        (("--batch-size", "8"), "family rules has no network"),
        (("--device", "cuda"), "runs on the CPU"),
        (("--keep", "style"), "has a column of that name"),
    ):
        done = _run("score", posts, "-o", tmp_path / "o.jsonl", "--model", rules_folder, *arguments)
        assert done.returncode == 2
        assert message in " ".join(done.stderr.split())
    done = _run("score", "-", "-o", tmp_path / "o.jsonl", "--resume", "--model", rules_folder)
    assert done.returncode == 2
    assert "a stream cannot be read again" in done.stderr
    assert list(tmp_path.iterdir()) == []
