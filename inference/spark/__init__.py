"""Scoring on Spark."""

from .dataframe import score_dataframe

__all__ = ["score_dataframe"]
