"""Rows as bytes: three formats, the user's permissions, UTF-8 on standard output."""

import csv
import io
import json
import os
import sys

import pytest
from pyarrow import parquet
from unpolished.data.errors import InputError
from unpolished.data.io.fields.columns import parse_columns
from unpolished.data.values.csv_injection import guarded
from unpolished.inference.batch.score_file import score_file
from unpolished.inference.options import Options
from unpolished.inference.output.row_encoder import ROW_COLUMNS, RowEncoder
from unpolished.inference.output.scored_part import ScoredPart
from unpolished.inference.output.stdout import to_stdout
from unpolished.inference.summary import Summary
from unpolished.models.scored_post import ScoredPost


def _narrow_stdout(monkeypatch):
    """Standard output of a locale that knows ASCII only; a fixture would come before pytest's."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="\r\n")
    monkeypatch.setattr(sys, "stdout", stream)
    return stream


def _part(encoder, *ids):
    data = encoder.encode([ScoredPost(id=post_id) for post_id in ids], [()] * len(ids))
    return ScoredPart(0, data, b"", Summary())


def test_standard_output_is_utf8_jsonl(monkeypatch):
    """One line end, too."""
    narrow, encoder = _narrow_stdout(monkeypatch), RowEncoder("jsonl")
    with to_stdout(encoder) as write:
        write(_part(encoder, "é"))
    content = narrow.buffer.getvalue()
    assert content.endswith(b"}\n")
    assert b"\r" not in content
    assert json.loads(content.decode("utf-8"))["id"] == "é"


def test_standard_output_in_another_format(monkeypatch):
    """CSV where asked for; Parquet needs a file."""
    narrow, encoder = _narrow_stdout(monkeypatch), RowEncoder("csv")
    with to_stdout(encoder) as write:
        write(_part(encoder, "é"))
    header, row = narrow.buffer.getvalue().decode("utf-8").splitlines()
    assert header == ",".join(ROW_COLUMNS)
    assert row.startswith("é,")
    with pytest.raises(InputError, match="name a file"), to_stdout(RowEncoder("parquet")):
        pass


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_permissions_follow_the_umask(scorer, tmp_path):
    """Scores of people are not shown to others where the user said so."""
    (tmp_path / "in.jsonl").write_text('{"text": "late bus again lol"}\n{')
    before = os.umask(0o077)
    try:
        score_file(scorer.pipeline, tmp_path / "in.jsonl", tmp_path / "o.jsonl")
    finally:
        os.umask(before)
    made = [path for path in tmp_path.iterdir() if path.name.startswith("o.")]
    assert len(made) == 3
    assert {path.stat().st_mode & 0o777 for path in made} == {0o600}


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_no_nan_is_written(kind):
    """JSON has none."""
    row = ScoredPost.model_validate(
        {"id": "a", "reasons": [{"flag": "paid", "start": 0, "end": 1, "text": "x",
                                 "weight": float("nan")}]}
    )  # fmt: skip
    with pytest.raises(ValueError, match="JSON compliant"):
        RowEncoder(kind).encode([row], [()])


def test_words_that_look_like_no_number_are_written():
    """In a quotation, beside kept columns; each line is one object of JSON."""
    row = ScoredPost.model_validate(
        {"id": 'a":NaN', "language": "en", "reasons": [{"flag": "paid", "start": 0, "end": 1,
         "text": '":NaN Infinity \ud800é\u2028', "weight": 0.5}]}
    )  # fmt: skip
    line = RowEncoder("jsonl", ("likes", "tags")).encode([row], [(10**30, ["é", None])])
    found = json.loads(line)
    assert line.count(b"\n") == 1
    assert found["reasons"][0]["text"] == '":NaN Infinity \ufffdé\u2028'
    assert (found["id"], found["likes"], found["tags"]) == ('a":NaN', 10**30, ["é", None])
    assert list(found) == [*ROW_COLUMNS, "likes", "tags"]


@pytest.fixture
def captions(tmp_path):
    """Posts under names of somebody else's."""
    path = tmp_path / "in.jsonl"
    records = [
        {"id": "=1+1", "caption": "late bus again lol", "tags": ["a", "b"], "likes": 5,
         "author": "@x\n-y"},
        {"id": "2", "caption": "made soup and watched the rain", "author": None},
        {"id": "3", "text": "not looked at"},
    ]  # fmt: skip
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


@pytest.mark.parametrize("extension", ["jsonl", "csv", "parquet"])
def test_renamed_and_kept_columns(scorer, captions, tmp_path, extension):
    """Read under another name; copied behind the others, nested ones as JSON text in CSV."""
    columns = parse_columns(["text=caption"], ["tags,likes", "author"], ROW_COLUMNS)
    target = tmp_path / f"o.{extension}"
    summary = score_file(scorer.pipeline, captions, target, Options(columns=columns))
    assert (summary.scored, dict(summary.rejected)) == (2, {"missing": 1})
    if extension == "jsonl":
        rows = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
        expected = [(["a", "b"], 5, "@x\n-y"), (None, None, None)]
    elif extension == "csv":
        with target.open(newline="") as stream:
            rows = list(csv.DictReader(stream))
        expected = [('["a", "b"]', "5", "@x\n-y"), ("", "", "")]
    else:
        rows = parquet.read_table(target).to_pylist()
        expected = [('["a", "b"]', "5", "@x\n-y"), (None, None, None)]
    assert [(row["tags"], row["likes"], row["author"]) for row in rows] == expected
    assert tuple(rows[0])[: len(ROW_COLUMNS)] == ROW_COLUMNS
    assert rows[0]["id"] == "=1+1"


def test_spreadsheet_safe_cells(scorer, captions, tmp_path):
    """Ids and kept cells cannot start a formula, nor can a line inside of one; CSV only."""
    columns = parse_columns(["text=caption"], ["author"], ROW_COLUMNS)
    options = Options(columns=columns, spreadsheet_safe=True)
    score_file(scorer.pipeline, captions, tmp_path / "o.csv", options)
    with (tmp_path / "o.csv").open(newline="") as stream:
        row = next(csv.DictReader(stream))
    assert (row["id"], row["author"]) == ("'=1+1", "'@x\n'-y")
    with pytest.raises(InputError, match="is for CSV"):
        score_file(scorer.pipeline, captions, tmp_path / "o.jsonl", options)


@pytest.mark.parametrize(
    ("cell", "safe"),
    [("=1", "'=1"), ("  =1", "'  =1"), ("\u00a0+1", "'\u00a0+1"), ("a\n=1", "a\n'=1"),
     ("a\r\n @x", "a\r\n' @x"), ("\t=1", "'\t=1"), ("-", "'-"), ("a=b", "a=b"), ("a - b", "a - b"),
     ("", ""), ("7", "7")],
)  # fmt: skip
def test_guarded_cells(cell, safe):
    """OWASP's signs, behind spaces and line ends too; all else as it is."""
    assert guarded(cell) == safe
    assert guarded(safe) == safe


@pytest.mark.parametrize(
    ("renamed", "kept", "message"),
    [(["caption"], [], "write field=column"), (["body=caption"], [], "write field=column"),
     (["text="], [], "write field=column"), (["text=a", "text=b"], [], "mapped twice"),
     ([], ["language"], "has a column of that name"), ([], ["a,id"], "--keep id")],
)  # fmt: skip
def test_strange_columns_are_refused(renamed, kept, message):
    """With what would do."""
    with pytest.raises(InputError, match=message):
        parse_columns(renamed, kept, ROW_COLUMNS)


def test_a_kept_column_has_to_be_there(scorer, tmp_path):
    """Where the names are known."""
    (tmp_path / "in.csv").write_text("id,text\n1,late bus again lol\n")
    columns = parse_columns([], ["likes"], ROW_COLUMNS)
    with pytest.raises(InputError, match="no column 'likes'"):
        score_file(
            scorer.pipeline, tmp_path / "in.csv", tmp_path / "o.csv", Options(columns=columns)
        )


def test_a_kept_value_nested_too_deeply_is_rejected(scorer, tmp_path):
    """It could not be written again."""
    deep = '{"text": "late bus again", "x": ' + "[" * 500 + "]" * 500 + "}\n"
    (tmp_path / "in.jsonl").write_text(deep + '{"text": "late bus again", "x": [1]}\n')
    options = Options(columns=parse_columns([], ["x"], ROW_COLUMNS))
    summary = score_file(scorer.pipeline, tmp_path / "in.jsonl", tmp_path / "o.csv", options)
    assert (summary.scored, dict(summary.rejected)) == (1, {"value": 1})
