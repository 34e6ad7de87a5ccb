"""Which export a file is, told by what it holds, and the fields of posts in its records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ...errors import InputError
from ..exports.paths import path
from ..exports.recognise import lists_in, nearest, shape_of
from ..exports.shape import Kind, Owner, Shape
from ..exports.table import shape_called
from .columns import TEXT, Columns
from .names import shown
from .places import Places, places_of

MAX_NAMES = 1_000
_SHOWN_KEYS = 20
# Where an answer has one record in the place of a list.
_ONE = "data"
# Lists of what others said to a post.
_ANSWERS = ("comments", "replies", "answers")
_AROUND = "JSON object around a list of posts"
# Of a list, so many are looked at for one that is a post: the first may be something else.
LOOKED_AT = 20


def _nobody(_: Owner) -> None:
    return None


class _List(NamedTuple):
    """A list in an object, with what its records are; None for posts by their own names."""

    where: str
    shape: Shape | None


class Export:
    """What the current file was exported from, if it is one of ``exports``.

    Attributes:
        asked: the shape that was asked for, if one was.
        owner_of: finds whose archive the current file is from.
        read_as: title of each shape to the number of files that were read as it.
        left: what lies beside the posts in a file of several parts and is not read.
        streamed: the records of the current file come out of a list already.
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
        self.left: list[str] = []
        self._columns = columns
        self._recognises = recognise and TEXT not in columns.renamed
        self.end_file()

    def end_file(self) -> None:
        """Forget what the file was that ends here."""
        self.streamed = False
        # What most of its records are; others may be of another shape, or of none.
        self._shape: Shape | None = None
        self._told: set[str] = set()
        # The shape of records with the same keys, and keys of posts by their own names.
        self._of_names: dict[tuple[str, ...], Shape | None] = {}
        self._posts: set[tuple[str, ...]] = set()
        # Where the lists of records are in the objects around them.
        self._lists: tuple[str, ...] = ()
        # Who wrote those posts that name no author, by the title of the shape.
        self._owners: dict[str, str | None] = {}
        self._is_table = False

    def look(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Tell by the first records of a file what most of them are."""
        shapes: Counter[str] = Counter()
        for record in records:
            if not self.known(record):
                continue
            for inner in self.records_in(record):
                if isinstance(inner, Mapping) and (shape := self._shape_for(inner)[0]) is not None:
                    shapes[shape.name] += 1
                    if shapes.most_common(1)[0][0] == shape.name:
                        self._shape = shape

    def known(self, record: Mapping[str, Any]) -> bool:
        """Whether a record of JSON can be read: as an export, by its text, or by lists in it."""
        if self._is_record(record):
            return True
        found = self._answer_of_one(record) or self._lists_of(record)
        if not found:
            return False
        places = [one.where for one in found]
        if (shape := found[0].shape) is not None:
            self._shape = shape
            # Of a large file not all lists that the shape names have begun yet.
            places += [where for where in shape.records if where and places[0] in shape.records]
        elif _AROUND not in self._told:
            self._told.add(_AROUND)
            self.read_as[_AROUND] += 1
        self._lists = tuple(dict.fromkeys((*self._lists, *places)))
        return True

    def records_in(self, record: Mapping[str, Any]) -> Sequence[Any]:
        """The records in an object, which is one itself unless it is around lists of them."""
        if not self._lists or self._is_record(record) or not self._has_lists(record):
            return (record,)
        around = record if self._shape is None else self._shape.prepared(record)
        found: list[Any] = []
        for where in self._lists:
            items = path(where).get(around)
            found += items if isinstance(items, list) else []
        return found

    def _is_record(self, record: Mapping[str, Any]) -> bool:
        """Whether an object is a post, and not around some."""
        if self.asked is not None:
            if not (self.asked.may_be_in("") and self.asked.fits(record)):
                return False
            self._shape = self._shape or self.asked
            return True
        names = tuple(record)
        if names in self._posts:
            return True
        shape = shape_of(record, "json") if self._recognises else None
        if shape is None and not has_text(record, self._columns):
            return False
        # What is in a list may have the same keys as what is around it.
        if shape is None and len(self._posts) < MAX_NAMES and len(names) < MAX_NAMES:
            self._posts.add(names)
        return True

    @property
    def lists(self) -> tuple[str, ...]:
        """The paths of the lists that records are in."""
        return self._lists

    @property
    def needs_whole(self) -> bool:
        """Whether records cannot be read without what is beside them in the object."""
        return self._shape is not None and self._shape.prepare == "x-page"

    def known_columns(self, names: Sequence[str]) -> bool:
        """Whether one of the columns of a table is the text."""
        if self.asked is not None:
            return self._table(names) is not None
        return has_text(dict.fromkeys(names), self._columns) or self._table(names) is not None

    def header(self, names: Sequence[str], source: str) -> Places | None:
        """Where the fields are in a table in a known shape; None for one that has none.

        Raises:
            InputError: it has not the shape that was asked for.
        """
        shape = self._table(names)
        if shape is None:
            if self.asked is not None:
                raise self.unknown(dict.fromkeys(names), "csv", source)
            return None
        self._shape, self._is_table = shape, True
        self._tell(shape)
        there = frozenset(names)
        plain = places_of(names, self._columns)
        own = {field: shape.column(field, there) for field in shape.fields}
        fields = {field: column for field, column in own.items() if column is not None}
        fields |= {f: c for f, c in plain.fields.items() if _added(f, shape, self._columns)}
        unclear = {f: both for f, both in plain.unclear.items() if f in self._columns.renamed}
        # Parts of a text, and labels beside the first one, are read as well.
        others = tuple(name for name in names if shape.reads(name) and name not in fields.values())
        return Places(fields, plain.kept, unclear, plain.lacking, others)

    def post(
        self, record: Mapping[str, Any], places: Callable[[Mapping[str, Any]], Places]
    ) -> dict[str, Any] | None:
        """A record under the names of a post's fields; None where it is of no shape.

        Args:
            record: as it was read.
            places: finds columns by their names.
        """
        if self._is_table:
            shape, fits = self._shape, True
        else:
            shape, fits = self._shape_for(record)
        if shape is None:
            return None
        if shape.title not in self._told:
            self._tell(shape)
        found = shape.post(shape.prepared(record) if shape.prepare else record)
        # Fields that the export has not: somebody has added them. And a record that lacks some of
        # what the others have may be somebody's own.
        for field, column in places(record).fields.items():
            if field in found and fits and field not in self._columns.renamed:
                continue
            if _added(field, shape, self._columns) or not (fits or field in found):
                found[field] = record[column]
        if (owner := self._owners.get(shape.title)) is not None:
            found.setdefault("author", owner)
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

    def _shape_for(self, record: Mapping[str, Any]) -> tuple[Shape | None, bool]:
        """The shape of a record, and whether it has all that the shape is recognised by.

        One without a shape of its own has that of the file, if it has a place for the text.
        """
        if self.asked is not None:
            return self.asked, self.asked.fits(record)
        if not self._recognises:
            return None, False
        names = tuple(record)
        if names in self._of_names:
            shape = self._of_names[names]
            if shape is not None and not shape.fits(record):
                shape = self._found(record)
        else:
            shape = self._found(record)
            if len(self._of_names) < MAX_NAMES and len(names) < MAX_NAMES:
                self._of_names[names] = shape
        if shape is None and self._shape is not None and self._shape.has_text(record):
            return self._shape, False
        return shape, True

    def _found(self, record: Mapping[str, Any]) -> Shape | None:
        for where in (*self._lists, ""):
            if (shape := shape_of(record, "json", where)) is not None:
                return shape
        return None

    def _answer_of_one(self, record: Mapping[str, Any]) -> list[_List]:
        """The place of the one record of an answer, where a list is put in its place later."""
        item = record.get(_ONE)
        shape = self._in_list(item, _ONE) if isinstance(item, dict) else None
        return [_List(_ONE, shape)] if shape is not None and shape.prepare else []

    def _lists_of(self, record: Mapping[str, Any]) -> list[_List]:
        """The lists in an object that posts are in: those that a shape names before all others.

        Raises:
            InputError: several could be it.
        """
        found: list[_List] = []
        plain: list[_List] = []
        for where, items in lists_in(record):
            some = [item for item in items[:LOOKED_AT] if isinstance(item, Mapping)]
            shapes = [shape for shape in (self._in_list(item, where) for item in some) if shape]
            if shapes:
                found.append(_List(where, shapes[0]))
                continue
            texts = any(has_text(item, self._columns) for item in some)
            if texts and self.asked is None and where.rpartition(".")[2] not in _ANSWERS:
                plain.append(_List(where, None))
        named = [one for one in found if one.shape and one.where in one.shape.records]
        chosen = named or found or plain
        if len({one.shape.name if one.shape else one.where for one in chosen}) > 1:
            several = ", ".join(
                f"{one.where} ({one.shape.title})" if one.shape else one.where for one in chosen
            )
            raise InputError(
                f"several lists could be the posts: {several}; write one to a file, such as with "
                f"jq '.{chosen[0].where}'"
            )
        return chosen

    def _in_list(self, item: Mapping[str, Any], where: str) -> Shape | None:
        if self.asked is not None:
            fits = self.asked.may_be_in(where) and self.asked.fits(item)
            return self.asked if fits else None
        return shape_of(item, "json", where) if self._recognises else None

    def _has_lists(self, record: Mapping[str, Any]) -> bool:
        kinds = (list, dict) if self._shape is not None and self._shape.prepare else list
        return any(isinstance(path(where).get(record), kinds) for where in self._lists)

    def _table(self, names: Sequence[str]) -> Shape | None:
        record = dict.fromkeys(names)
        shape = self.asked
        if shape is None and self._recognises:
            shape = shape_of(record, "csv")
        return shape if shape and shape.column(TEXT, frozenset(names)) is not None else None

    def _tell(self, shape: Shape) -> None:
        if shape.title in self._told:
            return
        self._told.add(shape.title)
        self.read_as[shape.title] += 1
        self._owners[shape.title] = None if shape.owner is None else self.owner_of(shape.owner)


def _added(field: str, shape: Shape, columns: Columns) -> bool:
    """Whether a field is read by the name of its column, beside what the export has."""
    return field in columns.renamed or (field not in shape.fields and field != "platform")


def has_text(record: Mapping[str, Any], columns: Columns) -> bool:
    """Whether a record has a text under its own name, or under the one that was asked for."""
    places = places_of(list(record)[:MAX_NAMES], columns)
    return places.text is not None or TEXT in places.unclear
