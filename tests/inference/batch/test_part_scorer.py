"""What a part becomes does not depend on how many of its rows are there at once."""

import json

import pytest
from unpolished.data.errors import Reject
from unpolished.data.io.read import Item
from unpolished.data.posts import Post
from unpolished.inference.batch import part_scorer
from unpolished.inference.batch.part_scorer import PartScorer
from unpolished.inference.batch.parts import Part
from unpolished.inference.batch.pool import _Packed
from unpolished.inference.options import Options
from unpolished.inference.output.row_encoder import RowEncoder
from unpolished.models.pipeline import Pipeline

TEXTS = ["late bus again", "my #ad for tea", "so in love with this serum, code MAYA10", "ok"] * 4


@pytest.fixture(scope="module")
def light():
    """The light model."""
    return Pipeline.load("linear")


def _part():
    items = [Item("a", n, Post(id=f"{n}", text=text, author="maya"), ())
             for n, text in enumerate(TEXTS)]  # fmt: skip
    for n in (0, 5, 6, 7, 15):
        items[n] = Item("a", n, Reject(n, f"{n}", "text", "empty", "has no text"), ())
    return Part(3, items)


@pytest.mark.parametrize("size", [1, 3, 16, 100])
@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_pieces_are_the_whole(kind, size, light, monkeypatch):
    """Rows, rejects and counts, with rejects at both ends and a piece of nothing else."""
    whole = PartScorer(light, Options(), RowEncoder(kind)).score(_part())
    assert whole.summary.scored == 11
    assert sum(whole.summary.labels["paid"].values()) == 11
    monkeypatch.setattr(part_scorer, "SMALL_WINDOW", size)
    found = PartScorer(light, Options(), RowEncoder(kind)).score(_part())
    assert found.data == whole.data
    assert found.rejects == whole.rejects
    assert found.summary.as_json() == whole.summary.as_json()
    assert found.summary.by_author == whole.summary.by_author


def test_a_part_without_posts_is_empty(light):
    """Also one without anything in it."""
    scorer = PartScorer(light, Options(), RowEncoder("jsonl"))
    rejects = Part(0, [item for item in _part().items if isinstance(item.found, Reject)])
    assert scorer.score(rejects).data == scorer.score(Part(0, [])).data == b""
    assert len(scorer.score(rejects).rejects.splitlines()) == 5


def test_lines_are_whole(light):
    """One of JSON for each post, in order."""
    scored = PartScorer(light, Options(), RowEncoder("jsonl")).score(_part())
    ids = [json.loads(line)["id"] for line in scored.data.splitlines()]
    assert ids == [item.found.id for item in _part().items if isinstance(item.found, Post)]


def test_a_packed_part_is_the_same_part(light):
    """What waits for a process, and is scored here where it is the only one."""
    scorer = PartScorer(light, Options(), RowEncoder("jsonl"))
    packed = _Packed.of(_part())
    assert (packed.number, packed.rows) == (3, len(TEXTS))
    assert scorer.score(packed.part()) == scorer.score(_part())
