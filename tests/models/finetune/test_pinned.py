"""Weights from the package index are read by path, unpacked once, and checked by hash."""

import zipfile

import pytest
from unpolished.models.finetune import pinned
from unpolished.models.finetune.pinned import TEACHER, WEIGHTS, pinned_encoder


@pytest.fixture
def parts(tmp_path, monkeypatch):
    """A zip in five parts, as the packages hold it, with a path that leads out of it."""
    whole = tmp_path / "whole.zip"
    with zipfile.ZipFile(whole, "w") as packed:
        for name in (*pinned._FILES, "modules.json"):
            packed.writestr(f"{TEACHER}/{name}", f"content of {name}")
        packed.writestr("../../outside.txt", "no")
    content, files = whole.read_bytes(), []
    step = -(-len(content) // 5)
    for number in range(5):
        files.append(tmp_path / f"part{number}")
        files[-1].write_bytes(content[number * step : (number + 1) * step])
    monkeypatch.setattr(pinned, "_parts", lambda: files)
    monkeypatch.setenv("UNPOLISHED_CACHE", str(tmp_path / "a" / "b" / "cache"))
    return files


def test_the_teacher_is_joined_and_unpacked_once(parts, monkeypatch, tmp_path):
    """Known files alone; a second call reads what is there."""
    digest = "9fa4ffa53e4c1b0c03a3e4b3b9d9d0e2"
    monkeypatch.setattr(pinned, "file_sha256", lambda path: digest)
    monkeypatch.setitem(pinned.PINNED_SHA256, TEACHER, digest)
    folder = pinned_encoder(TEACHER)
    assert {path.name for path in folder.iterdir()} == set(pinned._FILES)
    assert (folder / WEIGHTS).read_text() == f"content of {WEIGHTS}"
    monkeypatch.setattr(pinned, "_parts", lambda: pytest.fail("unpacked again"))
    assert pinned_encoder(TEACHER) == folder
    assert not list(tmp_path.rglob("outside.txt"))


@pytest.mark.usefixtures("parts")
def test_other_weights_are_refused():
    """By their hash, every time."""
    for _ in range(2):
        with pytest.raises(ValueError, match=r"model\.safetensors is not the pinned file"):
            pinned_encoder(TEACHER)


def test_what_is_missing_is_named(monkeypatch, tmp_path):
    """With the extra that brings it."""
    monkeypatch.setenv("UNPOLISHED_CACHE", str(tmp_path))
    monkeypatch.setattr(pinned, "_PARTS", ("no-such-package-here",))
    with pytest.raises(ImportError, match=r"pip install 'unpolished\[teacher\]'"):
        pinned_encoder(TEACHER)
