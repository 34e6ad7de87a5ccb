"""Ten invented posts, in every shape that is known: each gives the same posts again."""

import json
from datetime import UTC
from itertools import count
from pathlib import Path

import pytest
from unpolished.data.errors import Reject
from unpolished.data.io.exports.recognise import lists_in
from unpolished.data.io.exports.table import shapes
from unpolished.data.io.fields.find import Fields
from unpolished.data.io.read import read_items, read_posts
from unpolished.data.posts import Post
from unpolished.data.text.repair.repair import repair

HERE = Path(__file__).parent
TEN = json.loads((HERE / "ten_posts.json").read_text("utf-8"))
FIXTURES = sorted(path for path in (HERE / "fixtures").iterdir())
COUNTS = ("followers", "likes", "comments", "shares")


def shape_of(path):
    """The name of a fixture up to its ending is that of its shape."""
    return path.name.partition(".")[0]


def _read(path, source=None):
    fields = Fields(source=source, exports=True)
    items = list(read_items(path, Post, None, fields, count(1)))
    assert not [item.found for item in items if isinstance(item.found, Reject)]
    return [item.found for item in items], fields.export.read_as


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_the_ten_posts_are_read(path):
    """Recognised by what the file holds; whatever the shape carries is as it was posted."""
    shape = shapes()[shape_of(path)]
    posts, read_as = _read(path)
    assert dict(read_as) == {shape.title: 1}
    assert posts
    for post, ten in zip(posts, TEN, strict=len(posts) > 1):
        assert repair(post.text).text == ten["text"]
        assert not post.passed_over
        assert post.platform == (shape.platform or None)
        for field in COUNTS:
            # What a source leaves out where it is 0 is unknown, and so is what it hides.
            assert getattr(post, field) in (ten[field], None)
            if field not in shape.fields:
                assert getattr(post, field) is None
        assert post.paid_partnership in (ten["paid_partnership"], None)
        if "posted_at" in shape.fields:
            moment = post.posted_at if post.posted_at.tzinfo else post.posted_at.replace(tzinfo=UTC)
            assert moment.astimezone(UTC).isoformat() == ten["posted_at"]
    for field in set(shape.fields) & {*COUNTS, "author", "url"}:
        assert any(getattr(post, field) is not None for post in posts), field
    by_name, _ = _read(path, shape.name)
    assert by_name == posts


def test_every_shape_has_a_fixture():
    """At least one."""
    assert {shape_of(path) for path in FIXTURES} == set(shapes())


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_a_read_file_can_be_given_by_python(path):
    """With the name of its source, or without."""
    named = list(read_posts(path, Post, source=shape_of(path)))
    assert [post for _, post in read_posts(path, Post)] == [post for _, post in named]


# Those whose records stand in a list that the table names, but for pages that are read whole.
IN_LISTS = [
    path for path in FIXTURES
    if path.suffix == ".json" and path.read_bytes()[:1] == b"{" and shape_of(path) != "x-api"
]  # fmt: skip


@pytest.mark.parametrize("path", IN_LISTS, ids=lambda path: path.name)
def test_a_large_file_is_read_as_a_small_one(path, monkeypatch, tmp_path):
    """Out of its list, one by one, whichever list that is."""
    content = json.loads(path.read_text("utf-8"))
    lists = dict(lists_in(content))
    items = next((lists[w] for w in shapes()[shape_of(path)].records if w in lists), None)
    items = next(iter(lists.values())) if items is None else items
    items *= 1 + (1 << 18) // path.stat().st_size
    large = tmp_path / path.name
    large.write_text(json.dumps(content))
    expected, read_as = _read(large)
    monkeypatch.setattr("unpolished.data.io.formats.jsonl.MAX_LINE_BYTES", 1 << 16)
    posts, streamed_as = _read(large)
    assert posts == expected
    assert streamed_as == read_as
