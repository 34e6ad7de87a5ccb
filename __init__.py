"""Score social-media posts: raw or polished, likely paid for, performative."""

from typing import TYPE_CHECKING

from .lazy import lazy_names
from .version import __version__

if TYPE_CHECKING:
    from .data.io.fields.columns import Columns
    from .inference.options import Options
    from .inference.scorer import ScoredPosts, Scorer
    from .models.scored_post import ScoredPost

__all__ = ["Columns", "Options", "ScoredPost", "ScoredPosts", "Scorer", "__version__"]
__getattr__ = lazy_names(
    __name__,
    {
        "Columns": "data.io.fields.columns",
        "Options": "inference.options",
        "ScoredPost": "models.scored_post",
        "ScoredPosts": "inference.scorer",
        "Scorer": "inference.scorer",
    },
)
