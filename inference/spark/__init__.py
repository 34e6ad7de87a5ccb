"""Scoring with Spark."""

from typing import TYPE_CHECKING

from ...lazy import lazy_names

if TYPE_CHECKING:
    from .dataframe import score_dataframe
    from .udf import udf_rows

__all__ = ["score_dataframe", "udf_rows"]
__getattr__ = lazy_names(
    __name__,
    {
        "score_dataframe": "dataframe",
        "udf_rows": "udf",
    },
)
