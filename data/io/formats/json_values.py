"""Objects of JSON that are not one to a line: in an array, or each over several lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...errors import InputError, Reject
from .bounded_lines import MAX_LINE_BYTES
from .json_objects import decoded

Row = tuple[int, Mapping[str, Any] | Reject]
Line = tuple[int, bytes | None]
# Strings, with their last quote if they have one, and the signs that open and close values.
_TOKEN = re.compile(rb'"(?>[^"\\\r\n]+|\\.)*+("?)|[{}\[\]]')
_OPENED_BY = {b"}": b"{", b"]": b"["}
_BETWEEN = b" \t\r\n,"


def goes_on(line: bytes) -> bool:
    """Whether an object begins on a line and must go on behind it: no string is torn in it."""
    depth = 0
    for token in _TOKEN.finditer(line):
        sign = token[0][:1]
        if sign == b'"' and not token[1]:
            return False
        depth += (sign in b"{[") - (sign in b"}]")
    return depth > 0


class JsonValues:
    """Reads objects wherever they begin and end."""

    def __init__(self, name: str, *, in_array: bool, inside: bool = False) -> None:
        """A reader of a file.

        Args:
            name: of the file, for messages.
            in_array: it is an array of objects; else they are one after the other.
            inside: the array has begun already.
        """
        self._name, self._in_array = name, in_array
        # Whether the next object is in an array.
        self._inside = inside
        # The brackets that are open in the current object, its lines so far, and the first one.
        self._open: list[bytes] = []
        self._parts: list[bytes] = []
        self._first, self._size = 0, 0
        # The current object is one line, in which a string is torn.
        self._torn = False

    def rows(self, lines: Iterator[Line]) -> Iterator[Row]:
        """Each object as a mapping or a reject, with the line it starts on.

        Args:
            lines: with their numbers; None for one that is too long.

        Raises:
            InputError: it cannot be told where the next object begins.
        """
        number = 0
        for number, line in lines:
            if self._torn or self._broken_before(line):
                yield self._dropped(number, line)
            if line is None:
                yield self._too_long(number)
            elif (record := self._whole(number, line)) is not None:
                yield number, record
            else:
                yield from self._scanned(number, line)
        if self._torn:
            yield self._dropped(number + 1, b"]")
        if self._open:
            raise self._lost(self._first, "the object that starts here is not closed")
        if self._inside:
            yield number, _reject(number, "the array is not closed; is the file cut short?")

    def _whole(self, number: int, line: bytes) -> Mapping[str, Any] | None:
        """The object that is all of a line; None where it has to be looked at more closely."""
        if self._open or line.lstrip()[:1] != b"{":
            return None
        record = decoded(number, line)
        return None if isinstance(record, Reject) or self._outside() else record

    def _outside(self) -> bool:
        return self._in_array and not self._inside

    def _scanned(self, number: int, line: bytes) -> Iterator[Row]:
        """The objects that end on a line; what goes on behind it is kept."""
        start, strange = 0, False
        for token in _TOKEN.finditer(line):
            sign = token[0][:1]
            if sign == b'"':
                if not token[1]:
                    self._tear(number)
                    break
            elif self._open:
                if self._nested(number, sign):
                    continue
                yield self._taken(number, line[start : token.end()])
                start = token.end()
            else:
                strange |= bool(line[start : token.start()].strip(_BETWEEN))
                start = token.start()
                if not self._begun(number, sign):
                    strange |= not self._bracket(sign)
                    start = token.end()
        if self._open:
            self._keep(line[start:])
        elif strange or line[start:].strip(_BETWEEN):
            yield number, _reject(number, "something else than an object")

    def _tear(self, number: int) -> None:
        if self._parts:
            raise self._lost(number, "a string is not closed")
        self._torn = bool(self._open)

    def _nested(self, number: int, sign: bytes) -> bool:
        """Open or close a bracket of the current object; whether it goes on."""
        if sign in b"{[":
            self._open.append(sign)
        elif self._open.pop() != _OPENED_BY[sign]:
            raise self._lost(number, "brackets do not match")
        return bool(self._open)

    def _begun(self, number: int, sign: bytes) -> bool:
        """Whether a value begins with a bracket."""
        if sign not in b"{[" or (sign == b"[" and self._outside()):
            return False
        self._open, self._first, self._size = [sign], number, 0
        return True

    def _bracket(self, sign: bytes) -> bool:
        """Enter or leave the array; whether that could be."""
        could = self._in_array and sign == (b"]" if self._inside else b"[")
        if could:
            self._inside = sign == b"["
        return could

    def _keep(self, part: bytes) -> None:
        self._parts.append(part)
        self._size += len(part)
        if self._size > MAX_LINE_BYTES:
            limit = f"longer than {MAX_LINE_BYTES >> 20} MB"
            raise self._lost(self._first, f"the object that starts here is {limit}")

    def _taken(self, number: int, end: bytes) -> Row:
        first, content = self._first, b"".join([*self._parts, end])
        self._parts = []
        record = decoded(first, content)
        if isinstance(record, Reject):
            return first, _over(record, number)
        if self._outside():
            return first, _reject(first, "an object outside of the array")
        return first, record

    def _broken_before(self, line: bytes | None) -> bool:
        """Whether the current object cannot go on with a line: a key would have to come."""
        if not self._open or self._open[-1] != b"{" or line is None:
            return False
        sign = line.lstrip()[:1]
        before = self._parts[-1].rstrip(b" \t\r\n")[-1:]
        return sign == b"]" or (sign == b"{" and before != b":")

    def _dropped(self, number: int, line: bytes | None) -> Row:
        """A reject in the place of the current object, if the next one begins here."""
        if line is not None and line.lstrip()[:1] not in (b"{", b"]"):
            raise self._lost(self._first, "a string is not closed")
        first = self._first
        self._open, self._parts, self._torn = [], [], False
        message = "not valid JSON: the object is not closed"
        return first, _over(_reject(first, message), number - 1)

    def _too_long(self, number: int) -> Row:
        if self._open:
            raise self._lost(self._first, "the object that starts here is too long")
        limit = f"longer than {MAX_LINE_BYTES >> 20} MB"
        return number, Reject(number, None, None, "too_long", limit)

    def _lost(self, line: int, what: str) -> InputError:
        return InputError(
            f"{self._name}, line {line}: {what}, so that the next object cannot be found; write "
            "one object to a line, such as with jq -c"
        )


def _reject(line: int, message: str) -> Reject:
    return Reject(line, None, None, "json", message)


def _over(reject: Reject, last: int) -> Reject:
    if last <= reject.line:
        return reject
    message = f"{reject.message} (lines {reject.line:,} to {last:,})"
    return Reject(reject.line, None, reject.field, reject.code, message)
