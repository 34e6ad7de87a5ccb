"""Arrow batches in, Arrow batches out: what Spark, datasets and one's own pipelines call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..data.columns import Columns
from ..data.csv_rows import check_header
from ..data.parquet_rows import batch_rows, check_text
from ..data.reading import Reject
from ..models.row import ScoredPost, arrow_schema
from .encoding import Encoder, record
from .inputs import Record
from .options import Options
from .parts import Part, cut
from .scorer import Scorer
from .scoring import PartScorer

if TYPE_CHECKING:
    import pyarrow as pa


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
        InputError: a batch without the column of the text, or with one that holds none.
    """
    options = options or Options()
    columns = options.columns
    job = PartScorer(scorer, options, Encoder("jsonl"))
    read = Columns(columns.renamed)
    for batch in batches:
        check_header(batch.schema.names, "the batch", columns)
        check_text(batch.schema.field(columns.text).type, "the batch", columns.text)
        wanted = batch.select([name for name in batch.schema.names if name in read.wanted])
        scored = _scored(batch_rows(wanted, first, read), job, read, first)
        for name in columns.kept:
            scored = scored.append_column(batch.schema.field(name), batch.column(name))
        yield scored
        first += len(batch)


def score_records(
    scorer: Scorer,
    records: Sequence[tuple[int, Mapping[str, Any] | Reject]],
    options: Options | None = None,
) -> pa.RecordBatch:
    """Score records that are read already; see ``score_batches``.

    Args:
        scorer: a loaded model.
        records: each with its number, rising from that of the first.
        options: as above, without kept columns.
    """
    options = options or Options()
    job = PartScorer(scorer, options, Encoder("jsonl"))
    first = records[0][0] if records else 1
    return _scored(records, job, Columns(options.columns.renamed), first)


def _scored(
    found: Iterable[tuple[int, Mapping[str, Any] | Reject]],
    job: PartScorer,
    columns: Columns,
    first: int,
) -> pa.RecordBatch:
    import pyarrow as pa

    rows: list[ScoredPost] = []
    records = (Record("", row, item) for row, item in found)
    for part in cut(records, columns, lambda _: None, first=first):
        rows += _rows(part, job)
    schema = arrow_schema(errors=True)
    return pa.RecordBatch.from_pylist([_with_error(row) for row in rows], schema=schema)


def _rows(part: Part, job: PartScorer) -> list[ScoredPost]:
    """One row for each record, rejects among them."""
    rows: list[ScoredPost] = []
    for i, row in enumerate(job.rows(part)):
        if isinstance(row, ScoredPost):
            rows.append(row.model_copy(update={"id": part.ids[i]}))
        else:
            error = f"model: the model failed on this post ({row})"
            rows.append(ScoredPost(id=part.ids[i], error=error))
    # From the last, so that the places of the others hold.
    for before, _, reject in reversed(part.rejects):
        rows.insert(before, _rejected(reject))
    return rows


def _rejected(reject: Reject) -> ScoredPost:
    post_id = reject.id or f"row-{reject.line}"
    return ScoredPost(id=post_id, error=f"{reject.code}: {reject.message}")


def _with_error(row: ScoredPost) -> dict[str, object]:
    return record(row) | {"error": row.error}
