"""Which export a file is, told by what it holds, and the fields of posts in its records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...errors import InputError
from ..exports.paths import path
from ..exports.recognise import lists_in, nearest, shape_of
from ..exports.shape import Kind, Owner, Shape
from ..exports.table import shape_called
from .columns import FIELDS, TEXT, Columns
from .names import shown
from .not_read import JUDGED_BY
from .places import Places, places_of

MAX_NAMES = 1_000
_SHOWN_KEYS = 20
_AROUND = "JSON object around a list of posts"
# Fields that no export has: somebody has added them.
_ADDED = tuple(f for f in FIELDS if f.startswith("label_")) + JUDGED_BY


def _nobody(_: Owner) -> None:
    return None


class Export:
    """The shape of the current file, if it has one of ``exports``.

    Attributes:
        asked: the shape that was asked for, if one was.
        owner_of: finds whose archive the current file is from.
        read_as: title of each shape to the number of files that were read as it.
    """

    def __init__(self, columns: Columns, source: str | None, *, recognise: bool) -> None:
        """The export that files of an input are.

        Args:
            columns: what was asked for; a file whose text was is read by names alone.
            source: the name of a shape, if all files have it.
            recognise: tell the shape of others.

        Raises:
            InputError: no shape of that name.
        """
        self.asked = None if source is None else shape_called(source)
        self.owner_of: Callable[[Owner], str | None] = _nobody
        self.read_as: Counter[str] = Counter()
        self._columns = columns
        self._recognises = recognise and TEXT not in columns.renamed
        self._plain: set[tuple[str, ...]] = set()
        self.end_file()

    def end_file(self) -> None:
        """Forget what the file was that ends here."""
        self._shape: Shape | None = None
        # Where the list of records is in the objects around them.
        self._list: str | None = None
        # Who wrote those posts that name no author.
        self._owner: str | None = None
        self._is_table = False

    def known(self, record: Mapping[str, Any]) -> bool:
        """Whether a record of JSON can be read: it tells how, or it has a text."""
        names = tuple(record)
        if names in self._plain:
            return True
        if (shape := self._shape_of(record, "json")) is not None and shape.fits(record):
            self._take(shape)
            return True
        if has_text(record, self._columns):
            if len(self._plain) < MAX_NAMES and len(names) < MAX_NAMES:
                self._plain.add(names)
            return True
        # An object around the records: an answer of an interface, or an archive.
        for where, items in lists_in(record):
            inside = self._shape_of(items[0], "json", where)
            if inside is not None and inside.fits(items[0]):
                self._list = where
                self._take(inside)
                return True
            if self.asked is None and has_text(items[0], self._columns):
                self._list = where
                self.read_as[_AROUND] += 1
                return True
        return False

    def fits(self, record: Mapping[str, Any]) -> bool:
        """Whether a record is what those before it were read as."""
        if self._list is not None:
            return isinstance(path(self._list).get(record), list)
        return self._shape is not None and self._shape.fits(record)

    def records_in(self, record: Mapping[str, Any]) -> Sequence[Any]:
        """The records in an object, which is one itself unless the first was around a list."""
        if self._list is None:
            return (record,)
        around = record if self._shape is None else self._shape.prepared(record)
        found = path(self._list).get(around)
        return found if isinstance(found, list) else (record,)

    def known_columns(self, names: Sequence[str]) -> bool:
        """Whether one of the columns of a table is the text."""
        return has_text(dict.fromkeys(names), self._columns) or self._table(names) is not None

    def header(self, names: Sequence[str]) -> Places | None:
        """Where the fields are in a table in a known shape; None for one that has none."""
        shape = self._table(names)
        if shape is None:
            return None
        self._take(shape)
        self._is_table = True
        there = frozenset(names)
        asked = places_of(names, self._columns)
        own = {field: shape.column(field, there) for field in shape.fields}
        fields = {field: column for field, column in own.items() if column is not None}
        fields |= {f: asked.fields[f] for f in self._columns.renamed if f in asked.fields}
        unclear = {f: both for f, both in asked.unclear.items() if f in self._columns.renamed}
        return Places(fields, asked.kept, unclear, asked.lacking)

    def post(
        self, record: Mapping[str, Any], places: Callable[[Mapping[str, Any]], Places]
    ) -> Mapping[str, Any] | None:
        """A record under the names of a post's fields; None where it is not of the shape.

        Args:
            record: as it was read.
            places: finds columns that were asked for.
        """
        shape = self._shape
        if shape is None or not (self._is_table or shape.fits(record)):
            return None
        found = shape.post(shape.prepared(record))
        for field in _ADDED:
            if field in record:
                found[field] = record[field]
        if self._columns.renamed:
            fields = places(record).fields
            found.update({f: record[fields[f]] for f in self._columns.renamed if f in fields})
        if self._owner is not None:
            found.setdefault("author", self._owner)
        return found

    def unknown(self, record: Mapping[str, Any], kind: Kind, source: str) -> InputError:
        """The error of a file of which no record is known.

        Args:
            record: one of its records.
            kind: JSON or a table.
            source: the file.
        """
        keys = ", ".join(shown(str(name)) for name in list(record)[:_SHOWN_KEYS])
        told = f"no field {self._columns.renamed.get(TEXT, TEXT)!r}, and no export that is known"
        if self.asked is not None:
            told = f"not read as {self.asked.title}: it lacks {', '.join(self.asked.recognise)}"
        near = self.near(record, kind)
        return InputError(
            f"{source}: {told} (found: {keys or 'nothing'}{near}); say which key is the "
            "text with --map text=KEY, or what it is with --from (unpolished formats lists them)"
        )

    def near(self, record: Mapping[str, Any], kind: Kind) -> str:
        """The shapes that a record is near to, for a message."""
        near = [f"{shape.name} ({shape.title})" for shape in nearest(record, kind)]
        return f"; nearest: {', '.join(near)}" if near else ""

    def _table(self, names: Sequence[str]) -> Shape | None:
        shape = self._shape_of(dict.fromkeys(names), "csv")
        return shape if shape and shape.column(TEXT, frozenset(names)) is not None else None

    def _shape_of(self, record: Mapping[str, Any], kind: Kind, where: str = "") -> Shape | None:
        """The shape that was asked for; else, where no text was, the one of a record."""
        if self.asked is not None:
            return self.asked
        return shape_of(record, kind, where) if self._recognises else None

    def _take(self, shape: Shape) -> None:
        self._shape = shape
        self._owner = None if shape.owner is None else self.owner_of(shape.owner)
        self.read_as[shape.title] += 1


def has_text(record: Mapping[str, Any], columns: Columns) -> bool:
    """Whether a record has a text under its own name, or under the one that was asked for."""
    places = places_of(list(record)[:MAX_NAMES], columns)
    return places.text is not None or TEXT in places.unclear
