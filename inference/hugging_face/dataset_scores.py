"""The function that ``datasets`` maps over batches: the columns of a batch, and those added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ...data.errors import InputError
from ...data.io.fields.columns import TEXT, Columns
from ...data.io.fields.find import Fields
from ...data.io.fields.places import places_of
from ...data.io.formats.parquet_file import batch_rows, check_text
from ...data.text.disclosure.rules import last_change
from ...models.fingerprint import program
from ...models.pipeline import Pipeline
from ..arrow import RecordScorer
from ..options import Options
from ..output.row_encoder import RowEncoder

if TYPE_CHECKING:
    import pyarrow as pa
    from datasets import Features

# Rows stay beside their posts, so they need no names.
_LEFT_OUT = "id"


class DatasetScores:
    """Scores of a data set. Goes to other processes as its model does: by address."""

    def __init__(self, pipeline: Pipeline, options: Options, removed: tuple[str, ...]) -> None:
        """Args: see ``score_dataset.score_dataset``.

        Raises:
            ValueError: a prevalence that cannot be set.
        """
        pipeline.check_prevalence(options.prevalence)
        renamed, kept = options.columns.renamed, options.columns.kept
        self._options = Options(
            columns=Columns(renamed, (TEXT,) if TEXT in kept else ()),
            jurisdiction=options.jurisdiction,
            rules_on=options.rules_on,
            prevalence=options.prevalence,
            reasons=options.reasons,
        )
        self._pipeline, self.removed = pipeline, removed
        self._asked = Columns(renamed, tuple(name for name in kept if name != TEXT))
        self._encoder = RowEncoder("parquet", self._options.columns.kept, errors=True)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._pipeline, self._options, self.removed)

    def decided_by(self) -> list[object]:
        """All that decides about the columns that are added, and which are removed."""
        options = self._options
        return [
            dict(program()), self._pipeline.digest, self._pipeline.runtime.settings(),
            dict(options.columns.renamed), options.columns.kept,
            options.asked.jurisdictions, last_change(options.asked.today).isoformat(),
            dict(options.prevalence or {}), options.reasons, self.removed,
        ]  # fmt: skip

    def check(self, columns: Iterable[str]) -> None:
        """Refuse columns without those asked for, or with one that would be lost.

        Raises:
            InputError: naming it, and what to do.
        """
        found = list(columns)
        places = places_of(found, self._asked)
        if places.text is None and TEXT not in places.unclear:
            text = self._asked.renamed.get(TEXT, TEXT)
            raise InputError(
                f"the data set has no column {text!r} (found: {', '.join(found)[:300]}); say which "
                "one holds the posts: Options(columns=Columns({'text': NAME}))"
            )
        for name in (*sorted(places.lacking), *self.removed):
            if name not in found:
                raise InputError(f"the data set has no column {name!r}")
        Fields(self._asked).header(found, "the data set")
        for name in self._schema.names:
            if name in found and name not in self.removed:
                raise InputError(
                    f"the data set has a column {name!r}, as the scores have: rename it with "
                    f"rename_column({name!r}, NEW), or leave it out with remove_columns"
                )

    def features(self, before: Features) -> Features:
        """The types of the columns that stay, then of those that are added."""
        from datasets import Features

        stay = {name: kind for name, kind in before.items() if name not in self.removed}
        return Features(stay | dict(Features.from_arrow_schema(self._schema)))

    def table(self, posts: pa.Table) -> pa.Table:
        """A table with its scores beside it."""
        import pyarrow as pa

        places = Fields(self._options.columns).header(posts.column_names, "the data set")
        text = places.text or ""
        check_text(posts.schema.field(text).type, "the data set", text)
        wanted = posts.select(list(places.columns))
        rows = [
            row
            for batch in wanted.combine_chunks().to_batches()
            for row in batch_rows(batch, 1, text)
        ]
        added = self._scored(record for _, record in rows)
        stay = posts.drop_columns([name for name in posts.column_names if name in self.removed])
        columns = [*stay.columns, *added.columns]
        return pa.Table.from_arrays(columns, names=[*stay.column_names, *added.schema.names])

    def columns(self, posts: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
        """The columns that are added to those of a batch."""
        if not isinstance(posts, Mapping):
            raise InputError("give the streamed data set without a format: with_format(None)")
        self.check(posts)
        names = places_of(list(posts), self._options.columns).columns
        rows = zip(*(posts[name] for name in names), strict=True)
        found: dict[str, list[Any]] = self._scored(_record(names, row) for row in rows).to_pydict()
        return found

    def _scored(self, records: Iterable[Any]) -> pa.RecordBatch:
        rows, kept = self._rows.rows(enumerate(records, 1), 1)
        found = self._encoder.batch(rows, kept)
        return found.select(self._schema.names)

    @cached_property
    def _rows(self) -> RecordScorer:
        """Kept for all batches: texts seen before need not be scored again."""
        return RecordScorer(self._pipeline, self._options)

    @cached_property
    def _schema(self) -> pa.Schema:
        schema = self._encoder.schema
        return schema.remove(schema.get_field_index(_LEFT_OUT))


def _record(names: Sequence[str], row: Sequence[Any]) -> Mapping[str, Any]:
    return {name: value for name, value in zip(names, row, strict=True) if value is not None}
