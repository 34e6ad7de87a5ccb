"""Posts, labels, text, public sources and folds."""

from typing import TYPE_CHECKING

from ..lazy import lazy_names

if TYPE_CHECKING:
    from .errors import InputError, Reject
    from .posts import LabelledPost, Post, PostError, parse_post

__all__ = ["InputError", "LabelledPost", "Post", "PostError", "Reject", "parse_post"]
__getattr__ = lazy_names(
    __name__,
    {
        "InputError": "errors",
        "LabelledPost": "posts",
        "Post": "posts",
        "PostError": "posts",
        "Reject": "errors",
        "parse_post": "posts",
    },
)
