"""The input cut into parts, the unit that is scored, written and taken up again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from ...data.errors import Reject
from ...data.io.read import Item
from ...data.posts import Post
from ...data.values.jurisdictions import Jurisdiction

PART_ROWS = 2_500
# Of models with a network, which work on two parts at once in one process: the texts of one while
# the other is in the network. Smaller ones would be padded more.
NETWORK_PART_ROWS = 2_000
# Posts of several MB each would add up to more than memory holds: such a part has fewer rows.
PART_CHARS = 1 << 24


class SentPost(NamedTuple):
    """What of a post goes to another process: all that its row depends on, and is counted."""

    row_id: str
    text: str
    author: str | None
    posted_at: datetime | None
    jurisdiction: tuple[Jurisdiction, ...] | None
    author_country: Jurisdiction | None
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
        # As columns of plain values: posts themselves would take many times as long on their way.
        found = [item.found for item in self.items]
        rejects = {i: one for i, one in enumerate(found) if isinstance(one, Reject)}
        posts = [one for one in found if not isinstance(one, Reject)] if rejects else found
        columns = [list(map(attrgetter(name), posts)) for name in SentPost._fields]
        files, lines, _, kept = zip(*self.items, strict=True)
        return _arrived, (self.number, files, lines, kept, columns, rejects)


def _arrived(
    number: int,
    files: Sequence[str],
    lines: Sequence[int],
    kept: Sequence[tuple[Any, ...]],
    columns: Sequence[Sequence[Any]],
    rejects: Mapping[int, Reject],
) -> Part:
    posts: Iterator[SentPost | Reject] = map(SentPost, *columns)
    if rejects:
        posts = iter([rejects[i] if i in rejects else next(posts) for i in range(len(files))])
    return Part(number, [Item(*one) for one in zip(files, lines, posts, kept, strict=True)])


def cut(
    items: Iterable[Item[Post]], see_id: Callable[[str | None], None], most: int | None = None
) -> Iterator[Part]:
    """Parts of ``PART_ROWS`` records each, or fewer where they weigh more than ``PART_CHARS``.

    Args:
        items: the records of the whole input.
        see_id: told each post's own id.
        most: records of a part, where fewer are wanted.
    """
    rows = min(PART_ROWS, most or PART_ROWS)
    number, taken, weight = 0, [], 0
    for item in items:
        taken.append(item)
        if isinstance(item.found, Post):
            see_id(item.found.id)
            weight += len(item.found.text) + sum(map(_weight, item.kept))
        if len(taken) == rows or weight >= PART_CHARS:
            yield Part(number, taken)
            number, taken, weight = number + 1, [], 0
    if taken:
        yield Part(number, taken)


def _weight(value: object) -> int:
    if isinstance(value, str | bytes):
        return len(value)
    return len(str(value)) if isinstance(value, list | dict) else 8
