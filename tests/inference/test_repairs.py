"""Repairs reach every output: what was scored, its codes, its spans, and how many there were."""

import csv
import json
import subprocess
import sys

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet
from unpolished.data.io.fields.columns import Columns
from unpolished.inference.batch.score_file import score_file
from unpolished.inference.options import Options
from unpolished.models.serving.pyfunc import UnpolishedModel

WHOLE = "my week of dinners came out of one box, here is what I made with Fennwick #ad"
POSTS = [
    {"id": "plain", "text": "Ad | late bus again, lol"},
    {"id": "html", "text": "<p>late bus again &amp; lol</p><p>Ad | Fennwick &amp; Co</p>"},
    {"id": "misread", "text": "this isn\u00e2\u0080\u0099t an #ad, I paid for it"},
    {"id": "lost", "text": "this caf\ufffd was late again, lol"},
    {"id": "cut", "text": WHOLE[:40] + "…", "full_text": WHOLE},
    {"id": "more", "text": "late bus again, lol… See more"},
    {"id": "gone", "text": "[ Removed by Reddit on account of violating the content policy. ]"},
]
SEEN = {
    "plain": POSTS[0]["text"],
    "html": "late bus again & lol\n\nAd | Fennwick & Co",
    "misread": "this isn’t an #ad, I paid for it",
    "lost": POSTS[3]["text"],
    "cut": WHOLE,
    "more": POSTS[5]["text"],
    "gone": POSTS[6]["text"],
}
CODES = {"html": ["markup", "entities"], "misread": ["encoding"], "lost": ["damaged"],
         "cut": ["full_text"]}  # fmt: skip


def _right(rows):
    """Rows with their texts are those of ``SEEN`` and ``CODES``."""
    assert {row["id"]: row["text"] for row in rows} == SEEN
    assert {row["id"]: list(row["repairs"]) for row in rows if len(row["repairs"])} == CODES
    found = {row["id"]: row for row in rows}
    for row in rows:
        for term in row["disclosure_terms"]:
            assert row["text"][term["start"] : term["end"]] == term["term"]
        for reason in row["reasons"]:
            assert row["text"][reason["start"] : reason["end"]] == reason["text"]
    assert [found[i]["disclosure"] for i in ("html", "cut", "misread")] == [
        "clear",
        "clear",
        "none",
    ]
    assert [i for i in SEEN if found[i]["truncated"]] == ["more"]
    gone = found["gone"]
    assert (gone["reason_code"], gone["style"], gone["paid"]) == ("removed", "unsure", "unsure")


@pytest.fixture(params=["jsonl", "csv", "parquet"])
def posts(request, tmp_path):
    """The posts in each format."""
    path = tmp_path / f"posts.{request.param}"
    if request.param == "jsonl":
        path.write_text("".join(json.dumps(post) + "\n" for post in POSTS), "utf-8")
    elif request.param == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ["id", "text", "full_text"])
            writer.writeheader()
            writer.writerows(POSTS)
    else:
        parquet.write_table(pa.Table.from_pylist([{"full_text": None, **p} for p in POSTS]), path)
    return path


@pytest.mark.parametrize("jobs", [1, 2])
def test_files_hold_the_text_as_it_was_scored(posts, model_folder, tmp_path, jobs):
    """With --keep text, from every format and with several processes; the summary counts codes."""
    out = tmp_path / "scored.jsonl"
    command = [sys.executable, "-m", "unpolished.cli", "score", str(posts), "-o", str(out),
               "--keep", "text", "--reasons", "all", "--model", str(model_folder),
               "--jobs", str(jobs), "--json"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    _right([json.loads(line) for line in out.read_text("utf-8").splitlines()])
    summary = json.loads(done.stdout)
    assert summary["repairs"] == {
        "damaged": 1, "encoding": 1, "entities": 1, "full_text": 1, "markup": 1,
    }  # fmt: skip
    assert summary["truncated"] == 1


def test_tables_hold_the_codes(model_folder, scorer, tmp_path):
    """CSV writes them as JSON, Parquet and Arrow as a list."""
    source = tmp_path / "posts.jsonl"
    source.write_text("".join(json.dumps(post) + "\n" for post in POSTS), "utf-8")
    options = Options(columns=Columns(kept=("text",)), reasons="all")
    score_file(scorer.pipeline, source, tmp_path / "scored.parquet", options)
    _right(parquet.read_table(tmp_path / "scored.parquet").to_pylist())
    score_file(scorer.pipeline, source, tmp_path / "scored.csv", options)
    with (tmp_path / "scored.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [json.loads(row["repairs"]) for row in rows if row["id"] in CODES] == [*CODES.values()]
    batches = pa.Table.from_pylist([{"full_text": None, **p} for p in POSTS]).to_batches()
    _right(pa.Table.from_batches(scorer.score_batches(batches, options)).to_pylist())


def test_python_and_the_flavour_mend_alike(scorer, model_folder):
    """Texts, dicts and DataFrames; the flavour's columns are given, so it sees no full_text."""
    rows = scorer.score(POSTS, reasons="all")
    _right([row.model_dump() | {"text": SEEN[row.id]} for row in rows])
    flavour = UnpolishedModel()
    flavour.load_context(type("Context", (), {"artifacts": {"model": str(model_folder)}}))
    frame = pd.DataFrame(POSTS)[["id", "text"]]
    found = flavour.predict(None, frame).set_index("id")
    for row in rows:
        if row.id != "cut":
            assert json.loads(found.loc[row.id, "repairs"]) == list(row.repairs)
            assert found.loc[row.id, "disclosure"] == row.disclosure


def test_explain_shows_what_was_scored(model_folder):
    """And so marks the words that count."""
    command = [sys.executable, "-m", "unpolished.cli", "explain", "<p>Ad | soup isn&#39;t late</p>",
               "--model", str(model_folder)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Ad | soup isn't late")
    assert "clear" in done.stdout
