"""The input cut into parts, the unit that is scored, written and taken up again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ...data.errors import Reject
from ...data.io.read import Item
from ...data.posts import Post

PART_ROWS = 10_000
# Posts of several MB each would add up to more than memory holds: such a part has fewer rows.
PART_CHARS = 1 << 24


class SentPost(NamedTuple):
    """What of a post goes to another process: all that its row depends on, and is counted."""

    row_id: str
    text: str
    paid_partnership: bool | None
    truncated: bool | None
    repairs: tuple[str, ...]
    passed_over: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """Consecutive records of the input.

    Attributes:
        number: from 0.
        items: posts, and rejects among them.
    """

    number: int
    items: Sequence[Item[Any]]

    @property
    def rows(self) -> int:
        """Records, rejects among them."""
        return len(self.items)

    def __reduce__(self) -> tuple[Any, ...]:
        # Columns of plain values: posts themselves would take many times as long on their way.
        found = [_sent(item.found) for item in self.items]
        files, lines, _, kept = zip(*self.items, strict=True) if self.items else ((),) * 4
        return _arrived, (self.number, files, lines, found, kept)


def _sent(found: Post | SentPost | Reject) -> tuple[Any, ...] | Reject:
    if isinstance(found, Reject):
        return found
    return (found.row_id, found.text, found.paid_partnership, found.truncated,
            found.repairs, found.passed_over)  # fmt: skip


def _arrived(
    number: int,
    files: Sequence[str],
    lines: Sequence[int],
    found: Sequence[tuple[Any, ...] | Reject],
    kept: Sequence[tuple[Any, ...]],
) -> Part:
    posts = [one if isinstance(one, Reject) else SentPost._make(one) for one in found]
    return Part(number, [Item(*item) for item in zip(files, lines, posts, kept, strict=True)])


def cut(items: Iterable[Item[Post]], see_id: Callable[[str | None], None]) -> Iterator[Part]:
    """Parts of ``PART_ROWS`` records each, or fewer where they weigh more than ``PART_CHARS``.

    Args:
        items: the records of the whole input.
        see_id: told each post's own id.
    """
    number, taken, weight = 0, [], 0
    for item in items:
        taken.append(item)
        if isinstance(item.found, Post):
            see_id(item.found.id)
            weight += len(item.found.text) + sum(map(_weight, item.kept))
        if len(taken) == PART_ROWS or weight >= PART_CHARS:
            yield Part(number, taken)
            number, taken, weight = number + 1, [], 0
    if taken:
        yield Part(number, taken)


def _weight(value: object) -> int:
    if isinstance(value, str | bytes):
        return len(value)
    return len(str(value)) if isinstance(value, list | dict) else 8
