"""Masked texts from the cache are those that masking would give now."""

import hashlib
import json
from pathlib import Path

from unpolished.data.text import masked_cache as masked
from unpolished.data.text.masked_cache import MASKING_VERSION, masked_texts
from unpolished.data.text.masking import mask

TEXTS = ["Thank you @someone for the ride https://example.org", "Nothing to hide here"]
CORPUS = Path(masked.__file__).parents[1] / "corpus" / "posts.jsonl"
CASES = sorted(Path(__file__).parent.glob("disclosure/cases/*.txt"))
# The version, and the SHA-256 of all invented posts and cases as it masks them.
MASKED = (8, "48b97ea7968cd582c678c651b3dabbd159938756ef75eb5414aba02bfcd69643")


def test_cache_gives_what_masking_gives(tmp_path, monkeypatch):
    """The first and the second call agree; people's own posts are not kept."""
    monkeypatch.setenv("UNPOLISHED_CACHE", str(tmp_path))
    expected = [mask(text).text for text in TEXTS]
    assert masked_texts(TEXTS, keep=False) == expected
    assert not list(tmp_path.iterdir())
    assert masked_texts(TEXTS) == masked_texts(TEXTS) == expected
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_version_rises_with_the_masked_texts():
    """Where this fails: raise MASKING_VERSION, and write it here with the new hash."""
    texts = [json.loads(line)["text"] for line in CORPUS.read_text("utf-8").splitlines()]
    texts += [row for path in CASES for row in path.read_text("utf-8").splitlines()]
    digest = hashlib.sha256("\0".join(masked_texts(texts, keep=False)).encode()).hexdigest()
    assert (MASKING_VERSION, digest) == MASKED


def test_a_new_masking_is_asked_again(tmp_path, monkeypatch):
    """A changed version does not find the old texts."""
    monkeypatch.setenv("UNPOLISHED_CACHE", str(tmp_path))
    masked_texts(TEXTS)
    monkeypatch.setattr(masked, "MASKING_VERSION", MASKING_VERSION + 1)
    masked_texts(TEXTS)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2
