"""Scoring with Spark: the same rows by the same code, in Spark's own tasks.

``mapInArrow`` hands each task Arrow batches; the model is opened once per Python worker. Tasks that
fail are tried again by Spark, and what they wrote by then is not counted, so no row appears twice.
"""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from ...data.errors import InputError
from ...data.io.fields.columns import TEXT, Columns
from ...data.io.fields.find import Fields
from ...data.io.fields.names import bare
from ...data.io.fields.not_read import NotRead
from ...data.io.fields.places import Places
from ...data.io.formats.parquet_file import check_text
from ...data.io.open_file import Format
from ...models.scored_post import arrow_schema
from ..options import Options
from ..output.row_encoder import check_free
from ..summary import COUNTED, Summary
from .tasks import LINE, encoder_of, score_files, score_frame, written_format

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_MISSING = "scoring with Spark needs: pip install 'unpolished[spark]'"
# How often a task is tried in local mode, where Spark itself would try it once.
_TRIES = 2


def score_dataframe(
    frame: DataFrame, model: str | None = None, options: Options | None = None
) -> DataFrame:
    """Score a Spark DataFrame: one row for each row, in no particular order.

    Args:
        frame: with a column ``text`` (or what ``options.columns`` names) and, better, ``id``.
        model: an address that every worker can open; None for the shipped model.
        options: columns, jurisdiction, prevalence, reasons and runtime count here; a model has
            the threads that Spark reserves for a task (``spark.task.cpus``).

    Returns:
        The columns of ``scored_post.arrow_schema(errors=True)``, then the kept ones as they
        were. A row that cannot be scored has ``error`` set, beginning with its reason code.

    Raises:
        InputError: a column asked for is not there, or that of the text holds none.
        ImportError: the extra ``spark`` is not installed.
    """
    options = options or Options()
    places = found_in(frame, options.columns)
    posts = frame.select([quoted(name) for name in places.columns])
    schema = spark_schema(arrow_schema(errors=True))
    for name, column in zip(options.columns.kept, places.kept, strict=True):
        schema = schema.add(name, frame.schema[column].dataType)
    return posts.mapInArrow(partial(score_frame, model, options), schema)


def score_folder(
    session: SparkSession,
    source: str,
    target: str,
    model: str | None = None,
    options: Options | None = None,
) -> None:
    """Score a folder of Parquet or JSONL into a new folder.

    Args:
        session: an open session.
        source: a folder, with those inside, a file or a pattern that Spark can read.
        target: a folder that does not exist yet; it is never overwritten.
        model: see ``score_dataframe``.
        options: see ``score_dataframe``; the formats default to Parquet. Kept columns
            are written as the local engine writes them: text in Parquet, JSON where they were
            none; as they are in JSONL; null for a row with an error.

    Raises:
        InputError: CSV, whose columns Spark matches by position; an output that exists;
            a column asked for that is nowhere; an input that cannot be read, or a task that failed
            as often as Spark tries it.
        ImportError: the extra ``spark`` is not installed.
    """
    try:
        from py4j.protocol import Py4JJavaError
        from pyspark.errors import AnalysisException, PySparkException
    except ImportError as error:
        raise ImportError(_MISSING) from error
    options = options or Options()
    if "csv" in (options.input_format, options.output_format):
        raise InputError("--engine spark reads and writes Parquet and JSONL: convert CSV first")
    check_free(options.columns.kept, errors=True)
    try:
        if options.input_format == "jsonl":
            _check_asked_for(session, source, options.columns)
        read = _lines if options.input_format == "jsonl" else _rows
        schema = "value string"
        if written_format(options) == "parquet":
            schema = spark_schema(encoder_of(options).schema)
        scored = read(session, source, options).mapInArrow(
            partial(score_files, model, options), schema
        )
        # Lines are written as they are: Spark's own JSON leaves nothing of a kept column's type.
        writer = scored.write.mode("errorifexists")
        (writer.parquet if written_format(options) == "parquet" else writer.text)(target)
    except AnalysisException as error:
        if error.getCondition() in ("PATH_ALREADY_EXISTS", "_LEGACY_ERROR_TEMP_1133"):
            raise InputError(f"{target} exists: choose another folder") from None
        raise InputError(f"{source}: {_first_line(error)}") from None
    except (PySparkException, Py4JJavaError) as error:
        raise InputError(
            f"{source}: Spark gave up: {_why(error)}; nothing is in {target}, choose another "
            "folder for the next try"
        ) from None


def found_in(frame: DataFrame, columns: Columns) -> Places:
    """Find the columns of a frame that hold the fields of a post.

    Raises:
        InputError: a column asked for is not there, or that of the text holds none.
    """
    from pyspark.sql.pandas.types import to_arrow_type

    check_free(columns.kept, errors=True)
    places = Fields(columns).header(frame.columns, "the DataFrame")
    text = places.text or ""
    check_text(to_arrow_type(frame.schema[text].dataType), "the DataFrame", text)
    return places


def spark_schema(schema: Any) -> Any:  # noqa: ANN401
    """Convert an Arrow schema to a Spark schema."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(schema)


def quoted(name: str) -> str:
    """Quote the name of a column, which Spark would read as an expression."""
    return "`" + name.replace("`", "``") + "`"


def counted(session: SparkSession, target: str, written: Format) -> Summary:
    """Count the rows of a folder that ``score_folder`` wrote, by label and by reason code."""
    if written == "parquet":
        rows = session.read.parquet(target)
    else:
        columns = ", ".join(f"{name} string" for name in ("error", *COUNTED))
        schema = f"{columns}, truncated boolean, repairs array<string>"
        rows = session.read.schema(schema).json(target)
    code = "coalesce(substring_index(error, ':', 1), '') AS code"
    groups = rows.selectExpr(code, *COUNTED, "truncated").groupBy("code", *COUNTED, "truncated")
    summary = Summary()
    for group in groups.count().collect():
        n = group["count"]
        summary.rows += n
        if group["code"]:
            summary.rejected[group["code"]] += n
            continue
        summary.scored += n
        summary.truncated += n if group["truncated"] else 0
        for column in COUNTED:
            summary.labels[column][str(group[column])] += n
    for group in rows.selectExpr("explode(repairs) AS repair").groupBy("repair").count().collect():
        summary.repairs[group["repair"]] += group["count"]
    return summary


def columns_not_read(session: SparkSession, source: str, options: Options) -> NotRead:
    """List the columns of a Parquet folder that ``score_folder`` does not read."""
    fields = Fields(options.columns)
    fields.header(_frame(session, source).columns, source)
    return fields.not_read()


def new_session(jobs: int | None) -> SparkSession:
    """Open a session: on the cluster it is submitted to, else with local threads.

    Raises:
        ImportError: the extra ``spark`` is not installed.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ImportError(_MISSING) from error
    builder = SparkSession.builder.appName("unpolished")
    if SparkSession.getActiveSession() is None and jobs is not None:
        builder = builder.master(f"local[{jobs},{_TRIES}]")
    session: SparkSession = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    context = session.sparkContext
    # Spark itself would start any python3, which need not have this package, or be of this version.
    if context.master.startswith("local") and "PYSPARK_PYTHON" not in os.environ:
        context.pythonExec = sys.executable
    return session


def _frame(session: SparkSession, source: str) -> DataFrame:
    # Spark would take the columns of any one file for those of all, and skip folders inside.
    reader = session.read.option("mergeSchema", "true").option("recursiveFileLookup", "true")
    return reader.parquet(source)


def _rows(session: SparkSession, source: str, options: Options) -> DataFrame:
    frame = _frame(session, source)
    return frame.select([quoted(name) for name in found_in(frame, options.columns).columns])


def _check_asked_for(session: SparkSession, source: str, columns: Columns) -> None:
    """Refuse a column that no line has; a single task could not tell.

    Raises:
        InputError: naming the column.
    """
    from pyspark.sql import functions as f

    lines = session.read.option("recursiveFileLookup", "true").text(source)
    low = f.lower(lines.value)
    for name in dict.fromkeys([*columns.renamed.values(), *columns.kept]):
        # JSON may write other than ASCII letters as escapes.
        plain = [json.dumps(bare(name), ensure_ascii=escaped)[1:-1] for escaped in (True, False)]
        named = low.contains(plain[0]) | low.contains(plain[1])
        if name != TEXT and not lines.where(named).head(1) and lines.head(1):
            raise InputError(f"{source}: no line has {name!r}; check --map and --keep")


def _lines(session: SparkSession, source: str, options: Options) -> DataFrame:
    """Read lines as bytes, since Spark's text reader cuts and decodes them."""
    del options
    lines = session.read.option("recursiveFileLookup", "true").text(source)
    return lines.selectExpr(f"CAST(value AS BINARY) AS {LINE}")


def _first_line(error: object) -> str:
    return (str(error).splitlines() or [""])[0][:300]


def _why(error: Any) -> str:  # noqa: ANN401
    """Describe an error of Java or of a Python worker, shortened, since it may quote a post."""
    if hasattr(error, "java_exception"):
        return _first_line(error.java_exception.getMessage())
    if error.getCondition() != "PYTHON_EXCEPTION":
        return _first_line(error)
    lines = [line for line in str(error).splitlines() if line.strip()]
    name, _, message = lines[-1].partition(": ")
    ours = name.startswith("unpolished.") or name in ("ImportError", "ModuleNotFoundError")
    return message[:300] if ours else name.strip()[:100]
