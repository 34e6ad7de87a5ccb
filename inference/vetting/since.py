"""What changed since an earlier report: creators that came or went, and numbers that moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ...data.errors import InputError

# Numbers that are compared, as the table has them.
_COMPARED = ("posts", "followers", "tier", "polished_posts", "paid_disclosed", "paid_undisclosed",
             "paid_ambiguous", "performative_posts", "cause_high")  # fmt: skip


class Moved(NamedTuple):
    """One difference.

    Attributes:
        platform: of the creator.
        creator: who.
        what: ``new``, ``gone``, or the column that is another one now.
        before: its value in the earlier report.
        after: its value now.
    """

    platform: str | None
    creator: str
    what: str
    before: Any = None
    after: Any = None


def read_earlier(folder: Path) -> list[dict[str, Any]]:
    """The table of an earlier report.

    Raises:
        InputError: no such folder, or none that ``vet`` wrote.
    """
    from pyarrow import ArrowException, parquet

    path = folder / "creators.parquet"
    try:
        table = parquet.read_table(path).to_pylist()
    except (OSError, ArrowException) as error:
        why = getattr(error, "strerror", None) or "not a table of creators"
        raise InputError(f"{path}: {why}; give a folder that vet wrote") from None
    if table and not {"platform", "creator", *_COMPARED} <= set(table[0]):
        raise InputError(f"{path}: not a table of creators; give a folder that vet wrote")
    return [dict(row) for row in table]


def moved(
    earlier: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]
) -> Iterator[Moved]:
    """The differences, creator by creator."""
    old = {(row["platform"], row["creator"]): row for row in earlier}
    new = {(row["platform"], row["creator"]): row for row in now}
    for key in sorted(old.keys() | new.keys(), key=lambda key: (key[0] or "", key[1] or "")):
        if key not in old:
            yield Moved(*key, "new")
        elif key not in new:
            yield Moved(*key, "gone")
        else:
            for column in _COMPARED:
                before, after = old[key][column], new[key][column]
                if before != after:
                    yield Moved(*key, column, before, after)
