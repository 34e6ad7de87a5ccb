"""What stands in the place of a post that cannot be read, and of a file that cannot."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal

from .row_id import row_id

RejectCode = Literal[
    "json",
    "csv",
    "encoding",
    "too_long",
    "columns",
    "missing",
    "type",
    "value",
    "empty",
    "model",
    "file",
]


class InputError(ValueError):
    """Input that cannot be read at all; the message says what to do."""


class UnusableError(InputError):
    """Input whose fault shows only at its end, so that nothing read of it by then may be kept."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that is no post.

    Attributes:
        line: 1-based line (JSONL), line where the record starts (CSV), or row (Parquet).
        id: if it could be read.
        field: at fault, if one is.
        code: why.
        message: for people; never holds the text.
        number: which record of the whole input it is, counted from 1.
    """

    line: int
    id: str | None
    field: str | None
    code: RejectCode
    message: str
    number: int = dataclasses.field(default=1, compare=False)

    @property
    def row_id(self) -> str:
        """Its own id; where it has none, one made of its number, see ``Post.row_id``."""
        return self.id or row_id(self.number)
