"""Lines of a byte stream, none of which can fill the memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

# A post of 5 MB fits, also where JSON escapes each of its letters that is not ASCII.
MAX_LINE_BYTES = 1 << 24
_READ_BYTES = 1 << 18


class Readable(Protocol):
    """Anything that gives bytes, at most so many at once."""

    def read(self, size: int, /) -> bytes:
        """The next bytes; none at the end."""


def bounded_lines(stream: Readable, limit: int = MAX_LINE_BYTES) -> Iterator[bytes | None]:
    r"""Lines with their ends, where LF, CR LF and CR end one; None for one over the limit.

    A line over the limit is read to its end and thrown away, so that the next one is found.

    Args:
        stream: read to its end, in pieces.
        limit: bytes, line end included.
    """
    read = getattr(stream, "read1", stream.read)
    parts: list[bytes] = []
    size, held, more = 0, b"", True
    while more:
        data = read(_READ_BYTES)
        more = bool(data)
        piece = held + data
        # The LF that belongs to a CR may come with the next piece.
        held = b"\r" if more and piece.endswith(b"\r") else b""
        piece = piece.removesuffix(held)
        for line in piece.splitlines(keepends=True):
            size += len(line)
            if size <= limit:
                parts.append(line)
            else:
                parts.clear()
            if line.endswith((b"\n", b"\r")):
                yield b"".join(parts) if size <= limit else None
                parts, size = [], 0
    if size:
        yield b"".join(parts) if size <= limit else None
