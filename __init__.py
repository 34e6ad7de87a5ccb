"""Score social-media posts: raw or polished, likely paid for, performative."""

from typing import TYPE_CHECKING

from .lazy import lazy_names
from .version import __version__

if TYPE_CHECKING:
    from .data.errors import InputError, UnusableError
    from .data.io.fields.columns import Columns
    from .data.posts import Post, PostError
    from .inference.options import Options
    from .inference.scorer import ScoredPosts, Scorer
    from .models.runtime import Runtime
    from .models.saved_model import ModelError
    from .models.scored_post import ScoredPost

__all__ = [
    "Columns", "InputError", "ModelError", "Options", "Post", "PostError", "Runtime", "ScoredPost",
    "ScoredPosts", "Scorer", "UnusableError", "__version__",
]  # fmt: skip
__getattr__ = lazy_names(
    __name__,
    {
        "Columns": "data.io.fields.columns",
        "InputError": "data.errors",
        "ModelError": "models.saved_model",
        "Options": "inference.options",
        "Post": "data.posts",
        "PostError": "data.posts",
        "Runtime": "models.runtime",
        "ScoredPost": "models.scored_post",
        "ScoredPosts": "inference.scorer",
        "Scorer": "inference.scorer",
        "UnusableError": "data.errors",
    },
)
