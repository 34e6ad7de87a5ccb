"""Unpolished: raw or polished, paid or not, performative or committed, for social-media posts."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .version import __version__

if TYPE_CHECKING:
    from .data.io.fields.columns import Columns
    from .inference.options import Options
    from .inference.scorer import ScoredPosts, Scorer
    from .models.scored_post import ScoredPost

__all__ = ["Columns", "Options", "ScoredPost", "ScoredPosts", "Scorer", "__version__"]
_PLACES = {
    "Columns": "data.io.fields.columns",
    "Options": "inference.options",
    "ScoredPost": "models.scored_post",
    "ScoredPosts": "inference.scorer",
    "Scorer": "inference.scorer",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  (PEP 562: the type depends on the name)
    """Import a public name only when it is asked for, so that ``--help`` stays fast."""
    if name in _PLACES:
        return getattr(import_module(f".{_PLACES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
