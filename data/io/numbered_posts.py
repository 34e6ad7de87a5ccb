"""The posts of a file under the ids that scoring gives them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..errors import Reject
from ..posts import Post, row_id
from .read import read_posts


def numbered_posts(source: Path) -> Iterator[tuple[str, Post]]:
    """Each post with its id, or its number; records that are no posts are passed over, but count.

    Raises:
        InputError: the file as a whole cannot be read.
    """
    for n, item in enumerate(read_posts(source, Post), 1):
        if not isinstance(item, Reject):
            yield item[1].id or row_id(n), item[1]
