"""The posts that are timed."""

from itertools import islice

import numpy as np
from speed.files import counted
from speed.limits import SESSION_TOKENS, batches
from speed.posts import different, read_texts, read_tokens, write_posts, write_tokens


def test_no_text_comes_twice_where_all_are_different(tmp_path):
    """Also in the third round, and after a file."""
    write_posts(tmp_path / "a.jsonl", different(["a b", 'c\n"d"']), 6)
    texts = read_texts(tmp_path / "a.jsonl")
    assert texts[:2] == ["a b", 'c\n"d"']
    assert len(set(texts)) == 6


def test_tokens_come_back_shortest_first(tmp_path):
    """With every id."""
    write_tokens(tmp_path / "t.npz", [[1, 2, 3], [4], [5, 6]])
    assert [t.tolist() for t in read_tokens(tmp_path / "t.npz")] == [[4], [5, 6], [1, 2, 3]]


def test_batches_hold_every_post_once_in_its_own_row():
    """Padded with nothing that is attended to, and no larger than a cache holds."""
    tokens = [np.arange(1, n + 1) for n in (2, 3, 300, 300, 300, 900)]
    found = list(batches(tokens))
    rows = [ids[i][attention[i] == 1] for ids, attention in found for i in range(len(ids))]
    assert [row.tolist() for row in rows] == [one.tolist() for one in tokens]
    assert all(ids.size <= SESSION_TOKENS or len(ids) == 1 for ids, _ in found)
    assert [len(ids) for ids, _ in found] == [2, 2, 1, 1]


def test_slow_rows_get_fewer_posts():
    """And at least one."""
    assert counted(40_000)["few"] == 1_000
    assert counted(400)["few"] == 400
    assert min(counted(2).values()) == 1


def test_texts_go_on_for_ever():
    """Also beyond those there are."""
    assert len(list(islice(different(["a"]), 5))) == 5
