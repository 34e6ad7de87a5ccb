"""What is left out of an input, and how it is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from .names import looks_like, shown

# Without them, a row is found no more, or a label of the platform is lost.
_MATTERS = ("id", "paid_partnership")
_SHOWN = 8


@dataclass(frozen=True)
class NotRead:
    """The columns of an input that nothing was read from.

    Attributes:
        names: the first of them, those that look like a field before the others.
        count: how many there are; counting ends at 1,000.
        like: name to the field that it looks like and that no record had.
    """

    names: tuple[str, ...] = ()
    count: int = 0
    like: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As JSON types."""
        return {"count": self.count, "names": list(self.names), "like": dict(self.like)}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Read back what ``as_json`` gave."""
        return cls(tuple(found.get("names", ())), found.get("count", 0), found.get("like", {}))

    @property
    def matters(self) -> dict[str, str]:
        """Those of ``like`` without which a row is found no more, or a label is lost."""
        return {name: field for name, field in self.like.items() if field in _MATTERS}

    def __str__(self) -> str:
        """The first names and how many more there are, for people."""
        names = [f"{n} ({self.like[n]}?)" if n in self.like else n for n in self.names[:_SHOWN]]
        more = self.count - len(names)
        return ", ".join(names) + (f" and {more:,} more" if more > 0 else "")


def not_read(names: Sequence[str], found: set[str], limit: int = 20) -> NotRead:
    """The columns that nothing was read from.

    Args:
        names: of these columns.
        found: the fields that some record had.
        limit: how many are named.
    """
    like = {}
    for name in names:
        looked = looks_like(name)
        if looked is not None and looked not in found:
            like[shown(name)] = looked
    others = dict.fromkeys(shown(name) for name in names)
    first = [*like, *(name for name in others if name not in like)]
    return NotRead(tuple(first[:limit]), len(names), like)


# Fields that say whose disclosure rules judge a post.
JUDGED_BY = ("jurisdiction", "author_country")


def said_of(passed_over: Mapping[str, int], left: NotRead) -> str:
    """What was left out of an input and may matter, for people; empty where nothing was."""
    told = []
    if unknown := sum(passed_over.get(field, 0) for field in JUDGED_BY):
        told.append(
            f"jurisdictions or countries that are not known: {unknown:,}; such posts are judged by "
            "the rules asked for"
        )
    others = sorted((name, n) for name, n in passed_over.items() if name not in JUDGED_BY)
    if others:
        counts = ", ".join(f"{name} ({n:,})" for name, n in others)
        told.append(f"values that could not be read are left out: {counts}")
    if left.matters:
        like = ", ".join(f"{name} ({field}?)" for name, field in list(left.matters.items())[:5])
        told.append(f"columns that look like a field are not read: {like}")
    return "; ".join(told)
