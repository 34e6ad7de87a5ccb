"""The id of a post that has none of its own: the number of its record."""

from __future__ import annotations

ROW_PREFIX = "row-"


def row_id(n: int) -> str:
    """The id of a post without one.

    Args:
        n: which record of the whole input it is, counted from 1. Records that are rejected count,
            blank lines do not; a record is one however many lines it takes.
    """
    return f"{ROW_PREFIX}{n}"


def is_row_id(post_id: str) -> bool:
    """Whether an id tells the place of a post, and so may be the one made by ``row_id``."""
    return post_id.startswith(ROW_PREFIX) and post_id.removeprefix(ROW_PREFIX).isdecimal()
