"""A brief: what somebody looks for in creators, point by point, one on each line of a text file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from ...data.errors import InputError
from ...data.text.language.detect import detect_language
from ...data.text.masking import mask

# What the encoder reads of a text is about as long.
MAX_CHARS = 800
MAX_POINTS = 30
_MAX_BYTES = 1 << 20
_LINE_END = re.compile(r"\r\n|\r|\n")
# Of a list, "- sea", "* sea", "2. sea"; a hashtag at the beginning of a line is part of it.
_MARK = re.compile(r"(?:[-*•]|\d{1,2}[.)])\s+")
_COMMENT = re.compile(r"#+(?:\s|$)")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class Point(NamedTuple):
    """A line of a brief.

    Attributes:
        line: of the file, counted from 1.
        text: without the mark of a list.
        language: ISO 639 code, ``und`` where it is not told.
        readable: whether the encoder knows the language.
    """

    line: int
    text: str
    language: str
    readable: bool


def read_brief(path: Path) -> list[Point]:
    """Read a brief. Empty lines count for nothing, nor do comments: ``#`` before a space.

    Raises:
        InputError: not found, not UTF-8, without a point, or a line at fault; names file and line.
    """
    points: list[Point] = []
    for number, line in enumerate(_LINE_END.split(_content(path)), 1):
        text = line.strip()
        if not text or _COMMENT.match(text):
            continue
        point = _point(f"{path}, line {number}", number, _MARK.sub("", text, count=1).strip())
        for other in points:
            if other.text.casefold() == point.text.casefold():
                raise InputError(f"{path}, line {number}: the same as line {other.line}; keep one")
        points.append(point)
        if len(points) > MAX_POINTS:
            raise InputError(
                f"{path}, line {number}: more than {MAX_POINTS} points; keep those that matter"
            )
    if not points:
        raise InputError(f"{path}: no line says what is looked for; write one point on each line")
    if not any(point.readable for point in points):
        first = points[0]
        raise InputError(
            f"{path}, line {first.line}: reads as another language than English "
            f"({first.language}), as does all of the brief; write it in English"
        )
    return points


def _point(where: str, number: int, text: str) -> Point:
    if len(text) > MAX_CHARS:
        raise InputError(
            f"{where}: {len(text):,} characters, and at most {MAX_CHARS} are read; write a point "
            "on each line"
        )
    if _CONTROL.search(text):
        raise InputError(f"{where}: holds control characters; save the brief as plain text")
    masked = mask(text)
    if not masked.n_words:
        raise InputError(f"{where}: no word to compare posts with; write what is looked for")
    language = detect_language(masked.text)
    return Point(number, text, language.code, language.as_english)


def _content(path: Path) -> str:
    try:
        # Before it is opened: reading from a pipe or a device may never end.
        if path.exists() and not path.is_file():
            raise InputError(f"{path}: no file; give a brief as a text file")
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    if len(content) > _MAX_BYTES:
        raise InputError(f"{path}: more than 1 MB; a brief is a few lines of text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(_LINE_END.split(content[: error.start].decode("latin-1")))
        raise InputError(f"{path}, line {line}: not UTF-8; save it as UTF-8") from None
