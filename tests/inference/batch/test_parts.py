"""Parts: a list of posts and rejects, the same in another process."""

import io
import pickle
from itertools import count

import pytest
from unpolished.data.errors import Reject
from unpolished.data.io.fields.columns import Columns
from unpolished.data.io.fields.find import Fields
from unpolished.data.io.read import read_items
from unpolished.data.posts import Post
from unpolished.inference.batch import parts
from unpolished.inference.batch.part_scorer import PartScorer
from unpolished.inference.batch.parts import cut
from unpolished.inference.options import Options
from unpolished.inference.output.row_encoder import RowEncoder

LINES = b"""{"text": "late bus again lol", "likes": "many", "lang": ["en"]}
{"id": "ad", "text": "so in love with it", "paid_partnership": true, "truncated": true}
{
{"id": "empty", "text": " "}
{"text": "caf\xc3\x83\xc2\xa9 by the sea with my sister", "lang": "fr"}
"""
OPTIONS = Options(columns=Columns(kept=("lang", "text")))


def _items(data=LINES, first=1):
    fields = Fields(OPTIONS.columns)
    return read_items(io.BytesIO(data), Post, "jsonl", fields, count(first), "a.jsonl")


def test_a_part_holds_posts_and_rejects_in_order():
    """Each with its place; told of each post's own id, and of no number."""
    seen = []
    (part,) = cut(_items(first=11), seen.append)
    assert (part.rows, [item.line for item in part.items]) == (5, [1, 2, 3, 4, 5])
    assert [item.found.row_id for item in part.items] == [
        "row-11",
        "ad",
        "row-13",
        "empty",
        "row-15",
    ]
    assert [isinstance(item.found, Reject) for item in part.items] == [False] * 2 + [True] * 2 + [
        False
    ]
    assert seen == [None, "ad", None]


@pytest.mark.parametrize("data", [LINES, LINES.splitlines(True)[3], LINES.splitlines(True)[0]])
def test_a_part_is_the_same_in_another_process(scorer, data):
    """Rows, rejects and counts, whatever is in it; and from there to one more."""
    (part,) = cut(_items(data), lambda _: None)
    score = PartScorer(scorer.pipeline, OPTIONS, RowEncoder("jsonl", OPTIONS.columns.kept)).score
    sent = pickle.loads(pickle.dumps(part))  # noqa: S301  (made here)
    again = pickle.loads(pickle.dumps(sent))  # noqa: S301
    assert score(part) == score(sent) == score(again)
    assert len(score(part).data.splitlines()) + len(score(part).rejects.splitlines()) == part.rows


def test_a_part_travels_as_plain_values():
    """Posts themselves would take many times as long."""
    (part,) = cut(_items(), lambda _: None)
    assert b"pydantic" in pickle.dumps(part.items[0].found)
    assert b"pydantic" not in pickle.dumps(part)


def test_long_posts_and_kept_columns_make_parts_of_fewer_rows(monkeypatch):
    """So that memory holds them."""
    monkeypatch.setattr(parts, "PART_CHARS", 50)
    assert [part.rows for part in cut(_items(), lambda _: None)] == [2, 3]


def test_fewer_rows_where_fewer_are_wanted(monkeypatch):
    """As models with a network want them; never more than others have."""
    assert [part.rows for part in cut(_items(), lambda _: None, 3)] == [3, 2]
    monkeypatch.setattr(parts, "PART_ROWS", 2)
    assert [part.rows for part in cut(_items(), lambda _: None, 3)] == [2, 2, 1]
