"""Files appear whole, with the user's permissions; standard output is UTF-8 whatever the locale."""

import io
import json
import os
import sys

import pytest
from unpolished.data.reading import InputError
from unpolished.inference.outputs import COLUMNS, writing
from unpolished.models.row import ScoredPost


def _narrow_stdout(monkeypatch):
    """Standard output of a locale that knows ASCII only; a fixture would come before pytest's."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="\r\n")
    monkeypatch.setattr(sys, "stdout", stream)
    return stream


def test_standard_output_is_utf8_jsonl(monkeypatch):
    """One line end, too."""
    narrow = _narrow_stdout(monkeypatch)
    with writing(None) as writer:
        writer.write([ScoredPost(id="é")])
    content = narrow.buffer.getvalue()
    assert content.endswith(b"}\n")
    assert b"\r" not in content
    assert json.loads(content.decode("utf-8"))["id"] == "é"


def test_standard_output_in_another_format(monkeypatch):
    """CSV where asked for; Parquet needs a file."""
    narrow = _narrow_stdout(monkeypatch)
    with writing(None, "csv") as writer:
        writer.write([ScoredPost(id="é")])
    header, row = narrow.buffer.getvalue().decode("utf-8").splitlines()
    assert header == ",".join(COLUMNS)
    assert row.startswith("é,")
    with pytest.raises(InputError, match="name a file"), writing(None, "parquet"):
        pass


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_a_folder_is_no_output(tmp_path, kind):
    """Found before anything is scored."""
    (tmp_path / "there").mkdir()
    with pytest.raises(InputError, match="is a folder"), writing(tmp_path / "there", kind):
        pass
    assert [p.name for p in tmp_path.iterdir()] == ["there"]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_permissions_follow_the_umask(tmp_path):
    """Scores of people are not shown to others where the user said so."""
    before = os.umask(0o077)
    try:
        with writing(tmp_path / "o.jsonl") as writer:
            writer.write([])
    finally:
        os.umask(before)
    assert (tmp_path / "o.jsonl").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["o.jsonl", "o.csv"])
def test_no_nan_is_written(tmp_path, name):
    """JSON has none; the output does not appear."""
    row = ScoredPost.model_validate(
        {"id": "a", "reasons": [{"flag": "paid", "start": 0, "end": 1, "text": "x",
                                 "weight": float("nan")}]}
    )  # fmt: skip
    with pytest.raises(ValueError, match="JSON compliant"), writing(tmp_path / name) as writer:
        writer.write([row])
    assert list(tmp_path.iterdir()) == []
