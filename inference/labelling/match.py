"""Match each row of a labelling sheet to its post.

A label was given for the text that was in the row. So a row is taken only where its text, or its
key where the text is gone, leads to one post, and nothing in the row speaks for another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ...data.posts import Post
from ...data.values.csv_injection import guarded
from .cells import (
    MAX_CELL,
    ascii_letters,
    beginning,
    key_of,
    letters,
    loosely_same,
    may_be,
    number_of,
    same_text,
)
from .sheet import SheetRow

_SORTED = "were columns sorted apart, or was it edited? Undo that"
_FILE = "is it the file that the sheet was made from?"


class PossiblePost(NamedTuple):
    """A post that may belong to a row."""

    key: str
    id: str
    post: Post


class NoMatchError(ValueError):
    """A row that cannot be given to one post; the message says why and what would help."""


class Matches:
    """Candidate posts of the rows; memory grows with these alone."""

    def __init__(self, rows: Sequence[SheetRow], posts: Iterable[tuple[str, Post]]) -> None:
        """Args: the rows, and all posts of the file with their ids."""
        self._found: dict[tuple[str, str], list[PossiblePost]] = defaultdict(list)
        wanted = {place for row in rows for place in _places(row.key, row.id, row.text)}
        numbers = any(name == "number" for name, _ in wanted)
        for post_id, post in posts:
            candidate = PossiblePost(key_of(post_id, post.text), post_id, post)
            places = _places(candidate.key, post_id, post.text)
            for place in (*places, *(_places("", post_id, "") if numbers else ())):
                # The same id and the same text are one post, however often it is in the file.
                known = self._found[place] if place in wanted else None
                if known is not None and all(one.key != candidate.key for one in known):
                    known.append(candidate)

    def post_of(self, row: SheetRow) -> PossiblePost:
        """Find the post of a row.

        Raises:
            NoMatchError: none, more than one, or the cells of the row speak for several.
        """
        found = self._by_text(row) if letters(row.text) else self._by_key_or_id(row)
        # A row as it was written, of a file that has changed since: its id may be another's now.
        untouched = row.key == key_of(row.id, row.text)
        ids = [] if untouched or may_be(row.id, found.id) else self._at("id", row.id)
        for other in (*ids, *self._at("key", row.key)):
            if other.key != found.key:
                raise NoMatchError(
                    f"its cells are of two posts, {_short(found.id)} and {_short(other.id)}: "
                    f"{_SORTED}"
                )
        return found

    def _by_text(self, row: SheetRow) -> PossiblePost:
        near = [
            *self._at("text", beginning(row.text)),
            *self._at("letters", _ascii_beginning(row.text)),
        ]
        near = list({candidate.key: candidate for candidate in near}.values())
        whole = [one for one in near if same_text(row.text, one.post.text)]
        alike = whole or [one for one in near if loosely_same(row.text, one.post.text)]
        keyed = [one for one in alike if one.key == row.key]
        named = keyed or [one for one in alike if may_be(row.id, one.id)] or whole
        if len(named) == 1:
            return named[0]
        if named:
            raise NoMatchError(
                f"{len(named)} posts have its text, and its id {_short(row.id)} does not tell "
                "which: give the whole id, or keep the column 'key'"
            )
        if alike:
            raise NoMatchError(
                "its text has lost letters: save the sheet as CSV (UTF-8), or keep the column 'key'"
            )
        if self._at("key", row.key) or self._at("id", row.id):
            raise NoMatchError(f"its text is not that of the post with its key or id: {_SORTED}")
        raise NoMatchError(f"no post has its text: {_FILE}")

    def _by_key_or_id(self, row: SheetRow) -> PossiblePost:
        if row.key:
            if not (found := self._at("key", row.key)):
                raise NoMatchError(f"no post has its key: {_FILE}")
            return found[0]
        alike = [*self._at("id", row.id), *self._at("number", number_of(row.id))]
        alike = list({one.key: one for one in alike if may_be(row.id, one.id)}.values())
        if not alike:
            raise NoMatchError(f"no post has its id {_short(row.id)}: {_FILE}")
        if len(alike) > 1:
            raise NoMatchError(
                f"{len(alike)} posts may have had its id {_short(row.id)}: keep the column 'text' "
                "or 'key'"
            )
        return alike[0]

    def _at(self, name: str, value: str) -> list[PossiblePost]:
        return self._found.get((name, guarded(value) if name == "id" else value), [])


def _places(key: str, post_id: str, text: str) -> list[tuple[str, str]]:
    """Where a row looks for its post, and a post is found; by its number where nothing else is."""
    number = "" if key or text else number_of(post_id)
    found = {
        "key": key,
        "id": guarded(post_id.strip()),
        "number": number,
        "text": beginning(text),
        "letters": _ascii_beginning(text),
    }
    return [(name, value) for name, value in found.items() if value]


def _ascii_beginning(text: str) -> str:
    return beginning(ascii_letters(text[:MAX_CELL]))


def _short(post_id: str) -> str:
    return repr(post_id[:50])
