"""The fields of posts in the records of an input, whatever the columns are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from ...errors import InputError, UnusableError
from ...posts import PostError
from ...values.fields import read_sponsor
from .columns import TEXT, Columns, plain
from .export import MAX_NAMES, Export
from .names import letters, shown, sponsors
from .not_read import NotRead, not_read
from .places import Places, places_of
from .whole_text import with_whole_text

_MAX_CHARS = 60
_SHOWN_CHARS = 300
_AS_NAMED = Columns()
# Fields that go along, and that nothing is made of.
_CARRIED = ("url", "repost_of")
# No value: two columns could hold it. No reader takes it, so the field is passed over.
_UNCLEAR = object()


class Fields:
    """Finds the fields of posts in the records of one input.

    Attributes:
        columns: what was asked for.
        sheet: of a spreadsheet, if one was asked for.
        export: what the current file was exported from.
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
            source: the name of the export that all files are.
            sheet: of a spreadsheet.
            exports: recognise exports; else only a source that was asked for is read as one.

        Raises:
            InputError: no export of that name.
        """
        self.columns, self.sheet = columns, sheet
        self.export = Export(columns, source, recognise=exports)
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
        places = self.export.header(names, source)
        if places is None:
            places = self._noted(names)
        else:
            self._read.update(places.columns)
        places = _without_doubtful(places, names)
        for field, found in places.unclear.items():
            both = " and ".join(repr(name[:_SHOWN_CHARS]) for name in found[:2])
            raise InputError(
                f"{source}: {both} could both be the field {field!r}; rename one, or say --map "
                f"{field}=COLUMN"
            )
        if places.text is None:
            near = self.export.near(dict.fromkeys(names), "csv")
            raise InputError(f"{source}: {_no_text(names, self.columns, near)}")
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
        if (exported := self.export.post(record, self._places)) is not None:
            if self._sponsors and "paid_partnership" in exported:
                exported["paid_partnership"] = read_sponsor(exported["paid_partnership"])
            return exported
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
        self.export.end_file()
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


def _no_text(names: Sequence[str], columns: Columns, near: str) -> str:
    # Without a header, the first post is here; words in a row are not shown.
    found = ", ".join(shown(name, sure=False) for name in names)[:_SHOWN_CHARS] or "nothing"
    how = "name the column that holds the posts 'text', or say --map text=COLUMN"
    wanted = columns.renamed.get(TEXT, TEXT)[:_SHOWN_CHARS]
    return f"no column {wanted!r} in the header (found: {found}{near}); {how}"


def _named(missing: frozenset[str], names: Sequence[str]) -> str:
    """Names that are not there, each with one that is and is like it."""
    known = {letters(name): shown(name) for name in names}
    told = []
    for name in sorted(missing):
        near = get_close_matches(letters(name), known, 1)
        hint = f" (is it {known[near[0]]!r}?)" if near else ""
        told.append(f"{name[:_SHOWN_CHARS]!r}{hint}")
    return f"{', '.join(told)}; check --map and --keep"
