"""The same ten posts, in every shape that is known, get the same rows; and by way of convert."""

import json
from pathlib import Path

import pytest
from unpolished.inference.batch.score_file import score_file
from unpolished.inference.convert import convert
from unpolished.inference.options import Options

HERE = Path(__file__).parents[1] / "data" / "io" / "exports"
TEN = json.loads((HERE / "ten_posts.json").read_text("utf-8"))
FIXTURES = sorted((HERE / "fixtures").iterdir())
PROBABILITIES = ("p_polished", "p_paid", "p_self", "p_performative", "p_committed")
LABELS = ("style", "performative", "cause", "disclosure", "language", "reason_code", "truncated")


def _rows(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def plain(scorer, tmp_path_factory):
    """Rows of the ten posts as lines of JSON."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "in.jsonl").write_text("".join(json.dumps(post) + "\n" for post in TEN))
    score_file(scorer.pipeline, folder / "in.jsonl", folder / "out.jsonl")
    return _rows(folder / "out.jsonl")


def _same(rows, expected):
    for row, other in zip(rows, expected, strict=len(rows) > 1):
        for name in PROBABILITIES:
            assert (row[name] is None) == (other[name] is None)
            assert row[name] is None or row[name] == pytest.approx(other[name], abs=1e-6)
        assert [row[name] for name in LABELS] == [other[name] for name in LABELS]
        # The label of the platform is not in every shape.
        assert row["paid"] == other["paid"] or other["paid"] == "disclosed"


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_the_ten_posts_get_the_same_rows(path, scorer, plain, tmp_path):
    """Whatever they are wrapped in; converted first or not."""
    done = score_file(scorer.pipeline, path, tmp_path / "out.jsonl")
    _same(_rows(tmp_path / "out.jsonl"), plain)
    converted = convert(path, tmp_path / "posts.jsonl")
    assert (converted.rows, converted.scored) == (done.rows, done.scored)
    assert converted.read_as == done.read_as != {}
    assert converted.repairs == done.repairs
    assert (
        json.loads((tmp_path / "out.jsonl.manifest.jsonl").read_text().splitlines()[-1])["read_as"]
        == done.read_as
    )
    score_file(scorer.pipeline, tmp_path / "posts.jsonl", tmp_path / "again.jsonl")
    again, first = _rows(tmp_path / "again.jsonl"), _rows(tmp_path / "out.jsonl")
    _same(again, plain)
    assert [row["paid"] for row in again] == [row["paid"] for row in first]
    assert [row["id"] for row in again] == [row["id"] for row in first]


def test_kept_columns_and_rejects_of_a_conversion(tmp_path):
    """What is asked for goes along, and what is no post is named beside it."""
    source = tmp_path / "in.json"
    source.write_text(json.dumps({"items": [
        {"text": "it&#39;s late", "likes": "1,234", "campaign": 3}, {"text": "", "campaign": 4}, 7,
    ]}))  # fmt: skip
    from unpolished.data.io.fields.columns import Columns

    options = Options(columns=Columns(kept=("campaign",)))
    summary = convert(source, tmp_path / "o.jsonl", options)
    assert (summary.rows, summary.scored, summary.n_rejected) == (3, 1, 2)
    assert _rows(tmp_path / "o.jsonl") == [
        {"id": "row-1", "text": "it's late", "likes": 1234, "repairs": ["entities"], "campaign": 3}
    ]
    assert [row["code"] for row in _rows(tmp_path / "o.jsonl.rejects.jsonl")] == ["empty", "json"]
    with pytest.raises(ValueError, match="exists already"):
        convert(source, tmp_path / "o.jsonl", options)
    convert(source, tmp_path / "o.jsonl", Options(force=True))
    with pytest.raises(ValueError, match=r"name the output \.jsonl"):
        convert(source, tmp_path / "o.csv")
    with pytest.raises(ValueError, match="--keep likes"):
        convert(source, tmp_path / "p.jsonl", Options(columns=Columns(kept=("likes",))))
    assert not (tmp_path / "p.jsonl").exists()


def test_a_conversion_keeps_labels_and_its_input(tmp_path):
    """Nothing of a file that is there is overwritten without being asked for."""
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "late bus", "label_paid": "yes"}\n{"text": ""}\n')
    convert(source, tmp_path / "o.jsonl")
    assert _rows(tmp_path / "o.jsonl") == [{"id": "row-1", "text": "late bus", "label_paid": "yes"}]
    (tmp_path / "o.jsonl").unlink()
    with pytest.raises(ValueError, match=r"o\.jsonl\.rejects\.jsonl exists already"):
        convert(source, tmp_path / "o.jsonl")
    with pytest.raises(ValueError, match="is the input itself"):
        convert(source, source, Options(force=True))
    assert len(_rows(source)) == 2
