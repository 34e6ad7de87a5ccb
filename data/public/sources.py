"""The table of public sources (``sources.toml``), read and checked."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ..axes import TARGETS, Target

TABLE = Path(__file__).with_name("sources.toml")


class SourceError(RuntimeError):
    """A public source that cannot be had or read; the message says what to do."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceFile(_Strict):
    """One file of a repository at a commit; ``unused`` says why it is not read."""

    path: str
    bytes: Annotated[int, Field(gt=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    unused: str = ""


class Reading(_Strict):
    """How the files of a source become rows.

    Attributes:
        format: ``sentences`` joins the rows of one id by newlines.
        encoding: of text files.
        text: column of the post.
        id: column of the row id; empty means the row number from 0.
        author_from: a column, the row number, the folder of the file, the id, or a constant.
        author: the column or the constant.
        max_characters: cut after joining sentences; 0 means no cut.
        repair: how broken characters are read back before anything else.
    """

    format: Literal["csv", "excel", "json", "sentences"]
    encoding: Literal["utf-8", "latin-1"] = "utf-8"
    text: str
    id: str = ""
    author_from: Literal["column", "row", "folder", "id", "constant"]
    author: str = ""
    max_characters: Annotated[int, Field(ge=0)] = 0
    repair: Literal["", "html", "code-points"] = ""

    @property
    def names_authors(self) -> bool:
        """Whether an author is an account or a person, not a row or an event."""
        return self.author_from in ("column", "constant")

    @model_validator(mode="after")
    def _author_is_named(self) -> Self:
        if self.names_authors != bool(self.author):
            raise ValueError("author belongs to author_from column or constant, and only there")
        return self


class Where(_Strict):
    """A second column that a weak rule looks at."""

    column: str
    values: tuple[str, ...]


class WeakRule(_Strict):
    """Values of a source's own column that stand for a label of one axis."""

    axis: Target
    label: str
    column: str
    values: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None
    where: Where | None = None
    votes: str = ""

    @model_validator(mode="after")
    def _label_fits(self) -> Self:
        if self.label not in (names := tuple(TARGETS[self.axis])):
            raise ValueError(f"label of {self.axis} must be one of {names}")
        if bool(self.values) == (self.min is not None or self.max is not None):
            raise ValueError("a weak rule has values or min/max, not both")
        return self


class Source(_Strict):
    """One repository: where it stands, its licence as stated, how it is read, its traps."""

    repository: Annotated[str, Field(pattern=r"^[\w.-]+/[\w.-]+$")]
    commit: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
    licence: str
    kind: Literal["votes", "weak", "unused"]
    reason: str = ""
    platform: Literal["instagram", "twitter", "youtube", "facebook", "reddit", "other"]
    axes: tuple[Target, ...]
    traps: tuple[str, ...] = ()
    english_only: bool = False
    weak_weight: Annotated[float, Field(gt=0, le=1)] | None = None
    reading: Reading
    weak: tuple[WeakRule, ...] = ()
    files: Annotated[tuple[SourceFile, ...], Field(min_length=1)]

    @property
    def used_files(self) -> tuple[SourceFile, ...]:
        """The files that are read, in the table's order."""
        return tuple(file for file in self.files if not file.unused)

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if (self.kind == "unused") != bool(self.reason):
            raise ValueError("kind unused needs a reason, and only unused has one")
        if bool(self.weak) != (self.weak_weight is not None):
            raise ValueError("weak rules and weak_weight come together")
        if self.kind == "weak" and not self.weak:
            raise ValueError("kind weak needs weak rules")
        return self


def read_sources(path: Path) -> tuple[Source, ...]:
    """Read a table of sources, sorted by repository.

    Raises:
        SourceError: naming the file and the first entry and field at fault.
    """
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("source", [])
    sources = []
    for number, entry in enumerate(entries, start=1):
        try:
            sources.append(Source.model_validate(entry))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            name = entry.get("repository", f"source {number}")
            raise SourceError(f"{path.name}: {name}: field {where!r}: {first['msg']}") from None
    return tuple(sorted(sources, key=lambda source: source.repository))


@cache
def sources() -> tuple[Source, ...]:
    """The project's own table."""
    return read_sources(TABLE)
