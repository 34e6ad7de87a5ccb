"""Arrow batches in and out, as Spark hands them over."""

import pyarrow as pa
import pytest
from unpolished.data.errors import InputError
from unpolished.data.io.fields.columns import Columns
from unpolished.inference.batch.score_file import score_file
from unpolished.inference.options import Options
from unpolished.models.pipeline import Pipeline
from unpolished.models.scored_post import arrow_schema

TEXT = "in love with this serum from @glow, use code MAYA10 #ad"
RECORDS = [
    {"id": "a", "text": TEXT, "likes": 1},
    {"id": "b", "text": None, "likes": 2},
    {"id": None, "text": " ", "likes": 3},
    {"id": None, "text": TEXT, "likes": -1},
    {"id": "e", "text": TEXT, "likes": 5},
]


def test_a_row_for_each_row(scorer):
    """In order; what cannot be scored says why; the others are as ever."""
    batches = pa.Table.from_pylist(RECORDS).to_batches(max_chunksize=2)
    found = pa.Table.from_batches(list(scorer.score_batches(batches)))
    assert found.schema == arrow_schema(errors=True)
    rows = found.to_pylist()
    assert [row["id"] for row in rows] == ["a", "b", "row-3", "row-4", "e"]
    assert [(row["error"] or "").partition(":")[0] for row in rows] == [
        "", "missing", "empty", "", "",
    ]  # fmt: skip
    (expected,) = scorer.score([{"id": "a", "text": TEXT}])
    assert rows[0]["paid"] == expected.paid == "disclosed"
    assert rows[0]["p_paid"] == pytest.approx(expected.p_paid, abs=1e-6)
    assert [term["term"] for term in rows[4]["disclosure_terms"]] == ["#ad"]
    assert rows[1]["p_paid"] is None


def test_columns_are_renamed_and_kept_with_their_types(scorer):
    """Behind the others."""
    batch = pa.RecordBatch.from_pydict(
        {"caption": [TEXT, "late bus"], "at": pa.array([1, 2], pa.int8())}
    )
    options = Options(columns=Columns({"text": "caption"}, ("at",)))
    (found,) = scorer.score_batches([batch], options)
    assert found.schema.names == [*arrow_schema(errors=True).names, "at"]
    assert found.column("at").equals(batch.column("at"))
    with pytest.raises(InputError, match="no column 'text'"):
        next(scorer.score_batches([batch]))


def test_the_whole_text_is_read_where_a_column_holds_it(scorer):
    """As from a file or a dict: a disclosure behind the cut counts."""
    post = {"text": "made soup and watched the rain with …",
            "full_text": "made soup and watched the rain with my dear friends #ad"}  # fmt: skip
    (found,) = scorer.score_batches([pa.RecordBatch.from_pylist([post])])
    (row,) = found.to_pylist()
    (expected,) = scorer.score([post])
    assert row["disclosure"] == expected.disclosure == "clear"
    assert row["repairs"] == list(expected.repairs)


def test_one_post_that_breaks_the_model_stands_alone(scorer, monkeypatch):
    """Its row says so."""
    real = Pipeline._score_all

    def poisoned(self, posts, *arguments, **options):
        if any("poison" in post.text for post in posts):
            raise ValueError
        return real(self, posts, *arguments, **options)

    monkeypatch.setattr(Pipeline, "_score_all", poisoned)
    batch = pa.RecordBatch.from_pydict({"text": [TEXT, "poison", TEXT]})
    (found,) = scorer.score_batches([batch])
    assert [bool(row["error"]) for row in found.to_pylist()] == [False, True, False]


def test_empty_batches(scorer):
    """Spark has empty partitions."""
    empty = pa.RecordBatch.from_pydict({"text": pa.array([], pa.string())})
    (found,) = scorer.score_batches([empty])
    assert (len(found), found.schema) == (0, arrow_schema(errors=True))
    assert list(scorer.score_batches([])) == []


def test_score_file_of_the_scorer(scorer, tmp_path):
    """The same as the function."""
    (tmp_path / "in.jsonl").write_text('{"text": "late bus again lol"}\n')
    summary = scorer.score_file(tmp_path / "in.jsonl", tmp_path / "a.jsonl")
    score_file(scorer.pipeline, tmp_path / "in.jsonl", tmp_path / "b.jsonl")
    assert summary.scored == 1
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
