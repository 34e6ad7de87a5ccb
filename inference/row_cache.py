"""Rows of texts scored before, within bounds."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from ..models.pipeline import Content
from ..models.scored_post import ScoredPost

MAX_ROWS = 10_000
MAX_CHARS = 1 << 23


class Key(NamedTuple):
    """All that a row depends on but its id."""

    text: str
    paid_partnership: bool
    truncated: bool = False
    repairs: tuple[str, ...] = ()


def key_of(post: Content) -> Key:
    """The key of a post; a label that says no is like none."""
    return Key(post.text, post.paid_partnership is True, post.truncated is True, post.repairs)


class RowCache:
    """The rows last asked for, at most ``MAX_ROWS`` of them and ``MAX_CHARS`` of their texts."""

    def __init__(self, max_rows: int = MAX_ROWS, max_chars: int = MAX_CHARS) -> None:
        self._rows: OrderedDict[Key, ScoredPost] = OrderedDict()
        self._max_rows, self._max_chars, self._chars = max_rows, max_chars, 0

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, key: Key) -> ScoredPost | None:
        """The row of a text, if it is still known."""
        row = self._rows.get(key)
        if row is not None:
            self._rows.move_to_end(key)
        return row

    def put(self, key: Key, row: ScoredPost) -> None:
        """Remember a row; what was not asked for longest is forgotten first."""
        self._rows[key] = row
        self._chars += len(key[0])
        while len(self._rows) > self._max_rows or self._chars > self._max_chars:
            key, _ = self._rows.popitem(last=False)
            self._chars -= len(key.text)
