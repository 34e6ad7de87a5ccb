"""Where a damaged record of a CSV file ends, so that the next one is read and none is made up.

A quote that belongs to the text and is not doubled leaves open what is in quotes and what does
not, and so where the record ends. It ends before the first line that is clearly a record: with as
many cells as there are columns, each in quotes or without any, and none that begins with a space,
as what is behind the commas of a text does. Lines of one cell tell less; see ``_one_column``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from .csv_lines import Lines

# So many lines one after the other that look like records are records, also where a text may go on.
_RUN = 3
# How many lines are looked at for one that is a record.
_MAX_LINES = 1_000
_MAX_SHARE = 20
# In a file of one column each line could be a record, so only lines that are near are told apart.
_NEAR = 10
_LINE_END = re.compile("[\r\n]")
_QUOTED = r'"(?>[^"]+|"")*+"'


class Start(Enum):
    """Whether a record starts with a line."""

    YES = "its quotes say so"
    PERHAPS = "it has no quotes and as many cells as a record"
    NO = "it is not one"


@dataclass(frozen=True)
class Shape:
    """What is known about the records of a file.

    Attributes:
        width: number of columns.
        text: place of the column of the text.
        spaced: cells may have a space before them.
        id: place of the column of ids, if these are known to have no spaces.
        delimiter: between cells.
    """

    width: int
    text: int
    spaced: bool = False
    id: int | None = None
    delimiter: str = ","

    def start(self, line: str) -> Start:
        """Whether a line is a record, or begins one, by itself."""
        body = line.rstrip("\r\n")
        if '"' not in body:
            return Start.PERHAPS if body and self.whole.fullmatch(body) else Start.NO
        found = self.whole.fullmatch(body) or self._opened.match(body)
        return Start.YES if found else Start.NO

    @cached_property
    def whole(self) -> re.Pattern[str]:
        """A record without its line end, each cell in quotes or without any."""
        return re.compile(self._between.join(self._cells))

    @cached_property
    def _opened(self) -> re.Pattern[str]:
        """Up to a text that goes on behind the line, or is damaged itself."""
        space = " *" if self.spaced else ""
        between = self._between
        before = between.join([*self._cells[: self.text], ""]) if self.text else "(?!)"
        all_quoted = rf'(?:{space}{_QUOTED}{between})+(?:{space}"(?>[^"]+|"")*+\Z)'
        return re.compile(f'{before}{space}"(?=[^"]|"")|{all_quoted}')

    @cached_property
    def _cells(self) -> list[str]:
        other = rf'[^"{self._between}]*'
        plain = f" *{other}" if self.spaced else f"(?! ){other}"
        cells = [f"(?:{' *' if self.spaced else ''}{_QUOTED}|{plain})"] * self.width
        if self.id is not None:
            cells[self.id] = rf'(?:[^\s"{self._between}]*|"[^\s"]*")'
        return cells

    @property
    def _between(self) -> str:
        return re.escape(self.delimiter)


class Damage:
    """Tells where damaged records end."""

    def __init__(self, lines: Lines) -> None:
        self._lines, self._looked_at = lines, 0

    def last_line(self, shape: Shape) -> int:
        """Number of the last line that belongs to the current record, which is damaged."""
        first = self._lines.first
        if self._looked_at > _MAX_LINES * _MAX_SHARE + _MAX_SHARE * first:
            # Each line is looked at a few times on the average, whoever made the file.
            return first
        ahead = self._lines.ahead(first)
        _, line = next(ahead)
        if shape.width == 1:
            return self._one_column(shape, first, line, ahead)
        # Quotes come in pairs, also those that are not doubled.
        is_open = line.count('"') % 2 == 1 and not line.rstrip("\r\n").endswith('"')
        begun, last, run = first + 1, first, 0
        for number, line in ahead:
            self._looked_at += 1
            start = shape.start(line)
            if start is Start.YES or (line[:1] == '"' and self._whole_at(shape, number)):
                return (begun if run else number) - 1
            if start is Start.PERHAPS:
                begun, run = (begun if run else number), run + 1
                if run == _RUN or not is_open:
                    return begun - 1
            elif line.strip():
                run = 0
            if number - first > _MAX_LINES:
                return first
            last = number
        return begun - 1 if run else last

    def _one_column(
        self, shape: Shape, first: int, line: str, ahead: Iterator[tuple[int, str]]
    ) -> int:
        """Up to the quote that closes the text, if it is near and no other text was opened."""
        is_open = line.count('"') % 2 == 1
        for number, line in ahead:
            if number - first > _NEAR or (line[:1] == '"' and self._whole_at(shape, number)):
                break
            odd = line.count('"') % 2 == 1
            if odd and (is_open or line.rstrip("\r\n").endswith('"')):
                return number
        return first

    def _whole_at(self, shape: Shape, number: int) -> bool:
        """Whether a whole record starts with a line, which may go on over several."""
        taken, quotes = [], 0
        for at, line in self._lines.ahead(number):
            self._looked_at += 1
            taken.append(line)
            quotes += line.count('"')
            if quotes % 2 == 0:
                return bool(shape.whole.fullmatch("".join(taken).rstrip("\r\n")))
            if at - number > _MAX_LINES:
                break
        return False


def starts(lines: str, shape: Shape) -> bool:
    """Whether a record may start with the first of some lines."""
    if shape.text == 0 and lines[:1] == '"':
        return True
    return shape.start(_LINE_END.split(lines, maxsplit=1)[0]) is not Start.NO
