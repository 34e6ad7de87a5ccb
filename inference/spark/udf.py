"""The registered model as MLflow opens it for Spark, with the rows of ``score_dataframe``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from ...data.io.fields.columns import Columns
from ...data.io.fields.names import sponsors
from ...data.row_id import ROW_PREFIX
from ...data.values.fields import MAX_EXACT, read_paid, read_sponsor
from ...models.scored_post import NESTED, arrow_schema
from .dataframe import found_in, quoted, spark_schema

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

# What the flavour's signature takes, as its types; a timestamp would make MLflow refuse the batch.
_INPUT = {"id": "string", "text": "string", "author": "string", "platform": "string",
          "posted_at": "string", "jurisdiction": "string", "author_country": "string"}  # fmt: skip
# MLflow casts each column of text as a whole, and so makes texts of its nulls.
_NULLS = ("nan", "None", "<NA>")


def udf_rows(
    udf: Callable[[Column], Column], frame: DataFrame, columns: Columns | None = None
) -> DataFrame:
    """Score a Spark DataFrame with what ``mlflow.pyfunc.spark_udf`` gave.

    It runs the code that comes with the model: use it with a registry that is trusted.
    ``score_dataframe`` does not.

    Args:
        udf: of a model that was logged by ``unpolished train``.
        frame: with a column ``text`` (or what ``columns`` names) and, better, ``id``.
        columns: which columns hold a post, and which go along as they are.

    Returns:
        As ``score_dataframe``: the same columns, and the same rejects as rows. Counts such as
        ``likes`` are no input of the flavour and are not looked at.

    Raises:
        InputError: a column asked for is not there, or that of the text holds none.
    """
    from pyspark.sql import functions as f

    columns = columns or Columns()
    places = found_in(frame, columns)
    given = {
        name: f.col(quoted(places.fields[name])).cast(kind).alias(name)
        for name, kind in _INPUT.items()
        if name in places.fields
    }
    if "paid_partnership" in places.fields:
        # MLflow takes no gaps in a column of booleans; an empty text is a label that is not known.
        label = _label(frame, places.fields["paid_partnership"], columns).cast("string")
        given["paid_partnership"] = f.coalesce(label, f.lit("")).alias("paid_partnership")
    # Rows without an id are numbered as ``score_dataframe`` numbers them.
    number = f.concat(f.lit(ROW_PREFIX), (f.monotonically_increasing_id() + 1).cast("string"))
    own = _id(frame, places.fields["id"]) if "id" in places.fields else f.lit(None)
    given["id"] = f.coalesce(own, number).alias("id")
    post = f.struct(*given.values()).alias("_post")
    named = zip(columns.kept, places.kept, strict=True)
    kept = [f.col(quoted(column or "")).alias(name) for name, column in named]
    # Scored in a step of its own, so that a column taken out of it does not score anew.
    scored = frame.select(post, *kept).select(udf(f.col("_post")).alias("_row"), *kept)
    return scored.select(*_columns(), *kept)


def _id(frame: DataFrame, column: str) -> Column:
    """An id as ``values.fields.read_id`` reads it; null where there is none."""
    from pyspark.sql import functions as f

    value = f.col(quoted(column))
    if frame.schema[column].dataType.simpleString() in ("float", "double"):
        whole = (value == f.floor(value)) & (f.abs(value) < MAX_EXACT)
        return f.when(whole, value.cast("bigint").cast("string"))
    text = f.trim(value.cast("string"))
    return f.when(text != "", text)


def _label(frame: DataFrame, column: str, columns: Columns) -> Column:
    """A label in any shape as a boolean; null where it is missing or cannot be read."""
    from pyspark.sql import functions as f

    value = f.col(quoted(column))
    if frame.schema[column].dataType.simpleString() == "boolean":
        return value
    who = sponsors(columns.renamed.get("paid_partnership", ""))
    return f.udf(partial(_read_label, who), "boolean")(value)


def _read_label(who: bool, value: object) -> bool | None:
    plain = value.asDict(recursive=True) if hasattr(value, "asDict") else value
    if isinstance(plain, list):
        plain = [one.asDict(recursive=True) if hasattr(one, "asDict") else one for one in plain]
    try:
        return read_paid(read_sponsor(plain) if who else plain)
    except ValueError:
        return None


def _columns() -> list[Any]:
    from pyspark.sql import functions as f

    found = []
    for field in spark_schema(arrow_schema(errors=True)).fields:
        value = f.col(f"_row.{field.name}")
        if field.name in NESTED:
            value = f.from_json(value, field.dataType)
        elif field.dataType.simpleString() == "string" and field.name != "id":
            value = f.when(~value.isin(*_NULLS), value)
        found.append(value.alias(field.name))
    return found
