"""A file in, a file out, every record accounted for."""

import csv
import json
from collections import Counter
from dataclasses import replace

import pytest
from pyarrow import parquet
from unpolished.data.errors import InputError
from unpolished.inference.batch.score_file import score_file
from unpolished.inference.options import Options
from unpolished.inference.output.row_encoder import ROW_COLUMNS
from unpolished.inference.summary import Summary, parse_limit
from unpolished.models.pipeline import Pipeline
from unpolished.models.scored_post import arrow_schema

LINES = [
    '{"id": "007", "text": "ugh my bus was late again lol"}',
    '{"id": 8, "text": "in love with this serum from @glow, use code MAYA10 #ad"}',
    "{not json",
    '{"id": "9", "text": 5}',
    '{"id": "007", "text": "NA"}',
    '{"text": "  "}',
    '{"text": "I gave $50 to the food bank, \\ud83d donate here"}',
]


def rejects_path(target):
    """Where rejects stand."""
    return target.with_name(target.name + ".rejects.jsonl")


@pytest.fixture
def posts(tmp_path):
    """Seven lines, three of them bad."""
    path = tmp_path / "posts.jsonl"
    path.write_text("\n".join(LINES) + "\n")
    return path


def _read(path):
    if path.suffix == ".parquet":
        return parquet.read_table(path).to_pylist()
    if path.suffix == ".csv":
        with path.open(newline="") as stream:
            return list(csv.DictReader(stream))
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("extension", ["jsonl", "csv", "parquet"])
def test_rows_in_are_rows_scored_plus_rejected(scorer, posts, tmp_path, extension):
    """In order, with the same columns in every format."""
    target = tmp_path / f"out.{extension}"
    summary = score_file(scorer.pipeline, posts, target)
    assert (summary.rows, summary.scored, dict(summary.rejected)) == (
        7, 4, {"json": 1, "type": 1, "empty": 1},
    )  # fmt: skip
    rows = _read(target)
    assert [row["id"] for row in rows] == ["007", "8", "007", "row-7"]
    assert tuple(rows[0]) == ROW_COLUMNS == tuple(arrow_schema().names)
    assert summary.duplicate_ids == 1
    terms = rows[1]["disclosure_terms"]
    terms = json.loads(terms) if extension == "csv" else terms
    assert [t["term"] for t in terms] == ["#ad"]


def test_rejects_name_line_field_and_code_never_the_text(scorer, posts, tmp_path):
    """One line each, in a file beside the output."""
    score_file(scorer.pipeline, posts, tmp_path / "out.jsonl")
    rejects = _read(rejects_path(tmp_path / "out.jsonl"))
    assert [(r["line"], r["id"], r["field"], r["code"]) for r in rejects] == [
        (3, None, None, "json"), (4, "9", "text", "type"), (6, None, "text", "empty"),
    ]  # fmt: skip


def test_no_rejects_no_file(scorer, tmp_path):
    """An old one does not stay beside a new output."""
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(LINES[0])
    rejects_path(target).write_text("old")
    score_file(scorer.pipeline, source, target)
    assert not rejects_path(target).exists()


def test_an_existing_output_is_not_replaced(scorer, posts, tmp_path):
    """Unless asked."""
    target = tmp_path / "out.jsonl"
    target.write_text("mine")
    with pytest.raises(InputError, match="exists"):
        score_file(scorer.pipeline, posts, target)
    assert target.read_text() == "mine"
    score_file(scorer.pipeline, posts, target, Options(force=True))
    assert len(_read(target)) == 4


def test_the_input_is_never_replaced(scorer, tmp_path):
    """Neither by scores nor by rejects, whatever it is called, asked to or not."""
    source, other = tmp_path / "in.jsonl", tmp_path / "other.jsonl"
    source.write_text("".join(LINES))
    other.hardlink_to(source)
    named_so = rejects_path(tmp_path / "out.jsonl")
    named_so.symlink_to(source)
    for given, target in ((source, source), (other, source), (named_so, tmp_path / "out.jsonl")):
        with pytest.raises(InputError, match="is the input itself"):
            score_file(scorer.pipeline, given, target, Options(force=True))
    assert source.read_text() == "".join(LINES)
    assert named_so.is_symlink()


def test_a_failure_leaves_no_output_and_no_scratch(scorer, tmp_path):
    """Complete, or not there."""
    source = tmp_path / "in.csv"
    source.write_text('id,text\n1,fine post here\n2,"never closed')
    with pytest.raises(InputError, match="line"):
        score_file(scorer.pipeline, source, tmp_path / "out.jsonl")
    assert [p.name for p in tmp_path.iterdir()] == ["in.csv"]


def test_one_post_that_breaks_the_model_is_rejected_alone(scorer, tmp_path, monkeypatch):
    """Found by halving; the rest of its batch is scored."""
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    texts = [f"post number {i} about my day" for i in range(50)]
    source.write_text("".join(json.dumps({"text": t}) + "\n" for t in texts))
    plain = Pipeline._score_all

    def poisoned(self, posts, **options):
        if any("number 17 " in post.text for post in posts):
            raise ValueError("poison")
        return plain(self, posts, **options)

    monkeypatch.setattr(Pipeline, "_score_all", poisoned)
    summary = score_file(scorer.pipeline, source, target)
    assert (summary.scored, dict(summary.rejected)) == (49, {"model": 1})
    assert _read(rejects_path(target))[0]["line"] == 18


def test_parts_change_nothing(scorer, tmp_path, monkeypatch):
    """In order, in one process or two, with rejects in their place."""
    monkeypatch.setattr("unpolished.inference.batch.parts.PART_ROWS", 7)
    source = tmp_path / "in.jsonl"
    lines = [json.dumps({"text": f"late bus {i} lol"}) for i in range(40)]
    lines[13:15] = "{", '{"text": ""}'
    source.write_text("\n".join(lines))
    seen = []
    whole, cut, shared = (tmp_path / name for name in ("a.jsonl", "b.jsonl", "c.jsonl"))
    score_file(scorer.pipeline, source, cut, Options(jobs=1), lambda s: seen.append(s.rows))
    score_file(scorer.pipeline, source, shared, Options(jobs=2))
    monkeypatch.setattr("unpolished.inference.batch.parts.PART_ROWS", 10_000)
    score_file(scorer.pipeline, source, whole)
    assert seen == [7, 14, 21, 28, 35, 40]
    assert whole.read_bytes() == cut.read_bytes() == shared.read_bytes()
    assert rejects_path(whole).read_bytes() == rejects_path(cut).read_bytes()
    assert [r["line"] for r in _read(rejects_path(cut))] == [14, 15]


def test_no_posts_give_an_empty_output(scorer, tmp_path):
    """With columns where the format has them."""
    source = tmp_path / "in.jsonl"
    source.write_text("")
    for name in ("out.jsonl", "out.csv", "out.parquet"):
        assert score_file(scorer.pipeline, source, tmp_path / name).rows == 0
        assert _read(tmp_path / name) == []


@pytest.mark.parametrize(
    ("text", "rows", "rejected", "over"),
    [(None, 10, 9, False), (None, 10, 10, True), ("2", 10, 2, False), ("2", 10, 3, True),
     ("5%", 100, 5, False), ("5%", 100, 6, True), ("0%", 10, 1, True), ("0", 10, 0, False)],
)  # fmt: skip
def test_limits(text, rows, rejected, over):
    """A count or a share."""
    counted = Counter({"json": rejected})
    summary = Summary(rows=rows, scored=rows - rejected, rejected=counted)
    assert parse_limit(text).exceeded(summary) is over


@pytest.mark.parametrize("text", ["", "x", "-1", "101%", "%"])
def test_strange_limits_are_refused(text):
    """With what would do."""
    with pytest.raises(InputError, match="5%"):
        parse_limit(text)


def test_a_prevalence_that_cannot_be_set_stops_before_the_first_post(scorer, posts, tmp_path):
    """The caller is at fault, not each post: nothing is rejected, nothing is written."""
    calibration = scorer.info.calibration.model_copy(update={"prevalence": {}})
    info = scorer.info.model_copy(update={"calibration": calibration})
    without = replace(scorer.pipeline, info=info)
    with pytest.raises(ValueError, match="no reference prevalence for 'paid'"):
        score_file(without, posts, tmp_path / "o.jsonl", Options(prevalence={"paid": 0.1}))
    assert [p.name for p in tmp_path.iterdir()] == [posts.name]


def test_a_missing_package_is_no_reject(scorer, posts, tmp_path, monkeypatch):
    """It would be missing for every post."""

    def missing(*_, **__):
        raise ImportError("onnxruntime")

    monkeypatch.setattr(Pipeline, "_score_all", missing)
    with pytest.raises(ImportError, match="onnxruntime"):
        score_file(scorer.pipeline, posts, tmp_path / "o.jsonl")
    assert [p.name for p in tmp_path.iterdir()] == [posts.name]
