"""Where the fields of a post are among the names of columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from .columns import FIELDS, TEXT, Columns
from .names import bare, letters
from .whole_text import PLACES

# The names under which platforms give the label of a paid partnership, and nothing else.
ALIASES = {"paid_partnership": ("is_paid_partnership",)}
_MAX_CHARS = 60
_WHOLE_TEXT = frozenset(PLACES)
_FIELD_LETTERS = frozenset(
    map(letters, [*FIELDS, *(name for names in ALIASES.values() for name in names)])
)


@dataclass(frozen=True)
class Places:
    """Where the fields are in records that have the same names.

    Attributes:
        fields: field and column, for each field that is there.
        kept: the column of each name in ``Columns.kept``, None where it is not there.
        unclear: fields that two or more columns could be.
        lacking: columns asked for that are not there.
        whole: columns that may hold the whole text where ``text`` is cut off.
    """

    fields: Mapping[str, str]
    kept: tuple[str | None, ...]
    unclear: Mapping[str, tuple[str, ...]]
    lacking: frozenset[str]
    whole: tuple[str, ...] = ()

    @cached_property
    def as_named(self) -> bool:
        """Whether each field has its own name, so that a record can be read as it is."""
        own = all(field == column for field, column in self.fields.items())
        return own and not self.unclear and not self.whole

    @property
    def text(self) -> str | None:
        """The column with the posts."""
        return self.fields.get(TEXT)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are read."""
        kept = (name for name in self.kept if name is not None)
        return tuple(dict.fromkeys([*self.fields.values(), *self.whole, *kept]))


def places_of(names: Sequence[str], columns: Columns) -> Places:
    """Find the fields among names of columns.

    A name counts as it is; else, if it is the only one, without spaces, capitals and marks; else
    under one of ``ALIASES``. Names given with ``--map`` and ``--keep`` have to have their letters
    and what is between them.
    """
    exact = set(names)
    by_bare, by_letters = _grouped(names, {*map(bare, _asked(columns))})
    fields: dict[str, str] = {}
    unclear: dict[str, tuple[str, ...]] = {}

    def note(field: str, found: tuple[str, ...]) -> None:
        if len(found) == 1:
            fields[field] = found[0]
        elif found:
            unclear[field] = found

    for field, column in columns.renamed.items():
        note(field, (column,) if column in exact else by_bare.get(bare(column), ()))
    taken = set(fields.values())
    for field in FIELDS:
        if field in columns.renamed:
            continue
        found: tuple[str, ...] = (field,) if field in exact else ()
        for name in (field, *ALIASES.get(field, ())):
            found = found or tuple(n for n in by_letters.get(letters(name), ()) if n not in taken)
        note(field, found)
    kept = tuple(_kept(name, exact, by_bare, fields) for name in columns.kept)
    lacking = {c for f, c in columns.renamed.items() if f not in fields}
    lacking |= {n for n, c in zip(columns.kept, kept, strict=True) if c is None and n != TEXT}
    # A text under another name is the one that was asked for.
    whole = () if TEXT in columns.renamed else tuple(n for n in names if n in _WHOLE_TEXT)
    return Places(fields, kept, unclear, frozenset(lacking), whole)


def _asked(columns: Columns) -> list[str]:
    return [*columns.renamed.values(), *columns.kept]


def _kept(
    name: str,
    exact: set[str],
    by_bare: Mapping[str, tuple[str, ...]],
    fields: Mapping[str, str],
) -> str | None:
    if name in exact:
        return name
    found = by_bare.get(bare(name), ())
    if len(found) == 1:
        return found[0]
    return fields.get(TEXT) if name == TEXT else None


def _grouped(names: Sequence[str], asked: set[str]) -> tuple[dict[str, tuple[str, ...]], ...]:
    """Names that could be meant, by ``bare`` where they were asked for, by ``letters`` else."""
    by_bare: dict[str, tuple[str, ...]] = {}
    by_letters: dict[str, tuple[str, ...]] = {}
    for name in names:
        if not isinstance(name, str) or len(name) > _MAX_CHARS:
            continue
        plain_name = bare(name)
        if plain_name in asked:
            by_bare[plain_name] = (*by_bare.get(plain_name, ()), name)
        key = plain_name if plain_name.isalpha() else letters(plain_name)
        if key in _FIELD_LETTERS:
            by_letters[key] = (*by_letters.get(key, ()), name)
    return by_bare, by_letters
