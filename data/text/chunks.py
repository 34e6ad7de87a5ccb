"""Texts a window at a time, so that what is made of all of them at once stays small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

WINDOW_CHARS = 1 << 16


def windows(texts: Sequence[str], chars: int = WINDOW_CHARS) -> Iterator[Sequence[str]]:
    """Consecutive texts of about so many characters together, at least one of them."""
    start, size = 0, 0
    for i, text in enumerate(texts):
        if size and size + len(text) > chars:
            yield texts[start:i]
            start, size = i, 0
        size += len(text)
    if start < len(texts):
        yield texts[start:]
