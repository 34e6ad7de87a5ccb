"""A scored part, encoded for its output."""

from __future__ import annotations

from dataclasses import dataclass

from ..summary import Summary


@dataclass(frozen=True)
class ScoredPart:
    """A scored part, encoded for its output.

    Attributes:
        number: of the part.
        data: rows in the output format, without a header.
        rejects: JSON lines.
        summary: counts.
    """

    number: int
    data: bytes
    rejects: bytes
    summary: Summary
