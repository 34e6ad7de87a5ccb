"""Scored rows as bytes of JSONL, CSV or Parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from pydantic_core import to_json

from ...data.errors import InputError
from ...data.io.open_file import Format
from ...data.values.csv_injection import guarded
from ...models.scored_post import (
    JurisdictionDisclosure,
    MatchedTerm,
    ModelName,
    ScoredPost,
    arrow_schema,
)

if TYPE_CHECKING:
    import pyarrow as pa

ROW_COLUMNS = tuple(name for name in ScoredPost.model_fields if name != "error")
_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


class RowEncoder:
    """Turns rows into the bytes of one format; knows the kept columns and how cells are guarded.

    Args:
        format: of the output.
        kept: names of further columns, after the others.
        guard: make CSV cells harmless for spreadsheets; see ``csv_injection.guarded``.
        errors: with the column ``error``, for JSONL and Arrow; see ``scored_post.arrow_schema``.

    Raises:
        InputError: see ``check_free``.
    """

    def __init__(
        self,
        format: Format,  # noqa: A002
        kept: Sequence[str] = (),
        *,
        guard: bool = False,
        errors: bool = False,
    ) -> None:
        check_free(kept, errors=errors)
        self.format, self._kept, self._guard, self._errors = format, tuple(kept), guard, errors

    @property
    def header(self) -> bytes:
        """What stands before all rows: the names of a CSV."""
        if self.format != "csv":
            return b""
        return self._csv([[*ROW_COLUMNS, *map(self._cell, self._kept)]])

    def encode(self, rows: Sequence[ScoredPost], kept: Sequence[tuple[Any, ...]]) -> bytes:
        """Rows beside their kept columns.

        Raises:
            ValueError: a number that is none.
        """
        if self.format == "parquet":
            return _parquet(self.batch(rows, kept))
        if self.format == "jsonl":
            return b"".join(map(self._line, rows, kept))
        records = self._records(rows, kept)
        return self._csv([[*map(self._cell, r.values())] for r in records])

    def batch(self, rows: Sequence[ScoredPost], kept: Sequence[tuple[Any, ...]]) -> pa.RecordBatch:
        """Rows as Arrow; see ``encode``. Only for an encoder of Parquet."""
        import pyarrow as pa

        return pa.RecordBatch.from_pylist(self._records(rows, kept), schema=self.schema)

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema of the output; kept columns are text, JSON where they were none."""
        import pyarrow as pa

        schema = arrow_schema(errors=self._errors)
        for name in self._kept:
            schema = schema.append(pa.field(name, pa.string()))
        return schema

    def _line(self, row: ScoredPost, extra: tuple[Any, ...]) -> bytes:
        values = record(row) | ({"error": row.error} if self._errors else {})
        line = to_json(values)
        if b":NaN" in line or b"Infinity" in line:
            # In a quotation, or a number that is none.
            _JSON.encode(values)
        if extra:
            line = line[:-1] + b"," + _JSON.encode(self._extra(extra))[1:].encode("utf-8")
        return line + b"\n"

    def _records(
        self, rows: Sequence[ScoredPost], kept: Sequence[tuple[Any, ...]]
    ) -> list[dict[str, Any]]:
        return [
            record(row) | ({"error": row.error} if self._errors else {}) | self._extra(extra)
            for row, extra in zip(rows, kept, strict=True)
        ]

    def _extra(self, values: tuple[Any, ...]) -> dict[str, Any]:
        if self.format == "parquet":
            values = tuple(v if v is None or isinstance(v, str) else _json(v) for v in values)
        return dict(zip(self._kept, values, strict=True))

    def _cell(self, value: object) -> object:
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, list | dict):
            return _json(value)
        return guarded(value) if self._guard and isinstance(value, str) else value

    def _csv(self, rows: Sequence[Sequence[object]]) -> bytes:
        buffer = io.StringIO(newline="")
        csv.writer(buffer, lineterminator="\n").writerows(rows)
        return buffer.getvalue().encode("utf-8")


def check_free(kept: Sequence[str], *, errors: bool = False) -> None:
    """Refuse to keep a column under a name that the output has: one of the two would be lost.

    Args:
        kept: names of further columns.
        errors: whether the output has the column ``error``.

    Raises:
        InputError: naming the column.
    """
    for name in kept:
        if name in ROW_COLUMNS or (errors and name == "error"):
            raise InputError(f"--keep {name}: the output has a column of that name already")


def _parquet(batch: pa.RecordBatch) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    buffer = io.BytesIO()
    parquet.write_table(pa.Table.from_batches([batch]), buffer)
    return buffer.getvalue()


def record(row: ScoredPost) -> dict[str, Any]:
    """The output columns of a row, in order, as JSON types.

    A lone surrogate cannot be written in UTF-8; it becomes U+FFFD. Offsets stay as they are.
    """
    # As ``model_dump`` gives them, which takes longer for what is flat.
    values: dict[str, Any] = dict(vars(row))
    del values["error"]
    values["id"], values["model"] = writable(row.id), _model(row.model)
    values["repairs"], values["disclosed_kinds"] = [*row.repairs], [*row.disclosed_kinds]
    values["disclosures"] = [*map(_disclosure, row.disclosures)]
    values["disclosure_terms"] = [*map(_term, row.disclosure_terms)]
    values["signals"] = [_quoting(found, "value") for found in row.signals]
    values["reasons"] = [_quoting(reason, "text") for reason in row.reasons]
    return values


def _disclosure(found: JurisdictionDisclosure) -> dict[str, Any]:
    if not found.terms:
        return _without_terms(found.jurisdiction, found.disclosure, found.rules_of)
    return vars(found) | {"terms": [*map(_term, found.terms)]}


@lru_cache(maxsize=1_000)
def _without_terms(jurisdiction: str, disclosure: str, rules_of: str) -> dict[str, Any]:
    return {
        "jurisdiction": jurisdiction, "disclosure": disclosure, "rules_of": rules_of, "terms": [],
    }  # fmt: skip


def _term(found: MatchedTerm) -> dict[str, Any]:
    return _quoting(found, "term")


def _quoting(found: BaseModel, name: str) -> dict[str, Any]:
    """An object with a field that quotes the post."""
    values = found.model_dump()
    values[name] = writable(values[name])
    return values


@lru_cache(maxsize=1)
def _model(name: ModelName) -> dict[str, Any]:
    return name.model_dump()


def writable(text: str) -> str:
    """Text without lone surrogates."""
    return (
        text
        if text.isascii()
        else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )


def _json(value: object) -> str:
    return _JSON.encode(value)
