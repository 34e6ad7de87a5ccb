"""The input cut into parts, the unit that is scored, written and taken up again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ...data.errors import Reject
from ...data.io.fields.find import Fields
from ...data.io.read import checked
from ...data.posts import Post, row_id
from .inputs import Record

PART_ROWS = 10_000
# Posts of several MB each would add up to more than memory holds: such a part has fewer rows.
PART_CHARS = 1 << 24


@dataclass
class Part:
    """Consecutive records: posts as columns, which travel to another process at little cost.

    Attributes:
        number: from 0.
        rows: records, rejects among them.
        lines: of each post, in its file.
        files: of each post.
        ids: of each post; see ``posts.row_id`` for those without one.
        texts: of each post.
        labelled: whether the platform labels the post as paid.
        truncated: whether the source says that it has cut the post off.
        repairs: what was mended in each post while it was read.
        kept: the kept columns of each post.
        rejects: (posts before it in this part, file, reject).
        passed_over: how often a field could not be read that no score hangs on.
    """

    number: int
    rows: int = 0
    lines: list[int] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    labelled: list[bool] = field(default_factory=list)
    truncated: list[bool] = field(default_factory=list)
    repairs: list[tuple[str, ...]] = field(default_factory=list)
    kept: list[tuple[Any, ...]] = field(default_factory=list)
    rejects: list[tuple[int, str, Reject]] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)

    def add(self, record: Record, found: Post | Reject, extra: tuple[Any, ...], n: int) -> int:
        """Take the n-th record of the input; returns how much it weighs, in characters."""
        self.rows += 1
        if isinstance(found, Reject):
            self.rejects.append((len(self.texts), record.file, found))
            return 0
        self.lines.append(record.line)
        self.files.append(record.file)
        self.ids.append(found.id or row_id(n))
        self.texts.append(found.text)
        self.labelled.append(found.paid_partnership is True)
        self.truncated.append(found.truncated is True)
        self.repairs.append(found.repairs)
        if found.passed_over:
            self.passed_over.update(found.passed_over)
        self.kept.append(extra)
        return len(found.text) + sum(_weight(value) for value in extra)


def cut(
    records: Iterable[Record],
    fields: Fields,
    see_id: Callable[[str | None], None],
    first: int = 1,
) -> Iterator[Part]:
    """Parts of ``PART_ROWS`` records each, or fewer where they weigh more than ``PART_CHARS``.

    Args:
        records: of the whole input.
        fields: finds posts in them, and what goes along.
        see_id: told each post's own id.
        first: number of the first record.
    """
    part, weight = Part(0), 0
    for n, record in enumerate(records, first):
        found, extra = _post(record, fields)
        if isinstance(found, Post):
            see_id(found.id)
        weight += part.add(record, found, extra, n)
        if part.rows == PART_ROWS or weight >= PART_CHARS:
            yield part
            part, weight = Part(part.number + 1), 0
    if part.rows:
        yield part


def _post(record: Record, fields: Fields) -> tuple[Post | Reject, tuple[Any, ...]]:
    if isinstance(record.found, Reject):
        return record.found, ()
    found = checked(record.line, record.found, Post, fields)
    if isinstance(found, Reject):
        return found, ()
    try:
        return found[1], fields.kept(record.found)
    except ValueError as error:
        return Reject(record.line, found[1].id, None, "value", f"a kept column: {error}"), ()


def _weight(value: object) -> int:
    if isinstance(value, str | bytes):
        return len(value)
    return len(str(value)) if isinstance(value, list | dict) else 8
