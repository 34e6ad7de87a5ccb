"""Arrow batches in, Arrow batches out: what Spark, datasets and one's own pipelines call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..data.errors import InputError, Reject
from ..data.io.fields.columns import TEXT, Columns
from ..data.io.fields.find import Fields
from ..data.io.fields.places import Places
from ..data.io.formats.parquet_file import batch_rows, check_text
from ..data.posts import row_id
from ..models.isolate import row_of
from ..models.scored_post import ScoredPost, error_row
from .batch.inputs import Record
from .batch.part_scorer import PartScorer
from .batch.parts import Part, cut
from .options import Options
from .output.row_encoder import COLUMNS, Encoder, check_free
from .scorer import Scorer

if TYPE_CHECKING:
    import pyarrow as pa

_TYPED = Encoder("parquet", errors=True)
_ADDED = (*COLUMNS, "error")


def score_batches(
    scorer: Scorer,
    batches: Iterable[pa.RecordBatch],
    options: Options | None = None,
    first: int = 1,
) -> Iterator[pa.RecordBatch]:
    """Score batches one by one, a row for each row, in order.

    Args:
        scorer: a loaded model.
        batches: with the column ``text`` (or what ``options.columns`` names) and any other field
            of a post; rows without an id are numbered over all batches.
        options: columns, jurisdiction, prevalence and reasons count here.
        first: number of the first row.

    Yields:
        The columns of ``models.row.arrow_schema(errors=True)``, then the kept columns as they
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
    score = RecordScorer(scorer, replace(options, columns=Columns(columns.renamed, kept_text)))
    for batch in batches:
        places = fields.header(batch.schema.names, "the batch")
        text = places.text or ""
        check_text(batch.schema.field(text).type, "the batch", text)
        _check_beside(batch.schema.names, places)
        read = dict.fromkeys([*places.fields.values(), *places.whole])
        wanted = batch.select(list(read))
        rows, texts = score.rows(batch_rows(wanted, first, text), first)
        scored = _TYPED.batch([row.id for row in rows], rows, [()] * len(rows))
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

    Rows of texts seen before are remembered, see ``scoring.PartScorer``: keep it for all of them.

    Attributes:
        fields: finds posts in the records, and what goes along.
    """

    def __init__(self, scorer: Scorer, options: Options) -> None:
        self.fields = Fields(options.columns)
        self._job = PartScorer(scorer, options, Encoder("jsonl"))

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
        records = (Record("", n, item) for n, item in found)
        for part in cut(records, self.fields, lambda _: None, first=first):
            some, extra = self._part(part)
            rows += some
            kept += extra
        return rows, kept

    def _part(self, part: Part) -> tuple[list[ScoredPost], list[tuple[Any, ...]]]:
        rows: list[ScoredPost] = []
        kept = list(part.kept)
        for i, row in enumerate(self._job.rows(part)):
            rows.append(row_of(part.ids[i], row))
            if isinstance(row, ScoredPost):
                kept[i] = self._job.kept(part, i, row)
            else:
                kept[i] = (None,) * len(kept[i])
        # From the last, so that the places of the others hold.
        for before, _, reject in reversed(part.rejects):
            rows.insert(before, _rejected(reject))
            kept.insert(before, (None,) * len(self.fields.columns.kept))
        return rows, kept


def _rejected(reject: Reject) -> ScoredPost:
    return error_row(reject.id or row_id(reject.line), reject.code, reject.message)
