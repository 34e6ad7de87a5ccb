"""Embeddings are computed once, in blocks that a stopped run leaves behind."""

import numpy as np
import pytest
from unpolished.models.onnx import embedding_cache
from unpolished.models.onnx.embedding_cache import CachedEncoder

TEXTS = [f"post {number}" for number in range(7)]


class Counting:
    """Vectors that tell the text; keeps what it was asked."""

    def __init__(self, stop_after=99):
        self.asked, self.left = [], stop_after

    def encode(self, texts):
        """Width 2."""
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        self.asked += texts
        return np.array([[len(t), float(t[5:] or 0)] for t in texts], np.float32).reshape(-1, 2)

    def save(self, folder):
        """Nothing to save."""


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch):
    monkeypatch.setattr(embedding_cache, "BLOCK", 3)


def test_each_text_is_embedded_once(tmp_path):
    """Over calls and processes, whatever their order; of equal texts one."""
    first = Counting()
    found = CachedEncoder(first, tmp_path, "key").encode([*TEXTS, TEXTS[0]])
    assert sorted(first.asked) == TEXTS
    again = Counting()
    np.testing.assert_array_equal(
        CachedEncoder(again, tmp_path, "key").encode(TEXTS[::-1]), found[:-1][::-1]
    )
    assert again.asked == []
    assert CachedEncoder(again, tmp_path, "other key").encode(TEXTS[:1]).shape == (1, 2)
    assert again.asked == TEXTS[:1]
    assert CachedEncoder(again, tmp_path, "key").encode([]).shape == (0, 2)


def test_a_stopped_run_goes_on_where_it_was(tmp_path):
    """Whole blocks are kept, and nothing half written."""
    told = []
    with pytest.raises(KeyboardInterrupt):
        CachedEncoder(Counting(stop_after=2), tmp_path, "key").encode(
            TEXTS, lambda done, all_: told.append((done, all_))
        )
    assert told == [(3, 7), (6, 7)]
    rest = Counting()
    CachedEncoder(rest, tmp_path, "key").encode(TEXTS)
    assert rest.asked == TEXTS[6:]
    assert len(list(tmp_path.rglob("*.safetensors"))) == 3


def test_two_runs_share_what_they_know(tmp_path):
    """What another has written since is read before anything is computed."""
    one, two = Counting(), Counting()
    first, second = (CachedEncoder(c, tmp_path, "key") for c in (one, two))
    first.encode(TEXTS[:4])
    second.encode(TEXTS)
    assert two.asked == TEXTS[4:]


def test_files_hold_no_text(tmp_path):
    """Hashes and vectors alone."""
    CachedEncoder(Counting(), tmp_path, "key").encode(["a post nobody should read 1"[-6:] + "1"])
    for path in tmp_path.rglob("*.safetensors"):
        assert b"ead 1" not in path.read_bytes()
