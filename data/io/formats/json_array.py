"""Objects of a JSON array of any size, decoded one by one wherever lines end."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator

from ...errors import Reject
from .bounded_lines import MAX_LINE_BYTES, bounded_lines
from .head import Head
from .json_objects import DECODER, as_record, decoded, not_utf8
from .json_values import JsonValues, Line, Row
from .utf8 import Utf8Check

_READ_BYTES = 1 << 18
_BETWEEN = re.compile(r"[\s,]*")
# Behind the array there may be another one, as where pages were appended to a file.
_AFTER = re.compile(r"[\s;]*")
# So near to the end of what was read, an object may just be cut off there.
_NEAR_END = 64


def _reject(line: int, message: str) -> Reject:
    return Reject(line, None, None, "json", message)


def cut_off(error: json.JSONDecodeError, text: str) -> bool:
    """Whether a value could not be decoded for its end is not there, as far as can be told."""
    return error.msg.startswith("Unterminated string") or error.pos > len(text) - _NEAR_END


class JsonArray:
    """Reads an array by the decoder of the standard library, which takes whole objects at a time.

    Where one is damaged, ``JsonValues`` goes on from there, which finds the next one by its lines.
    """

    def __init__(self, stream: Head, name: str, utf8: Utf8Check, line: int) -> None:
        """An array.

        Args:
            stream: at its bracket.
            name: of the file, for messages.
            utf8: told of each object that is not ASCII.
            line: on which it begins.
        """
        self._stream, self._name, self._utf8 = stream, name, utf8
        # Bad bytes become lone surrogates, so that only their object is rejected.
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._text, self._at, self._line, self._ended = "", 0, line, False

    def rows(self) -> Iterator[Row]:
        """Each object as a mapping or a reject, with the line it starts on."""
        while self._next(_AFTER) == "[":
            self._at += 1
            while (sign := self._next(_BETWEEN)) != "]":
                if not sign:
                    yield (
                        self._line,
                        _reject(self._line, "the array is not closed; is the file cut short?"),
                    )
                    return
                if sign != "{" or (row := self._object()) is None:
                    yield from self._line_by_line()
                    return
                yield row
            self._at += 1
        if self._next(_AFTER):
            yield from ((number, decoded(number, line or b"")) for number, line in self._lines())

    def _next(self, between: re.Pattern[str]) -> str:
        """The next sign behind what may be between; nothing at the end."""
        while True:
            self._skip_to(between.match(self._text, self._at).end())  # type: ignore[union-attr]
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def _skip_to(self, end: int) -> None:
        lines = self._text.count("\n", self._at, end)
        if "\r" in self._text:
            # LF, CR LF and CR end one line each.
            lines += self._text.count("\r", self._at, end)
            lines -= self._text.count("\r\n", self._at, end)
        self._line += lines
        self._at = end

    def _more(self) -> bool:
        if self._ended:
            return False
        # As much again as is held: an object is tried anew each time.
        data = self._stream.read(max(_READ_BYTES, len(self._text) - self._at))
        self._ended = not data
        self._text = self._text[self._at :] + self._decoder.decode(data, final=self._ended)
        self._at = 0
        return True

    def _object(self) -> Row | None:
        """The object that begins here; None where it cannot be decoded."""
        while True:
            try:
                record, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                held = len(self._text) - self._at
                if not cut_off(error, self._text) or held > MAX_LINE_BYTES or not self._more():
                    return None
            except (ValueError, RecursionError):
                return None
            else:
                break
        line, start = self._line, self._at
        source = self._text[start:end]
        self._skip_to(end)
        if len(source) > MAX_LINE_BYTES:
            limit = f"longer than {MAX_LINE_BYTES >> 20} MB"
            return line, Reject(line, None, None, "too_long", limit)
        if not source.isascii() and (reject := not_utf8(line, source, self._utf8)) is not None:
            return line, reject
        return line, as_record(line, record)

    def _line_by_line(self) -> Iterator[Row]:
        reader = JsonValues(self._name, in_array=True, inside=True)
        return reader.rows(self._lines())

    def _lines(self) -> Iterator[Line]:
        """What is left, from where the object begins that cannot be decoded."""
        self._stream.put_back(self._text[self._at :].encode("utf-8", "surrogateescape"))
        for number, line in enumerate(bounded_lines(self._stream), self._line):
            if line is None:
                yield number, None
            elif line.strip():
                self._utf8.count(line)
                yield number, line
