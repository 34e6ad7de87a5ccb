"""Unpolished: raw or polished, paid or not, performative or committed, for social-media posts."""

from typing import TYPE_CHECKING, Any

from .version import __version__

if TYPE_CHECKING:
    from .inference.scorer import Scorer

__all__ = ["Scorer", "__version__"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  (PEP 562: the type depends on the name)
    """Import the scorer only when it is asked for, so that ``--help`` stays fast."""
    if name == "Scorer":
        from .inference.scorer import Scorer

        return Scorer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
