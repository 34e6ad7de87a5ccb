"""A part of the output as it is written."""

from __future__ import annotations

from dataclasses import dataclass

from ..summary import Summary


@dataclass(frozen=True)
class ScoredPart:
    """A part as it is written.

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
