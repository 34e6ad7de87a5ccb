"""Scoring on a cluster: the same rows by the same code, in Spark's own tasks.

``mapInArrow`` hands each task Arrow batches; the model is opened once per Python worker. Tasks that
fail are tried again by Spark, and what they wrote by then is not counted, so no row stands twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from ..data.jsonl import decoded
from ..data.reading import Format, InputError
from ..models.row import arrow_schema
from ..models.runtime import Runtime
from .arrow import score_batches, score_records
from .options import Options
from .scorer import Scorer
from .summary import Summary

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

# Rows without an id get one that no other task gives, as Spark's own increasing ids.
_ROWS_PER_TASK = 1 << 33
_MISSING = "scoring with Spark needs: pip install 'unpolished[spark]'"


def score_dataframe(
    frame: DataFrame, model: str | None = None, options: Options | None = None
) -> DataFrame:
    """Score a Spark DataFrame, a row for each row; no order is promised, as ever with Spark.

    Args:
        frame: with a column ``text`` (or what ``options.columns`` names) and, better, ``id``.
        model: an address that every worker can open; None for the shipped model.
        options: columns, jurisdiction, prevalence, reasons and runtime count here.

    Returns:
        The columns of ``models.row.arrow_schema(errors=True)``, then the kept ones. A row that
        cannot be scored has ``error`` set, beginning with its reason code.

    Raises:
        InputError: a column asked for is not there.
        ImportError: the extra ``spark`` is not installed.
    """
    options = options or Options()
    columns = options.columns
    columns.check(frame.columns, "the DataFrame")
    if columns.text not in frame.columns:
        raise InputError(f"the DataFrame has no column {columns.text!r}; name it with --map")
    wanted = frame.select([_quoted(name) for name in columns.wanted if name in frame.columns])
    kept = [frame.schema[name] for name in columns.kept]
    return wanted.mapInArrow(partial(_score, model, options), _schema(kept))


def score_folder(
    session: SparkSession,
    source: str,
    target: str,
    model: str | None = None,
    options: Options | None = None,
) -> None:
    """Score a folder of Parquet or JSONL into a fresh folder.

    Args:
        session: an open session.
        source: a folder, a file or a pattern that Spark can read.
        target: a folder that does not exist yet; it is never overwritten.
        model: see ``score_dataframe``.
        options: likewise; ``input_format`` and ``output_format``, default Parquet.

    Raises:
        InputError: CSV, which Spark reads by position and without a word; an output that exists.
        ImportError: the extra ``spark`` is not installed.
    """
    try:
        from pyspark.errors import AnalysisException
    except ImportError as error:
        raise ImportError(_MISSING) from error
    options = options or Options()
    found, written = options.input_format or "parquet", options.output_format or "parquet"
    if "csv" in (found, written):
        raise InputError("--engine spark reads and writes Parquet and JSONL: convert CSV first")
    try:
        frame = _scored_folder(session, source, found, model, options)
        writer = frame.write.mode("errorifexists")
        if written == "parquet":
            writer.parquet(target)
        else:
            writer.option("ignoreNullFields", "false").json(target)
    except AnalysisException as error:
        if error.getCondition() in ("PATH_ALREADY_EXISTS", "_LEGACY_ERROR_TEMP_1133"):
            raise InputError(f"{target} exists: choose another folder") from None
        raise InputError(f"{source}: {str(error).splitlines()[0][:300]}") from None


def counted(session: SparkSession, target: str, written: Format) -> Summary:
    """Rows of a folder that ``score_folder`` wrote, and those with an error by reason code."""
    rows = session.read.parquet(target) if written == "parquet" else session.read.json(target)
    code = "coalesce(substring_index(error, ':', 1), '') AS code"
    counts = rows.selectExpr(code).groupBy("code").count().collect()
    found = {row["code"]: row["count"] for row in counts}
    summary = Summary(rows=sum(found.values()), scored=found.pop("", 0))
    summary.rejected.update(found)
    return summary


def new_session(jobs: int | None) -> SparkSession:
    """A session: of the cluster this is submitted to, or of as many local threads as asked for.

    Raises:
        ImportError: the extra ``spark`` is not installed.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ImportError(_MISSING) from error
    builder = SparkSession.builder.appName("unpolished")
    if SparkSession.getActiveSession() is None and jobs is not None:
        builder = builder.master(f"local[{jobs}]")
    return builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()


def _scored_folder(
    session: SparkSession, source: str, found: Format, model: str | None, options: Options
) -> DataFrame:
    if found == "parquet":
        return score_dataframe(session.read.parquet(source), model, options)
    if options.columns.kept:
        raise InputError("--keep: Spark has no type for columns of JSONL; give it Parquet")
    # Lines are read as the local engine reads them: Spark's reader makes texts of numbers.
    lines = session.read.text(source)
    return lines.mapInArrow(partial(_score_lines, model, options), _schema([]))


def _score(
    model: str | None, options: Options, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    scorer = _scorer(model, options.runtime)
    return score_batches(scorer, batches, options, first=_first_row())


def _score_lines(
    model: str | None, options: Options, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    scorer = _scorer(model, options.runtime)
    first = _first_row()
    for batch in batches:
        lines = [(row, value) for row, value in enumerate(batch.column(0).to_pylist(), first)]
        records = [(row, decoded(row, line.encode())) for row, line in lines if line.strip()]
        yield score_records(scorer, records, options)
        first += len(lines)


@cache
def _scorer(model: str | None, runtime: Runtime) -> Scorer:
    """Opened once per Python worker."""
    return Scorer.load(model, runtime)


def _first_row() -> int:
    from pyspark import TaskContext

    context = TaskContext.get()
    return (context.partitionId() if context else 0) * _ROWS_PER_TASK + 1


def _schema(kept: Sequence[Any]) -> Any:  # noqa: ANN401
    from pyspark.sql.pandas.types import from_arrow_schema

    schema = from_arrow_schema(arrow_schema(errors=True))
    for field in kept:
        schema = schema.add(field)
    return schema


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
