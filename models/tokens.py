"""Token ids in batches: posts cut to both ends, sorted by length, padded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Ids = Sequence[int]


def both_ends(ids: Ids, limit: int) -> Ids:
    """At most ``limit`` ids: the first three quarters and the last quarter of a longer post.

    A closing line often says what a post is for.
    """
    if len(ids) <= limit:
        return ids
    tail = limit // 4
    return [*ids[: limit - tail], *ids[len(ids) - tail :]]


def by_length(lengths: Sequence[int], size: int) -> Iterator[list[int]]:
    """Indices in batches of posts of like length; padding costs most of the time otherwise."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    for start in range(0, len(order), size):
        yield order[start : start + size]


def padded(batch: Sequence[Ids]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ids and attention mask, both of shape (n_posts, longest)."""
    longest = max(map(len, batch))
    ids = np.zeros((len(batch), longest), np.int64)
    attention = np.zeros_like(ids)
    for row, tokens in enumerate(batch):
        ids[row, : len(tokens)] = tokens
        attention[row, : len(tokens)] = 1
    return ids, attention
