"""One entry of the table of shapes: where the fields of a post are in the records of an export."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ...posts import Mended
from ...text.repair.wrapper import parsed
from ...values.dates import read_moment
from ...values.fields import read_flag, read_paid, read_sponsor
from .paths import MAX_CELL, Path, path
from .prepare import PREPARED

Kind = Literal["json", "csv"]
# Codes of what was done to a text: it is not the one value that the export has of it.
WHOLE, JOINED, UNDONE = "full_text", "joined", "export"
_SPONSOR = re.compile(r"(?:^|[ ._])sponsors?(?:$|[ ._])", re.IGNORECASE)
_REPOST = re.compile(r"RT @(\w{1,30}): ")
# Several parts of one text, such as a title and what is below it.
_AND, _BETWEEN = " + ", "\n\n"


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


class Owner(BaseModel):
    """Where an archive of one account says whose it is.

    Attributes:
        file: the name of a file of the archive.
        path: of the name in it.
        up: how many folders above the posts it may lie, or in ``within`` there.
        within: folders that it lies in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    path: str
    up: int = 0
    within: str = ""


class Shape(BaseModel):
    """How one kind of export is recognised and read.

    Attributes:
        title: what people call it.
        kinds: JSON, which may be lines, or CSV, or both; a sheet of a spreadsheet counts as CSV.
        platform: of all its posts; empty where it has posts of several.
        files: ends of the names of the files with posts in an archive, with ``*``.
        owner: where an archive says whose posts these are.
        records: where the list of records is in one object around them; empty where each object
            is a record. Several where it may be in any of them.
        prepare: code that records or objects around them go through first: ``prepare.PREPARED``.
        recognise: paths that every record has, whatever their value.
        without: paths that no record has.
        fields: field of a post to paths, of which the first with a value counts; ``a + b`` are two
            texts, one below the other.
        reposted: paths of the whole text where ``repost_of`` says that another wrote it.
        repost_if: ``repost_of`` counts only where this path has a value.
        repost_mark: a repost is told by how its text begins: ``RT @name: ``.
        hidden: counts that stand for "hidden".
        hidden_if: flags that say that likes are hidden.
        paid_words: of a label in words, those that say yes; others say nothing.
        paid_yes_only: where its label does not say yes it says nothing.
        nobody: authors that are none, such as ``[deleted]``.
        no_text: texts, or parts of one, that stand for a text that is gone.
        replace: signs of the export's own, and what they stand for in a text.
        links: lists of links that the platform has shortened in the text, with where they lead.
        utc: times without a zone are UTC.
        paid_means: what its label of a paid partnership means, for people.
        quirks: what a reader has to know, for people.
        seen: where this was read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    kinds: Annotated[tuple[Kind, ...], BeforeValidator(_listed), Field(alias="format")]
    platform: str = ""
    files: tuple[str, ...] = ()
    owner: Owner | None = None
    records: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ("",)
    prepare: str = ""
    recognise: Annotated[tuple[str, ...], Field(min_length=1)]
    without: tuple[str, ...] = ()
    fields: Mapping[str, tuple[str, ...]]
    reposted: tuple[str, ...] = ()
    repost_if: str = ""
    repost_mark: bool = False
    hidden: tuple[int, ...] = ()
    hidden_if: tuple[str, ...] = ()
    paid_words: tuple[str, ...] = ()
    paid_yes_only: bool = False
    nobody: tuple[str, ...] = ()
    no_text: tuple[str, ...] = ()
    replace: tuple[tuple[str, str], ...] = ()
    links: tuple[str, ...] = ()
    utc: bool = False
    paid_means: str
    quirks: tuple[str, ...] = ()
    seen: str

    def holds(self, file: str) -> bool:
        """Whether a file of an archive holds posts of this shape, by its name."""
        name = PurePosixPath(file.replace("\\", "/").lower())
        return any(name.match(pattern.lower()) for pattern in self.files)

    def may_be_in(self, where: str) -> bool:
        """Whether its records may be in a list at a path of an object; "" for none around them.

        Where the table names no list, any may be it.
        """
        return where in self.records or self.records == ("",)

    def fits(self, record: Mapping[str, Any]) -> bool:
        """Whether a record is of this shape."""
        return all(one.exists(record) for one in self._needed) and not any(
            one.exists(record) for one in self._unwanted
        )

    def reads(self, column: str) -> bool:
        """Whether anything is read from a column of a table."""
        return column in self.columns

    def has_text(self, record: Mapping[str, Any]) -> bool:
        """Whether a record has a place for the text, whatever else it lacks."""
        return any(one.exists(record) for way in self._texts for one in way)

    def prepared(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """A record, or an object around some, with what belongs together joined."""
        return PREPARED[self.prepare](record) if self.prepare else record

    def post(self, record: Mapping[str, Any]) -> Mended:
        """The fields of a post in a record; one that has no value is left out.

        A text is there in any case, so that a record without one says so. ``repairs`` has a code
        where it is not the one value that the record has of it.
        """
        found = Mended()
        text, code = self._text(record, self._texts)
        for field, paths in self._paths:
            for one in paths:
                value = one.get(record)
                if value is None or value == "":
                    continue
                if isinstance(value, int | str) and value in self._hidden:
                    continue
                found[field] = value
                break
        if self._paid and (paid := self._label(record)) is not None:
            found["paid_partnership"] = paid
        self._set_right(record, found)
        text, code = self._reposted(record, found, text, code)
        if self.links and isinstance(text, str) and (whole := self._led(record, text)) != text:
            text, code = whole, code or UNDONE
        found["text"] = text
        found.repairs = (code,) if code else ()
        return found

    def _set_right(self, record: Mapping[str, Any], found: Mended) -> None:
        """Take values for what they mean in this export."""
        if self.platform:
            found["platform"] = self.platform
        if found.get("author") in self.nobody:
            del found["author"]
        if any(_is_true(path(one).get(record)) for one in self.hidden_if):
            found.pop("likes", None)
        if self.utc and "posted_at" in found:
            found["posted_at"] = _in_utc(found["posted_at"])

    def _led(self, record: Mapping[str, Any], text: str) -> str:
        """A text with its links as they were posted."""
        for where in self.links:
            found = path(where).get(record)
            if isinstance(found, str) and len(found) < MAX_CELL:
                found = parsed(found)
            for link in found if isinstance(found, list) else ():
                if isinstance(link, dict):
                    short, whole = link.get("url"), link.get("expanded_url")
                    if isinstance(short, str) and isinstance(whole, str) and short in text:
                        text = text.replace(short, whole) if short else text
        return text

    def _text(
        self, record: Mapping[str, Any], ways: tuple[tuple[Path, ...], ...]
    ) -> tuple[Any, str]:
        """The first way to a text that has one, and what was done for it.

        Else what stands in the place of one.
        """
        instead = None
        for way in ways:
            found = [_segments(one.get(record)) for one in way]
            texts = [
                text
                for text in found
                if isinstance(text, str) and text.strip() and text not in self.no_text
            ]
            if texts:
                text = texts[0] if len(texts) == 1 else _BETWEEN.join(texts)
                mended = text
                for sign, meant in self.replace:
                    mended = mended.replace(sign, meant)
                return mended, UNDONE if mended != text else JOINED if len(texts) > 1 else ""
            instead = next((value for value in found if value is not None), instead)
        return instead, ""

    def _label(self, record: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """True where any label says yes, False where one says no; else what cannot be read."""
        said: bool | None = None
        unread = None
        for one in self._paid:
            value = one.get(record)
            if value is None or value in ("", [], "[]"):
                # Who has an empty list of sponsors for every post has said nothing of this one.
                continue
            if self.paid_words:
                value = True if value in self.paid_words else None
            try:
                # Who has paid is a name where the place is one for it.
                named = _SPONSOR.search(one.written) is not None
                read = read_paid(read_sponsor(value) if named else value)
            except ValueError:
                unread = value
                continue
            if read:
                return True
            if not self.paid_yes_only:
                said = read if said is None else said
        return said if said is not None else unread

    def _reposted(
        self,
        record: Mapping[str, Any],
        found: Mended,
        text: Any,  # noqa: ANN401
        code: str,
    ) -> tuple[Any, str]:
        """The text of a repost, behind the mark of one, and whole where the record has it."""
        if self.repost_mark and isinstance(text, str) and (mark := _REPOST.match(text)):
            found.setdefault("repost_of", mark[1])
        if self.repost_if and path(self.repost_if).get(record) is None:
            found.pop("repost_of", None)
        original = found.get("repost_of")
        if not isinstance(original, str) or not isinstance(text, str):
            return text, code
        mark = _REPOST.match(text)
        whole, _ = self._text(record, self._originals)
        if mark and original.isdigit():
            # An id, where the name is in the text.
            found["repost_of"] = original = mark[1]
        if isinstance(whole, str):
            return f"RT @{original}: {whole}", WHOLE
        return (text, code) if mark else (f"RT @{original}: {text}", JOINED)

    @cached_property
    def columns(self) -> frozenset[str]:
        """The keys of a record that anything is read from."""
        written = [one for paths in self.fields.values() for text in paths for one in _parts(text)]
        return frozenset(
            name
            for one in map(path, [*written, *self.reposted, *self.links])
            for name in (one.top, one.written, *one.flat)
        )

    def column(self, field: str, names: frozenset[str]) -> str | None:
        """The first of a table's columns that holds a field."""
        for text in self.fields.get(field, ()):
            for one in map(path, _parts(text)):
                for name in (one.written, *one.flat):
                    if name in names:
                        return name
        return None

    @cached_property
    def _hidden(self) -> frozenset[int | str]:
        # In CSV they are text.
        return frozenset([*self.hidden, *map(str, self.hidden)])

    @cached_property
    def _needed(self) -> tuple[Path, ...]:
        return tuple(map(path, self.recognise))

    @cached_property
    def _unwanted(self) -> tuple[Path, ...]:
        return tuple(map(path, self.without))

    @cached_property
    def _paths(self) -> tuple[tuple[str, tuple[Path, ...]], ...]:
        apart = ("text", "paid_partnership")
        return tuple(
            (field, tuple(map(path, paths)))
            for field, paths in self.fields.items()
            if field not in apart
        )

    @cached_property
    def _paid(self) -> tuple[Path, ...]:
        return tuple(map(path, self.fields.get("paid_partnership", ())))

    @cached_property
    def _texts(self) -> tuple[tuple[Path, ...], ...]:
        return tuple(tuple(map(path, _parts(text))) for text in self.fields["text"])

    @cached_property
    def _originals(self) -> tuple[tuple[Path, ...], ...]:
        return tuple(tuple(map(path, _parts(text))) for text in self.reposted)


def _is_true(value: object) -> bool:
    try:
        return read_flag(value) is True
    except ValueError:
        return False


def _parts(written: str) -> list[str]:
    return written.split(_AND)


def _segments(value: Any) -> Any:  # noqa: ANN401
    """A text that is given in stretches, some of them marked, as one."""
    if not isinstance(value, list) or not value:
        return value
    parts = [part.get("text") if isinstance(part, Mapping) else part for part in value]
    texts = [part for part in parts if isinstance(part, str)]
    return "".join(texts) if len(texts) == len(parts) else value


def _in_utc(value: Any) -> Any:  # noqa: ANN401
    try:
        moment = read_moment(value)
    except ValueError:
        return value
    return (
        moment.replace(tzinfo=UTC)
        if isinstance(moment, datetime) and moment.tzinfo is None
        else value
    )
