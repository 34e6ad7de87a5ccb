"""A stream whose beginning can be looked at before it is read."""

from __future__ import annotations

from typing import BinaryIO

_READ_BYTES = 1 << 16


class Head:
    """Gives the bytes of a stream, after its beginning was looked at.

    Attributes:
        held: what was looked at and not yet read.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._read = getattr(stream, "read1", stream.read)
        self.held = b""

    def look_on(self) -> bool:
        """Look at as much again, or what there is by now; False where the stream ends."""
        data = self._read(max(_READ_BYTES, len(self.held)))
        self.held += data
        return bool(data)

    def put_back(self, data: bytes) -> None:
        """Let these be the next bytes."""
        self.held = data + self.held

    def read(self, n: int = -1, /) -> bytes:
        """The next bytes, at most ``n``; none where the stream ends."""
        if not self.held:
            # What is read before the place where a file is damaged is not lost.
            return bytes(self._read(min(n, _READ_BYTES) if n > 0 else _READ_BYTES))
        n = len(self.held) if n < 0 else n
        data, self.held = self.held[:n], self.held[n:]
        return data
