"""Scoring new posts, from Python, files, Arrow and Spark."""

from typing import TYPE_CHECKING

from ..lazy import lazy_names

if TYPE_CHECKING:
    from .options import Options
    from .scorer import ScoredPosts, Scorer
    from .summary import Summary

__all__ = ["Options", "ScoredPosts", "Scorer", "Summary"]
__getattr__ = lazy_names(
    __name__,
    {
        "Options": "options",
        "ScoredPosts": "scorer",
        "Scorer": "scorer",
        "Summary": "summary",
    },
)
