"""Arrow batches in, Arrow batches out: what Spark, datasets and one's own pipelines call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from ..data.errors import InputError, Reject
from ..data.io.fields.columns import TEXT, Columns
from ..data.io.fields.find import Fields
from ..data.io.fields.places import Places
from ..data.io.formats.parquet_file import batch_rows, check_text
from ..data.io.read import items_of
from ..data.posts import Post
from ..models.isolate import rows_in_place
from ..models.pipeline import Pipeline
from ..models.scored_post import ScoredPost
from .batch.parts import cut
from .options import Options
from .output.row_encoder import ROW_COLUMNS, RowEncoder, check_free
from .row_scorer import RowScorer

if TYPE_CHECKING:
    import pyarrow as pa

_TYPED = RowEncoder("parquet", errors=True)
_ADDED = (*ROW_COLUMNS, "error")


def score_batches(
    pipeline: Pipeline,
    batches: Iterable[pa.RecordBatch],
    options: Options | None = None,
    first: int = 1,
) -> Iterator[pa.RecordBatch]:
    """Score batches one by one, a row for each row, in order.

    Args:
        pipeline: a loaded model.
        batches: with the column ``text`` (or what ``options.columns`` names) and any other field
            of a post; rows without an id are numbered over all batches.
        options: columns, jurisdiction, prevalence and reasons count here.
        first: number of the first row.

    Yields:
        The columns of ``scored_post.arrow_schema(errors=True)``, then the kept columns as they
        were. A row that cannot be scored has ``error`` set, beginning with its reason code.

    Raises:
        InputError: a batch without the column of the text, or with one that holds none; or with a
            column that is not read and has the name of one of the output, such as ``language``.
    """
    import pyarrow as pa

    options = options or Options()
    columns, fields = options.columns, Fields(options.columns)
    check_free(columns.kept, errors=True)
    kept_text = (TEXT,) if TEXT in columns.kept else ()
    score = RecordScorer(pipeline, replace(options, columns=Columns(columns.renamed, kept_text)))
    for batch in batches:
        places = fields.header(batch.schema.names, "the batch")
        text = places.text or ""
        check_text(batch.schema.field(text).type, "the batch", text)
        _check_beside(batch.schema.names, places)
        read = dict.fromkeys([*places.fields.values(), *places.whole])
        wanted = batch.select(list(read))
        rows, texts = score.rows(batch_rows(wanted, first, text), first)
        scored = _TYPED.batch(rows, [()] * len(rows))
        for name, column in zip(columns.kept, places.kept, strict=True):
            if name == TEXT:
                scored = scored.append_column(TEXT, pa.array([t for (t,) in texts], pa.string()))
            else:
                kind = batch.schema.field(column).with_name(name)
                scored = scored.append_column(kind, batch.column(column))
        yield scored
        first += len(batch)


def _check_beside(found: Sequence[str], places: Places) -> None:
    # Whoever puts the rows beside the batch, as a map does, would lose one of the two.
    for name in found:
        if name in _ADDED and name not in places.fields.values():
            raise InputError(
                f"the batch has a column {name!r}, as the output has: rename it, or give only "
                f"the columns that are read ({places.text}, id ...)"
            )


class RecordScorer:
    """Scores records that are read already, a row for each record, in order.

    Rows of texts seen before are remembered, see ``RowScorer``: keep it for all of them.

    Attributes:
        fields: finds posts in the records, and what goes along.
    """

    def __init__(self, pipeline: Pipeline, options: Options) -> None:
        lines = options.input_format == "jsonl"
        self.fields = Fields(options.columns, options.source, exports=lines)
        self._rows = RowScorer(pipeline, options)

    def rows(
        self, found: Iterable[tuple[int, Mapping[str, Any] | Reject]], first: int
    ) -> tuple[list[ScoredPost], list[tuple[Any, ...]]]:
        """Score records.

        Args:
            found: each with its number, from ``first`` without a gap.
            first: number of the first; rows without an id are called after it.

        Returns:
            Rows, and the kept columns of each as JSON types. A record that cannot be scored has
            ``error`` set, beginning with its reason code, and nothing kept.
        """
        rows: list[ScoredPost] = []
        kept: list[tuple[Any, ...]] = []
        nothing = (None,) * len(self.fields.columns.kept)
        items = items_of(found, Post, self.fields, count(first))
        for part in cut(items, lambda _: None):
            some = rows_in_place([item.found for item in part.items], self._rows.rows)
            for item, row in zip(part.items, some, strict=True):
                kept.append(nothing if row.error else self._rows.kept(item, row))
            rows += some
        return rows, kept
