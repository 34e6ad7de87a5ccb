"""Masked texts from the cache are those that masking would give now."""

import subprocess
import sys

from unpolished.data import masked
from unpolished.data.masked import masked_texts, masking_files, masking_version
from unpolished.data.masking import mask

TEXTS = ["Thank you @someone for the ride https://example.org", "Nothing to hide here"]
LOADED = """
import sys
import unpolished.data.masking
print(*(name.split(".")[-1] for name in sys.modules if name.startswith("unpolished.data.")))
"""


def test_cache_gives_what_masking_gives(tmp_path, monkeypatch):
    """The first and the second call agree; people's own posts are not kept."""
    monkeypatch.setenv("UNPOLISHED_CACHE", str(tmp_path))
    expected = [mask(text).text for text in TEXTS]
    assert masked_texts(TEXTS, keep=False) == expected
    assert not list(tmp_path.iterdir())
    assert masked_texts(TEXTS) == masked_texts(TEXTS) == expected
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_version_covers_all_that_masking_loads():
    """Every module of ours that masking imports is part of its version."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    names = {path.stem for path in masking_files()}
    assert set(done.stdout.split()) <= names
    assert any(path.suffix == ".toml" for path in masking_files())


def test_a_new_masking_is_asked_again(tmp_path, monkeypatch):
    """A changed version does not find the old texts."""
    monkeypatch.setenv("UNPOLISHED_CACHE", str(tmp_path))
    masked_texts(TEXTS)
    monkeypatch.setattr(masked, "masking_version", lambda: "another" + masking_version())
    masked_texts(TEXTS)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2
