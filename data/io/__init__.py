"""Files of posts in: one door, rows with a post or a reject."""

from typing import TYPE_CHECKING

from ...lazy import lazy_names

if TYPE_CHECKING:
    from .fields.columns import Columns
    from .read import read_posts

__all__ = ["Columns", "read_posts"]
__getattr__ = lazy_names(
    __name__,
    {
        "Columns": "fields.columns",
        "read_posts": "read",
    },
)
