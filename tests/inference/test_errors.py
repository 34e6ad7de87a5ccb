"""One contract for what cannot be scored: the same id and the same error at every entry."""

import json
from types import SimpleNamespace

import pandas as pd
import pyarrow as pa
import pytest
from unpolished.data.posts import Post, PostError
from unpolished.inference.batch.score_file import score_file
from unpolished.inference.options import Options
from unpolished.inference.scorer import Scorer
from unpolished.inference.spark.tasks import score_frame
from unpolished.models.pipeline import Pipeline
from unpolished.models.serving.pyfunc import ARTIFACT, UnpolishedModel

FINE = "late bus again, so tired of this week lol"
RECORDS = [
    {"id": "a", "text": FINE},
    {"id": "b", "text": ""},
    {"text": " \n\t"},
    {"id": "d", "text": None},
    {"author": "e"},
    {"id": " ", "text": "\u00a0"},
    {"text": FINE},
]
CODES = [None, "empty", "empty", "missing", "missing", "empty", None]
IDS = ["a", "b", "row-3", "d", "row-5", "row-6", "row-7"]


def _pairs(rows):
    return [(row["id"], None if pd.isna(row["error"]) else row["error"]) for row in rows]


def _python(folder, records):
    return _pairs(row.model_dump() for row in Scorer.load(folder).score(records, errors="keep"))


def _arrow(folder, records):
    batches = pa.Table.from_pylist(_even(records)).to_batches(max_chunksize=2)
    return _pairs(row for b in Scorer.load(folder).score_batches(batches) for row in b.to_pylist())


def _spark(folder, records):
    batches = pa.Table.from_pylist(_even(records)).to_batches(max_chunksize=2)
    scored = score_frame(str(folder), Options(), iter(batches))
    return _pairs(row for batch in scored for row in batch.to_pylist())


def _mlflow(folder, records):
    model = UnpolishedModel()
    model.load_context(SimpleNamespace(artifacts={ARTIFACT: str(folder)}))
    return _pairs(model.predict(None, pd.DataFrame(_even(records))).to_dict("records"))


def _even(records):
    return [{name: record.get(name) for name in ("id", "author", "text")} for record in records]


ENTRIES = [_python, _arrow, _spark, _mlflow]


def _file(folder, records, where):
    """Ids of what was scored, and code and message of what was not, by the number of the record."""
    source, target = where / "in.jsonl", where / "out.jsonl"
    source.write_text("".join(json.dumps(record) + "\n" for record in records))
    score_file(Scorer.load(folder).pipeline, source, target)
    lines = (where / "out.jsonl.rejects.jsonl").read_text().splitlines()
    rejects = {r["line"]: r for r in map(json.loads, lines)}
    ids = [json.loads(line)["id"] for line in target.read_text().splitlines()]
    return ids, {n: f"{r['code']}: {r['message']}" for n, r in rejects.items()}


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_error_begins_with_its_reason_code(entry, rules_folder):
    """Followed by what is wrong; what could be scored has none."""
    found = entry(rules_folder, RECORDS)
    assert [error and error.partition(": ")[0] for _, error in found] == CODES
    assert all(error is None or error.partition(": ")[2] for _, error in found)


@pytest.mark.parametrize("entry", ENTRIES)
def test_ids_and_errors_are_those_of_a_file(entry, rules_folder, tmp_path):
    """A rejected record counts where a post without an id is numbered."""
    ids, rejects = _file(rules_folder, RECORDS, tmp_path)
    found = entry(rules_folder, RECORDS)
    assert [post_id for post_id, _ in found] == IDS
    assert {n: error for n, (_, error) in enumerate(found, 1) if error} == rejects
    assert [post_id for post_id, error in found if error is None] == ids


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_post_the_model_fails_on_is_an_error_too(entry, rules_folder, monkeypatch):
    """Its neighbours are scored."""
    real = Pipeline._score_all

    def poisoned(self, posts, *arguments, **options):
        if any("poison" in post.text for post in posts):
            raise ArithmeticError
        return real(self, posts, *arguments, **options)

    monkeypatch.setattr(Pipeline, "_score_all", poisoned)
    found = entry(rules_folder, [RECORDS[0], {"id": "p", "text": "poison " + FINE}, RECORDS[6]])
    assert found == [
        ("a", None),
        ("p", "model: the model failed on this post (ArithmeticError)"),
        ("row-3", None),
    ]


def test_items_that_are_no_records_have_codes_too(scorer):
    """Texts, numbers, posts, and what pandas puts into a gap; an odd id is not taken over."""
    items = ["  ", 7, None, float("nan"), Post(id="x", text=" "), {"text": 3}, {"id": True}]
    rows = scorer.score(items, errors="keep")
    assert [row.error.partition(":")[0] for row in rows] == [
        "empty", "type", "missing", "missing", "empty", "type", "missing",
    ]  # fmt: skip
    assert [row.id for row in rows] == ["row-1", "row-2", "row-3", "row-4", "x", "row-6", "row-7"]
    assert {row.p_paid for row in rows} == {None}
    assert scorer.score([{"id": 10**5000, "text": ""}], errors="keep")[0].id == "row-1"


@pytest.mark.parametrize(("item", "code"), [("  ", "empty"), (7, "type"), ({}, "missing")])
def test_what_is_raised_has_the_code_that_is_kept(scorer, item, code):
    """And the same words."""
    with pytest.raises(PostError, match=r"^post 1: field 'text': ") as raised:
        scorer.score([FINE, item])
    kept = scorer.score([FINE, item], errors="keep")[1].error
    assert (raised.value.code, kept) == (code, f"{code}: {str(raised.value)[len('post 1: ') :]}")


def test_a_prevalence_that_cannot_be_set_is_no_fault_of_a_post(scorer):
    """It raises, also where errors are kept."""
    with pytest.raises(ValueError, match="axes: "):
        scorer.score([FINE], prevalence={"cause": 0.1}, errors="keep")
