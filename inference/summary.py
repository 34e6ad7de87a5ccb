"""What became of an input: counts, and how many rejects are too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ..data import axes
from ..data.errors import InputError, RejectCode
from ..data.io.fields.not_read import NotRead
from .by_author import ByAuthor

COUNTED = (*axes.LABELS, "disclosure", "language")
# The code of a whole file, of many, that cannot be read.
UNREADABLE: RejectCode = "file"


@dataclass
class Summary:
    """What became of a file, or of a part of it.

    Attributes:
        rows: records read.
        scored: rows written.
        rejected: by reason code.
        duplicate_ids: rows whose id stood there before; see ``duplicate_ids.IdCounter``.
        truncated: rows of posts that the model did not read whole.
        repairs: rows in which a text was mended, by code.
        passed_over: values that could not be read, by field, of fields that no score hangs on.
        labels: per column, how often each value.
        by_author: posts of this run by author; not kept with the other counts, which are written
            beside the output.
        not_read: columns of the whole input that nothing was read from.
        left: files of an archive that hold no posts and were not read.
        read_as: titles of the exports that files were read as, each with how many there were.
        lacking: file of many to the columns asked for that none of its records had.
        seconds: wall time.
    """

    rows: int = 0
    scored: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    duplicate_ids: int = 0
    truncated: int = 0
    repairs: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)
    labels: dict[str, Counter[str]] = field(default_factory=lambda: {c: Counter() for c in COUNTED})
    by_author: ByAuthor = field(default_factory=ByAuthor)
    not_read: NotRead = field(default_factory=NotRead)
    left: list[str] = field(default_factory=list)
    read_as: dict[str, int] = field(default_factory=dict)
    lacking: dict[str, list[str]] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def n_rejected(self) -> int:
        """Rejected records of all codes."""
        return sum(self.rejected.values())

    def add(self, other: Summary) -> None:
        """Count another part in; what is said of a whole input is left alone."""
        self.rows += other.rows
        self.scored += other.scored
        self.rejected.update(other.rejected)
        self.truncated += other.truncated
        self.repairs.update(other.repairs)
        self.passed_over.update(other.passed_over)
        self.by_author.add(other.by_author)
        for column, counts in other.labels.items():
            self.labels[column].update(counts)

    def counts(self) -> dict[str, Any]:
        """As JSON types."""
        return {
            "rows": self.rows,
            "scored": self.scored,
            "rejected": dict(sorted(self.rejected.items())),
            "truncated": self.truncated,
            "repairs": dict(sorted(self.repairs.items())),
            "passed_over": dict(sorted(self.passed_over.items())),
            "labels": {c: dict(sorted(n.items())) for c, n in self.labels.items()},
        }

    def columns(self) -> dict[str, Any]:
        """What is said of the columns of a whole input, as JSON types."""
        return {
            "read_as": self.read_as, "left": self.left,
            "not_read": self.not_read.as_json(), "lacking": self.lacking,
        }  # fmt: skip

    @classmethod
    def from_counts(cls, counts: Mapping[str, Any]) -> Self:
        """Read back what ``counts`` gave, and ``columns`` if it is there."""
        return cls(
            rows=counts["rows"],
            scored=counts["scored"],
            rejected=Counter(counts["rejected"]),
            truncated=counts["truncated"],
            repairs=Counter(counts["repairs"]),
            passed_over=Counter(counts["passed_over"]),
            labels={c: Counter(counts["labels"].get(c, {})) for c in COUNTED},
            not_read=NotRead.from_json(counts.get("not_read", {})),
            left=list(counts.get("left", ())),
            read_as=dict(counts.get("read_as", {})),
            lacking=dict(counts.get("lacking", {})),
        )

    def as_json(self) -> dict[str, Any]:
        """Everything, for programs."""
        rate = round(self.rows / self.seconds, 1) if self.seconds else None
        return (
            self.counts()
            | self.columns()
            | {
                "duplicate_ids": self.duplicate_ids,
                "seconds": round(self.seconds, 3),
                "rows_per_second": rate,
            }
        )


@dataclass(frozen=True)
class Limit:
    """How many rejects are too many: a count, or a share of the rows."""

    count: int | None = None
    share: float | None = None

    def exceeded(self, summary: Summary) -> bool:
        """Whether an input has more rejects than allowed.

        With no limit: whether all are rejects, or one of many files could not be read.
        """
        if self.count is not None:
            return summary.n_rejected > self.count
        if self.share is not None:
            return summary.n_rejected > self.share * summary.rows
        return summary.n_rejected > 0 and (summary.scored == 0 or UNREADABLE in summary.rejected)


def parse_limit(text: str | None) -> Limit:
    """Read ``10`` or ``5%``; None is no limit, as long as anything could be scored.

    Raises:
        InputError: neither.
    """
    if text is None:
        return Limit()
    try:
        if text.endswith("%") and 0 <= float(text[:-1]) <= 100:
            return Limit(share=float(text[:-1]) / 100)
        if int(text) >= 0:
            return Limit(count=int(text))
    except ValueError:
        pass
    raise InputError(f"--max-rejects {text}: give a count such as 10, or a share such as 5%")
