"""Whatever the bytes, they are posts, rejects, or refused."""

import io
import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unpolished.data.errors import InputError, Reject
from unpolished.data.io.formats.bounded_lines import bounded_lines
from unpolished.data.io.read import read_posts
from unpolished.data.posts import Post

JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)  # fmt: skip
FIELDS = st.sampled_from(
    ["text", "id", "author", "posted_at", "likes", "paid_partnership", "platform"]
)


def _is_json(record):
    try:
        return bool(json.dumps(record, allow_nan=False))
    except ValueError:
        return False


@given(st.lists(st.dictionaries(FIELDS, JSONISH, max_size=5), max_size=5))
def test_any_record_is_a_post_or_a_reject(records):
    """Each line is accounted for, in order."""
    content = "".join(json.dumps(record) + "\n" for record in records).encode()
    # A line with NaN is no JSON, and a reject whatever its keys.
    told = [record for record in records if _is_json(record)]
    if told and not any("text" in record for record in told):
        with pytest.raises(InputError, match="--map text"):
            list(read_posts(io.BytesIO(content), Post))
        return
    items = list(read_posts(io.BytesIO(content), Post))
    lines = [item.line if isinstance(item, Reject) else item[0] for item in items]
    assert lines == list(range(1, len(records) + 1))
    for item in items:
        assert isinstance(item, Reject) or item[1].text.strip()


@given(st.binary(max_size=200), st.sampled_from(["jsonl", "csv", "parquet"]))
@settings(max_examples=300)
def test_any_bytes_are_read_or_refused(content, found):
    """Never another error."""
    heads = {"csv": b"id,text\n", "jsonl": b"", "parquet": b"PAR1"}
    for data in (content, heads[found] + content, b"\x1f\x8b\x08\x00" + content):
        items = read_posts(io.BytesIO(data), Post, found)
        with suppress(InputError):
            assert all(isinstance(item, Reject) or item[1].text.strip() for item in items)


@given(st.lists(st.sampled_from(["a", "\r", "\n", "\r\n", '"', ",", "é", "\ufeff"]), max_size=40))
def test_lines_are_cut_as_python_cuts_them(parts):
    """However the stream hands its bytes out."""
    content = "".join(parts).encode()
    for step in (1, 3, 1000):
        assert list(bounded_lines(_Dripping(content, step))) == content.splitlines(keepends=True)


class _Dripping(io.BytesIO):
    """Hands out a few bytes at a time, as pipes do."""

    def __init__(self, content, step):
        super().__init__(content)
        self._step = step

    def read1(self, size=-1):
        return super().read1(min(size, self._step))


def test_a_line_over_the_limit_does_not_hide_the_next():
    """Wherever the pieces are cut."""
    content = b"a\n" + b"b" * 11 + b"\n" + b"c\r\n" + b"d" * 12
    for step in range(1, 20):
        assert list(bounded_lines(_Dripping(content, step), limit=10)) == [
            b"a\n",
            None,
            b"c\r\n",
            None,
        ]
