"""The fields of posts in the records of an input, whatever the columns are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from ...errors import InputError, UnusableError
from ...posts import PostError
from ...values.fields import read_sponsor
from ..exports.paths import path
from ..exports.recognise import lists_in, nearest, shape_of
from ..exports.shape import Kind, Owner, Shape
from ..exports.table import shape_called
from .columns import FIELDS, TEXT, Columns, plain
from .names import letters, shown, sponsors
from .not_read import JUDGED_BY, NotRead, not_read
from .places import Places, places_of
from .whole_text import with_whole_text

MAX_NAMES = 1_000
_MAX_CHARS = 60
_SHOWN_CHARS = 300
_SHOWN_KEYS = 20
_AS_NAMED = Columns()
# Fields that no export has: somebody has added them.
_ADDED = tuple(f for f in FIELDS if f.startswith("label_")) + JUDGED_BY
# Fields that go along, and that nothing is made of.
_CARRIED = ("url", "repost_of")
# No value: two columns could hold it. No reader takes it, so the field is passed over.
_UNCLEAR = object()


def _nobody(_: Owner) -> None:
    return None


class Fields:
    """Finds the fields of posts in the records of one input.

    A file in a shape of ``exports`` is read as such, unless it is said which column is the text.

    Attributes:
        columns: what was asked for.
        read_as: title of each shape to the number of files that were read as it.
        sheet: of a spreadsheet, if one was asked for.
        asked: the shape that was asked for, if one was.
        owner_of: finds whose archive the current file is from.
    """

    def __init__(
        self,
        columns: Columns = _AS_NAMED,
        source: str | None = None,
        sheet: str | None = None,
        *,
        exports: bool = False,
    ) -> None:
        """Fields of one input.

        Args:
            columns: what was asked for.
            source: the name of the shape that all files have; None recognises it.
            sheet: of a spreadsheet.
            exports: recognise exports; else only a source that was asked for is read as one.

        Raises:
            InputError: no shape of that name.
        """
        self.columns = columns
        self.read_as: Counter[str] = Counter()
        self.owner_of: Callable[[Owner], str | None] = _nobody
        self.sheet = sheet
        self._exports = exports and TEXT not in columns.renamed
        self.asked = None if source is None else shape_called(source)
        self._shape: Shape | None = None
        # Who wrote those posts of the current file that name no author.
        self._owner: str | None = None
        # Where the lists of records are in the objects around them.
        self._list: str | None = None
        self._in_header = False
        self._known: dict[tuple[str, ...], Places] = {}
        self._sponsors = sponsors(columns.renamed.get("paid_partnership", ""))
        self._not_read: dict[str, None] = {}
        self._read: set[str] = set()
        self._found: set[str] = set()
        self._lacking: frozenset[str] | None = None
        self._of_file: frozenset[str] | None = None

    def header(self, names: Sequence[str], source: str) -> Places:
        """Find the fields by a header, once for all records; refuse one that leaves a doubt.

        Args:
            names: of all columns, as they stand there.
            source: for messages.

        Raises:
            InputError: no column of the text, one that was asked for is missing or appears
                twice, or two that could be the same field.
        """
        shape = self._shape_for(dict.fromkeys(names), "csv")
        if shape is not None and shape.column(TEXT, frozenset(names)) is not None:
            self._take(shape)
            self._in_header = True
        places = self._places_in_header(names) if self._in_header else self._noted(names)
        places = _without_doubtful(places, names)
        for field, found in places.unclear.items():
            both = " and ".join(repr(name[:_SHOWN_CHARS]) for name in found[:2])
            raise InputError(
                f"{source}: {both} could both be the field {field!r}; rename one, or say --map "
                f"{field}=COLUMN"
            )
        if places.text is None:
            raise InputError(f"{source}: {_no_text(names, self.columns)}")
        often = Counter(names)
        for name in places.columns:
            if often[name] > 1:
                column = repr(name[:_SHOWN_CHARS])
                raise InputError(f"{source}: column {column} appears twice; rename one")
        if places.lacking:
            raise InputError(f"{source}: no column {_named(places.lacking, names)}")
        self._of_file = frozenset()
        return places

    def post(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """A record under the names of a post's fields.

        Raises:
            PostError: two columns could hold the text.
        """
        if self._shape is not None and (self._in_header or self._shape.fits(record)):
            return self._by_shape(self._shape, record)
        places = self._places(record)
        if places.as_named and not self.columns.renamed:
            return record
        found: dict[str, Any] = {f: record[column] for f, column in places.fields.items()}
        for field, names in places.unclear.items():
            if field == TEXT:
                both = " and ".join(repr(shown(name)) for name in names[:2])
                message = f"field 'text': {both} could both be it; rename one"
                raise PostError(message, "columns", TEXT)
            found[field] = _UNCLEAR
        if self._sponsors and "paid_partnership" in found:
            found["paid_partnership"] = read_sponsor(found["paid_partnership"])
        return with_whole_text(record, found) if places.whole else found

    def _by_shape(self, shape: Shape, record: Mapping[str, Any]) -> Mapping[str, Any]:
        found = shape.post(shape.prepared(record))
        for field in _ADDED:
            if field in record:
                found[field] = record[field]
        if self.columns.renamed:
            asked = self._places(record)
            found.update(
                {f: record[asked.fields[f]] for f in self.columns.renamed if f in asked.fields}
            )
        if self._owner is not None:
            found.setdefault("author", self._owner)
        return found

    def known(self, record: Mapping[str, Any]) -> bool:
        """Whether a record of JSON can be read: it tells how, or it has a text."""
        if (shape := self._shape_for(record, "json")) is not None and shape.fits(record):
            self._take(shape)
            return True
        if self._has_text(record):
            return True
        # An object around the records: an answer of an API, or an archive.
        for where, items in lists_in(record):
            inside = self._shape_for(items[0], "json", where)
            if inside is not None and inside.fits(items[0]):
                self._list = where
                self._take(inside)
                return True
            if self.asked is None and self._has_text(items[0]):
                self._list = where
                self.read_as["JSON object around a list of posts"] += 1
                return True
        return False

    def records_in(self, record: Mapping[str, Any]) -> Sequence[Any]:
        """The records in an object, which is one itself unless the first was around a list."""
        if self._list is None:
            return (record,)
        around = record if self._shape is None else self._shape.prepared(record)
        found = path(self._list).get(around)
        return found if isinstance(found, list) else (record,)

    def known_columns(self, names: Sequence[str]) -> bool:
        """Whether one of these columns is the text."""
        if self._has_text(dict.fromkeys(names)):
            return True
        shape = self._shape_for(dict.fromkeys(names), "csv")
        return shape is not None and shape.column(TEXT, frozenset(names)) is not None

    def _has_text(self, record: Mapping[str, Any]) -> bool:
        places = places_of(list(record)[:MAX_NAMES], self.columns)
        return places.text is not None or TEXT in places.unclear

    def _shape_for(self, record: Mapping[str, Any], kind: Kind, where: str = "") -> Shape | None:
        """The shape that was asked for; else, where no text was, the one of a record."""
        if self.asked is not None:
            return self.asked
        return shape_of(record, kind, where) if self._exports else None

    def _take(self, shape: Shape) -> None:
        self._shape = shape
        self._owner = None if shape.owner is None else self.owner_of(shape.owner)
        self.read_as[shape.title] += 1

    def _places_in_header(self, names: Sequence[str]) -> Places:
        """Columns of a table in a known shape."""
        shape, there = self._shape, frozenset(names)
        asked = places_of(names, self.columns)
        own = {field: shape.column(field, there) for field in shape.fields} if shape else {}
        fields = {field: column for field, column in own.items() if column is not None}
        fields |= {f: asked.fields[f] for f in self.columns.renamed if f in asked.fields}
        unclear = {f: both for f, both in asked.unclear.items() if f in self.columns.renamed}
        self._read.update(fields.values())
        return Places(fields, asked.kept, unclear, asked.lacking)

    def unknown(self, record: Mapping[str, Any], kind: Kind, source: str) -> InputError:
        """The error of a file of which no record is known.

        Args:
            record: one of its records.
            kind: JSON or a table.
            source: the file.
        """
        keys = ", ".join(shown(str(name)) for name in list(record)[:_SHOWN_KEYS])
        told = f"no field {self.columns.renamed.get(TEXT, TEXT)!r}, and no export that is known"
        if self.asked is not None:
            told = f"not read as {self.asked.title}: it lacks {', '.join(self.asked.recognise)}"
        near = [f"{shape.name} ({shape.title})" for shape in nearest(record, kind)]
        nearest_ones = f"; nearest: {', '.join(near)}" if near else ""
        return InputError(
            f"{source}: {told} (found: {keys or 'nothing'}{nearest_ones}); say which key is the "
            "text with --map text=KEY, or what it is with --from (unpolished formats lists them)"
        )

    def kept(self, record: Mapping[str, Any]) -> tuple[Any, ...]:
        """The kept columns of a record as JSON types, None where one is missing.

        Raises:
            ValueError: a value nested more than ``columns.MAX_DEPTH`` levels deep.
        """
        if not self.columns.kept:
            return ()
        return tuple(
            None if name is None else plain(record.get(name)) for name in self._places(record).kept
        )

    def _places(self, record: Mapping[str, Any]) -> Places:
        names = tuple(record)
        places = self._known.get(names)
        if places is None:
            places = self._noted(names)
            if len(names) <= MAX_NAMES and len(self._known) < MAX_NAMES:
                self._known[names] = places
        if self._of_file is None:
            self._of_file = places.lacking
        elif self._of_file:
            self._of_file &= places.lacking
        return places

    def _noted(self, names: Sequence[str]) -> Places:
        places = places_of(names, self.columns)
        self._found.update(places.fields)
        self._read.update(name for name in places.columns if len(name) <= _MAX_CHARS)
        for name in names:
            if len(self._not_read) >= MAX_NAMES:
                break
            if name and name not in self._read:
                text = str(name)
                self._not_read[text if len(text) <= _MAX_CHARS else "\u2026"] = None
        return places

    def end_file(self) -> frozenset[str]:
        """The columns asked for that no record of the file had that ends here."""
        found, self._of_file = self._of_file, None
        self._shape = self._list = self._owner = None
        self._in_header = False
        if found is None:
            return frozenset()
        self._lacking = found if self._lacking is None else self._lacking & found
        return found

    def check(self, source: str) -> None:
        """Refuse an input in which no record had a column that was asked for.

        Raises:
            UnusableError: naming the columns and those that are like them.
        """
        if self._lacking:
            missing = _named(self._lacking, [*self._not_read, *self._read])
            raise UnusableError(f"{source}: no record has {missing}")

    def not_read(self) -> NotRead:
        """The columns that no record was read from, so far."""
        return not_read([name for name in self._not_read if name not in self._read], self._found)


def _without_doubtful(places: Places, names: Sequence[str]) -> Places:
    """Leave fields alone that nothing hangs on, where two columns could be one."""
    often = Counter(names)
    fields = {
        field: column
        for field, column in places.fields.items()
        if field not in _CARRIED or often[column] == 1
    }
    unclear = {field: both for field, both in places.unclear.items() if field not in _CARRIED}
    return replace(places, fields=fields, unclear=unclear)


def _no_text(names: Sequence[str], columns: Columns) -> str:
    # Without a header, the first post is here; words in a row are not shown.
    found = ", ".join(shown(name, sure=False) for name in names)[:_SHOWN_CHARS] or "nothing"
    how = "name the column that holds the posts 'text', or say --map text=COLUMN"
    if len(names) == 1 and any(sign in names[0] for sign in ";\t|"):
        how = "separate the columns with commas"
    wanted = columns.renamed.get(TEXT, TEXT)[:_SHOWN_CHARS]
    return f"no column {wanted!r} in the header (found: {found}); {how}"


def _named(missing: frozenset[str], names: Sequence[str]) -> str:
    """Names that are not there, each with one that is and is like it."""
    known = {letters(name): shown(name) for name in names}
    told = []
    for name in sorted(missing):
        near = get_close_matches(letters(name), known, 1)
        hint = f" (is it {known[near[0]]!r}?)" if near else ""
        told.append(f"{name[:_SHOWN_CHARS]!r}{hint}")
    return f"{', '.join(told)}; check --map and --keep"
