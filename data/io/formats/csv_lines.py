"""Lines of a CSV file, which can be looked at before they are read, and read again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from ...errors import InputError
from .bounded_lines import MAX_LINE_BYTES, bounded_lines

_SPARE = 4_096


class Lines:
    """Decoded lines for ``csv.reader``, as long as no record takes too many bytes.

    Attributes:
        first: number of the line on which the current record starts.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._source, self._name = bounded_lines(stream), name
        # The lines of the current record, then those that were looked at.
        self._buffer: list[str | None] = []
        self._start, self._next, self._size, self._begun = 0, 0, 0, False
        self.first = 1

    @property
    def record(self) -> str:
        """The lines taken for the current record so far."""
        if self._next - self._start == 1:
            return self._buffer[self._start] or ""
        return "".join(filter(None, self._buffer[self._start : self._next]))

    @property
    def last(self) -> int:
        """Number of the last line taken."""
        return self.first + self._next - self._start - 1

    def begin(self) -> None:
        """Let the next record start where the current one ends."""
        self.first += self._next - self._start
        self._start, self._size = self._next, 0
        if self._start > _SPARE:
            del self._buffer[: self._start]
            self._next, self._start = self._next - self._start, 0

    def end_at(self, number: int) -> None:
        """Let the current record end with the line of that number; others are read again."""
        while self.last < number:
            next(self)
        self._next = self._start + number - self.first + 1

    def ahead(self, number: int) -> Iterator[tuple[int, str]]:
        """Lines and their numbers, from one of the current record on, up to its limit of bytes."""
        size, place = 0, self._start + number - self.first
        while size <= MAX_LINE_BYTES:
            if place == len(self._buffer) and not self._read():
                return
            line = self._buffer[place]
            if line is None:
                return
            yield self.first + place - self._start, line
            size, place = size + len(line), place + 1

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        if self._next == len(self._buffer) and not self._read():
            raise StopIteration
        line = self._buffer[self._next]
        self._size += MAX_LINE_BYTES + 1 if line is None else len(line)
        if line is None or self._size > MAX_LINE_BYTES:
            raise InputError(
                f"{self._name}, line {self.first}: the record that starts here is longer than "
                f"{MAX_LINE_BYTES >> 20} MB; is a quote not closed?"
            )
        self._next += 1
        return line

    def _read(self) -> bool:
        raw = next(self._source, b"")
        if raw and not self._begun:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
            self._begun = True
        if raw == b"":
            return False
        # Bad bytes become lone surrogates, so that only their record is rejected.
        self._buffer.append(None if raw is None else raw.decode("utf-8", "surrogateescape"))
        return True
