"""Places inside a record, written as keys joined by dots: ``media.0.title``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from ...text.repair.wrapper import parsed

_ABSENT = object()
# Longer cells hold no list of sponsors.
MAX_CELL = 100_000


@dataclass(frozen=True)
class Path:
    """Where a value is.

    Attributes:
        written: as in the table; a key that is written so is tried first, dots and all.
    """

    written: str

    @cached_property
    def steps(self) -> tuple[str | int, ...]:
        """Keys, and places in lists from 0."""
        parts = self.written.split(".")
        return tuple(int(part) if part.isascii() and part.isdigit() else part for part in parts)

    @cached_property
    def flat(self) -> tuple[str, ...]:
        """Names of columns that the path has in a table made of nested records."""
        parts = self.written.split(".")
        return (self.written, "/".join(parts), "_".join(parts)) if len(parts) > 1 else ()

    @property
    def top(self) -> str:
        """The key of the record that it goes through."""
        return str(self.steps[0])

    def get(self, record: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """The value, or None where there is none."""
        found = self._found(record)
        return None if found is _ABSENT else found

    def exists(self, record: Mapping[str, Any]) -> bool:
        """Whether a record has the place, whatever its value."""
        return self._found(record) is not _ABSENT

    def _found(self, record: Mapping[str, Any]) -> Any:  # noqa: ANN401
        if not self.flat:
            return record.get(self.written, _ABSENT)
        value: Any = record
        for step in self.steps:
            if isinstance(value, str) and value[:1] in ("{", "[") and len(value) < MAX_CELL:
                # A cell of a table may hold the list or object.
                value = parsed(value)
            # What JSON and Arrow give; asking for any mapping takes ten times as long.
            if isinstance(value, dict):
                value = value.get(str(step), _ABSENT)
            elif isinstance(step, int) and isinstance(value, list) and step < len(value):
                value = value[step]
            else:
                value = _ABSENT
            if value is _ABSENT:
                break
        if value is not _ABSENT:
            return value
        return next((record[name] for name in self.flat if name in record), _ABSENT)


@lru_cache(maxsize=4_096)
def path(written: str) -> Path:
    """The path that is written so."""
    return Path(written)
