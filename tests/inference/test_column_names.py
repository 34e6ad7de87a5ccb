"""A column is read under its name as people write it, at every entry; what is not read is named."""

import csv
import io
import json
import subprocess
import sys

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet
from unpolished.data.dataset.own_posts import read_own_posts
from unpolished.data.errors import InputError
from unpolished.data.io.fields.columns import Columns
from unpolished.inference.batch import parts
from unpolished.inference.batch.score_file import score_file
from unpolished.inference.labelling.take_labels import take_labels
from unpolished.inference.options import Options

TEXT = "lovely week with the new bike and the sea"
# Names of the text, the id and the label of the platform.
NAMES = [
    ("text", " id", " paid_partnership"), ("Text", "ID", "Paid_Partnership"),
    ("text\u00a0", "\u200bid", "paid partnership*"), ('"text"', "'id'", "paidPartnership"),
    ("TEXT", "Id:", "is_paid_partnership"),
]  # fmt: skip


def _csv(path, record):
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([record.keys(), record.values()])


def _jsonl(path, record):
    path.write_text(json.dumps(record) + "\n")


def _parquet(path, record):
    parquet.write_table(pa.Table.from_pylist([record]), path)


def _file(kind, write):
    def score(scorer, record, folder):
        write(folder / f"in.{kind}", record)
        score_file(scorer.pipeline, folder / f"in.{kind}", folder / "o.jsonl")
        return json.loads((folder / "o.jsonl").read_text())

    return score


def _stream(scorer, record, folder):
    score_file(scorer.pipeline, io.BytesIO(json.dumps(record).encode()), folder / "o.jsonl")
    return json.loads((folder / "o.jsonl").read_text())


def _arrow(scorer, record, folder):
    del folder
    (batch,) = scorer.score_batches(pa.Table.from_pylist([record]).to_batches())
    return batch.to_pylist()[0]


ENTRIES = {
    "csv": _file("csv", _csv), "jsonl": _file("jsonl", _jsonl),
    "parquet": _file("parquet", _parquet), "stream": _stream, "arrow": _arrow,
    "dict": lambda scorer, record, _: scorer.score([record])[0].model_dump(),
    "frame": lambda scorer, record, _: scorer.score(pd.DataFrame([record]))[0].model_dump(),
    "table": lambda scorer, record, _: scorer.score(pa.Table.from_pylist([record]))[0].model_dump(),
}  # fmt: skip


@pytest.mark.parametrize("names", NAMES, ids=repr)
@pytest.mark.parametrize("entry", ENTRIES)
def test_id_and_flag_are_found(entry, names, scorer, tmp_path):
    """Neither is lost for a space, a capital or a mark in its name, nor a space in its value."""
    record = dict(zip(names, (TEXT, " p1", True), strict=True))
    row = ENTRIES[entry](scorer, record, tmp_path)
    assert (row["id"], row["paid"]) == ("p1", "disclosed")


@pytest.mark.parametrize("write", [_csv, _jsonl], ids=["csv", "jsonl"])
def test_labelled_posts_are_found_too(write, tmp_path):
    """Training and take-labels read as scoring does."""
    path = tmp_path / ("mine.csv" if write is _csv else "mine.jsonl")
    write(path, {"Text": TEXT, "ID ": "p1", "Label Style": "raw", "userName": "ana"})
    ((_, post),) = read_own_posts(path)
    assert (post.id, post.label_style) == ("p1", "raw")
    filled = tmp_path / "filled.csv"
    filled.write_text(f"id,text,label_style,label_paid,label_cause\np1,{TEXT},raw,,\n")
    assert take_labels(filled, path, tmp_path / "out.jsonl").labelled == 1


def _write(path, *records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def test_a_column_asked_for_that_no_line_has(scorer, tmp_path, monkeypatch):
    """Nothing is published and nothing left behind; more parts than one make no difference."""
    columns = Columns({"text": "caption", "paid_partnership": "isPaid"}, ("athor",))
    monkeypatch.setattr(parts, "PART_ROWS", 10)
    records = [{"caption": TEXT, "is_paid": True, "author": "ana"}] * 35
    source, options = _write(tmp_path / "in.jsonl", *records), Options(columns=columns, jobs=1)
    with pytest.raises(InputError, match=r"in\.jsonl: no record has 'athor' \(is it 'author'\?\)"):
        score_file(scorer.pipeline, source, tmp_path / "o.jsonl", options)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]
    _write(source, *records, {"caption": TEXT, "isPaid": True, "athor": "ben"})
    assert score_file(scorer.pipeline, source, tmp_path / "o.jsonl", options).scored == 36
    last = (tmp_path / "o.jsonl").read_text().splitlines()[-1]
    assert (json.loads(last)["paid"], json.loads(last)["athor"]) == ("disclosed", "ben")


def test_a_file_of_many_without_a_column_asked_for(scorer, tmp_path):
    """It is named; only if all lack it, the run is refused. An empty input stays what it is."""
    folder = tmp_path / "posts"
    folder.mkdir()
    _write(folder / "a.jsonl", {"text": TEXT, "at": 1})
    _write(folder / "b.jsonl", {"text": TEXT})
    _write(folder / "c.jsonl")
    options = Options(columns=Columns({}, ("at",)))
    summary = score_file(scorer.pipeline, folder, tmp_path / "o.jsonl", options)
    assert (summary.scored, summary.lacking) == (2, {"b.jsonl": ["at"]})
    _write(folder / "a.jsonl", {"text": TEXT, "At this time": 1})
    with pytest.raises(InputError, match="the input: no record has 'at'; check --map and --keep"):
        score_file(scorer.pipeline, folder, tmp_path / "p.jsonl", options)
    (folder / "a.jsonl").unlink()
    (folder / "b.jsonl").unlink()
    assert score_file(scorer.pipeline, folder, tmp_path / "q.jsonl", options).rows == 0


def test_what_is_left_out_is_said_in_python(scorer):
    """One warning for all of them, at the caller's line; none where nothing matters is left out."""
    records = [{"text": TEXT, "likes": "many", "isSponsored": True, "x": 1, "id": str(i)}
               for i in range(3)]  # fmt: skip
    with pytest.warns(UserWarning, match="left out") as told:
        rows = scorer.score(records)
    assert [str(one.message) for one in told] == [
        "values that could not be read are left out: likes (3); columns that look like a field are "
        "not read: isSponsored (paid_partnership?)"
    ]
    assert told[0].filename == __file__
    assert rows.passed_over == {"likes": 3}
    assert rows.not_read.names == ("isSponsored", "x")
    assert scorer.score([{"text": TEXT, "x": 1}]).not_read.names == ("x",)


def test_what_is_left_out_is_said_on_the_command_line(rules_folder, tmp_path):
    """On standard error, in --json and in the manifest; what matters also with --quiet."""
    source = tmp_path / "in.jsonl"
    more = {f"k{i}": 1 for i in range(200)}
    _write(source, {"text": TEXT, "id": "1", "likes": -1, "isSponsored": True, **more})

    def run(name, *options):
        return subprocess.run(
            [sys.executable, "-m", "unpolished.cli", "score", str(source), "-o",
             str(tmp_path / name), "--model", str(rules_folder), *options],
            capture_output=True, text=True, check=True, env={"COLUMNS": "200"},
        )  # fmt: skip

    warning = (
        "warning: values that could not be read are left out: likes (1); columns that look like a "
        "field are not read: isSponsored (paid_partnership?)\n"
    )
    told = run("o.jsonl", "--json")
    assert warning in told.stderr
    assert "isSponsored (paid_partnership?), k0, k1, k2, k3, k4, k5, k6 and 193 more" in " ".join(
        told.stderr.split()
    )
    found = json.loads(told.stdout)
    assert found["passed_over"] == {"likes": 1}
    assert found["not_read"]["count"] == 201
    end = json.loads((tmp_path / "o.jsonl.manifest.jsonl").read_text().splitlines()[-1])
    assert end["not_read"] == found["not_read"]
    assert run("p.jsonl", "--quiet").stderr == warning
