"""The posts of a file under the ids that scoring gives them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..errors import Reject
from ..posts import PostT
from .read import read_posts


def numbered_posts(
    source: Path,
    kind: type[PostT],
) -> Iterator[tuple[str, PostT]]:
    """Each post with its id, or its number; records that are no posts are passed over, but count.

    Args:
        source: the file.
        kind: ``Post``, or ``LabelledPost`` with labels.

    Raises:
        InputError: the file as a whole cannot be read.
    """
    for item in read_posts(source, kind):
        if not isinstance(item, Reject):
            yield item[1].row_id, item[1]
