"""Whose rules a row is judged by: asked for, or its post's own; in every way of scoring."""

import csv
import json
from datetime import date

import pyarrow as pa
import pytest
from pyarrow import parquet as pq
from unpolished.data.errors import InputError
from unpolished.inference.batch.score_file import score_file
from unpolished.inference.options import Options
from unpolished.inference.scorer import Scorer
from unpolished.models.scored_post import NESTED

TEXT = "#Werbung neue Tassen stehen heute bei uns im Regal und sie sind sehr schön"
POSTS = [
    {"id": "asked", "text": TEXT},
    {"id": "own", "text": TEXT, "jurisdiction": "de"},
    {"id": "country", "text": TEXT, "author_country": "Germany"},
    {"id": "both", "text": TEXT, "jurisdiction": "DE", "author_country": "US"},
    {"id": "unread", "text": TEXT, "author_country": "SE"},
    {"id": "unknown", "text": TEXT, "jurisdiction": "Atlantis"},
    {"id": "dated", "text": "a quiet walk by the sea today", "posted_at": "2025-12-01"},
]  # fmt: skip
# The jurisdictions of each row, and its flat disclosure, where ``us,fr`` is asked for.
EXPECTED = {
    "asked": (["us", "fr"], "ambiguous"),
    "own": (["de", "us", "fr"], "clear"),
    "country": (["de", "us", "fr"], "clear"),
    "both": (["de", "us", "fr"], "clear"),
    "unread": (["se", "us", "fr"], "unknown"),
    "unknown": (["us", "fr"], "ambiguous"),
    "dated": (["us", "fr"], "none"),
}


@pytest.fixture(scope="module")
def rules(rules_folder):
    """The fastest model."""
    return Scorer.load(rules_folder)


def _check(rows):
    assert len(rows) == len(EXPECTED)
    for row in rows:
        codes, disclosure = EXPECTED[row["id"]]
        assert [one["jurisdiction"] for one in row["disclosures"]] == codes
        first = row["disclosures"][0]
        assert row["disclosure"] == first["disclosure"] == disclosure
        assert row["disclosure_terms"] == first["terms"]
        assert (row["paid"] == "disclosed") == (disclosure == "clear")
        dated = "posted_at" if row["id"] == "dated" else "today"
        assert {one["rules_of"] for one in row["disclosures"]} == {dated}


def test_python(rules):
    """A list of posts; the code that is not known is told."""
    with pytest.warns(UserWarning, match="jurisdictions or countries that are not known: 1;"):
        rows = rules.score(POSTS, jurisdiction="us,fr")
    _check([json.loads(row.model_dump_json()) for row in rows])
    assert rows.passed_over == {"jurisdiction": 1}


@pytest.mark.parametrize("name", ["o.jsonl", "o.csv", "o.parquet"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_files(rules, tmp_path, monkeypatch, name, jobs):
    """In every format and with any number of processes; nested columns are JSON text in CSV."""
    monkeypatch.setattr("unpolished.inference.batch.parts.PART_ROWS", 3)
    source, target = tmp_path / "in.jsonl", tmp_path / name
    source.write_text("".join(json.dumps(post) + "\n" for post in POSTS))
    summary = score_file(rules.pipeline, source, target, Options(jurisdiction="us,fr", jobs=jobs))
    assert summary.passed_over == {"jurisdiction": 1}
    assert summary.labels["disclosure"] == {"ambiguous": 2, "clear": 3, "none": 1, "unknown": 1}
    _check(_read(target))


def _read(path):
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    lines = path.read_text("utf-8").splitlines()
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in lines]
    rows = csv.DictReader(lines)
    return [{n: json.loads(v) if n in NESTED else v for n, v in row.items()} for row in rows]


def test_arrow(rules):
    """Batches whose columns have gaps."""
    batch = pa.RecordBatch.from_pylist(
        [{name: post.get(name) for name in
          ("id", "text", "jurisdiction", "author_country", "posted_at")} for post in POSTS]
    )  # fmt: skip
    (scored,) = rules.score_batches([batch], Options(jurisdiction=["us", "fr"]))
    _check(scored.to_pylist())


def test_the_same_text_elsewhere_is_judged_anew(rules):
    """A remembered row is that of the same rules."""
    batch = pa.RecordBatch.from_pylist(
        [{"text": TEXT, "author_country": code} for code in ("de", "us", "de", "se")]
    )
    (scored,) = rules.score_batches([batch])
    assert scored["disclosure"].to_pylist() == ["clear", "ambiguous", "clear", "unknown"]


def test_the_flag_that_says_no_is_not_like_none(rules):
    """Words say paid and the flag says no: a conflict; without a flag there is none."""
    text = "#ad new mugs on our shelf today"
    batch = pa.RecordBatch.from_pylist(
        [{"text": text, "paid_partnership": flag} for flag in (None, False, True)]
    )
    (scored,) = rules.score_batches([batch])
    assert scored["disclosure_conflict"].to_pylist() == [None, "words_without_flag", None]


def test_a_run_goes_on_the_day_after_unless_rules_changed(rules, tmp_path):
    """Then the first day can be asked for."""
    source, target = tmp_path / "in.jsonl", tmp_path / "o.jsonl"
    source.write_text(json.dumps(POSTS[0]) + "\n")
    score_file(rules.pipeline, source, target, Options(rules_on=date(2026, 11, 28)))
    score_file(rules.pipeline, source, target, Options(rules_on=date(2026, 11, 29), resume=True))
    with pytest.raises(
        InputError, match=r'--rules-on was "rules of 2026-.*", now it is "rules of 2024-'
    ):
        score_file(
            rules.pipeline, source, target, Options(rules_on=date(2024, 12, 31), resume=True)
        )


def test_days_before_all_rules_are_days_like_others(rules, tmp_path):
    """The first rules judge them; what is no day is refused."""
    (row,) = rules.score_batches(
        [pa.RecordBatch.from_pylist([{"text": "#ad a quiet walk"}])],
        Options(rules_on=date(1990, 1, 1)),
    )
    assert row["disclosure"].to_pylist() == ["clear"]
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps(POSTS[0]) + "\n")
    for day in (date(1990, 1, 1), date.min, date.max):
        score_file(rules.pipeline, source, tmp_path / "o.jsonl", Options(rules_on=day, force=True))
    for day in ("2024-01-01", 5, None):
        with pytest.raises(ValueError, match=r"give a datetime\.date"):
            score_file(rules.pipeline, source, tmp_path / "x.jsonl", Options(rules_on=day))


def test_an_unknown_code_is_refused_before_anything_is_scored(rules, tmp_path):
    """As an option it is a mistake of who asks."""
    for asked in ("xx", "us,xx", ""):
        with pytest.raises(ValueError, match="choose one of us, ca"):
            rules.score("a quiet walk", jurisdiction=asked)
        with pytest.raises(ValueError, match="choose one of us, ca"):
            score_file(
                rules.pipeline,
                tmp_path / "none.jsonl",
                tmp_path / "o.jsonl",
                Options(jurisdiction=asked),
            )
