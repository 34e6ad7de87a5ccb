"""The C library is told before threads start, unless somebody has told it otherwise."""

import ctypes

import pytest
from unpolished.inference.batch.allocator import spare_memory


@pytest.fixture
def told(monkeypatch):
    """What mallopt was called with, in the place of calling it."""
    calls = []

    class Library:
        def __init__(self, name):
            assert name is None

        def mallopt(self, name, value):
            calls.append((name.value, value.value))

    monkeypatch.setattr(ctypes, "CDLL", Library)
    for name in ("MALLOC_ARENA_MAX", "MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"):
        monkeypatch.delenv(name, raising=False)
    return calls


def test_one_pool_that_gives_back(told):
    """mallopt(3): M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD."""
    spare_memory()
    assert told == [(-8, 1), (-3, 8 << 20), (-1, 8 << 20)]


def test_what_the_user_has_set_stays(told, monkeypatch):
    """Any of the variables of mallopt(3)."""
    monkeypatch.setenv("MALLOC_ARENA_MAX", "4")
    spare_memory()
    assert told == []


@pytest.mark.parametrize("error", [TypeError, OSError, AttributeError])
def test_a_library_that_cannot_be_told_is_no_error(error, monkeypatch):
    """Of Windows, of musl, of macOS."""

    def fail(name):
        raise error

    monkeypatch.setattr(ctypes, "CDLL", fail)
    spare_memory()
