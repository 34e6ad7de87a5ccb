"""Token ids in batches: posts cut to both ends, sorted by length, padded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Ids = Sequence[int]

# Padding counted. What a batch of this size works on stays in a processor's own cache; larger ones
# take about a tenth more time, smaller ones too. In int8, what is between the products counts, and
# that is faster where a cache of its own holds it.
BATCH_TOKENS = 768
BATCH_TOKENS_INT8 = 384
# What a call of a network costs on a processor beside its tokens, in tokens: as much padding is
# worth another call; ``benchmarks/network_batches.py``.
CALL_TOKENS = 8


def both_ends(ids: Ids, limit: int) -> Ids:
    """At most ``limit`` ids: the first three quarters and the last quarter of a longer post.

    A closing line often says what a post is for.
    """
    if len(ids) <= limit:
        return ids
    tail = limit // 4
    return [*ids[: limit - tail], *ids[len(ids) - tail :]]


def beginning(ids: Ids, limit: int) -> Ids:
    """At most ``limit`` ids: the first ones, and the very last, which ends every text."""
    return ids if len(ids) <= limit else [*ids[: limit - 1], ids[-1]]


def by_length(
    lengths: Sequence[int],
    size: int | None = None,
    padding: int | None = None,
    tokens: int = BATCH_TOKENS,
) -> Iterator[list[int]]:
    """Indices in batches of texts of like length; padding costs most of the time otherwise.

    Args:
        lengths: of each text, in tokens.
        size: texts to a batch; None for as many as have ``tokens`` together.
        padding: tokens by which one more text may lengthen the others together; None for any.
        tokens: of a batch, padding counted, where no size is given.
    """
    batch: list[int] = []
    # Ascending, so that the last one says how long all are once they are padded.
    for i in sorted(range(len(lengths)), key=lengths.__getitem__):
        full = (len(batch) + 1) * lengths[i] > tokens if size is None else len(batch) == size
        if padding is not None and batch:
            full |= len(batch) * (lengths[i] - lengths[batch[-1]]) > padding
        if batch and full:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def padded(batch: Sequence[Ids]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ids and attention mask, both of shape (n_posts, longest)."""
    longest = max(map(len, batch))
    ids = np.zeros((len(batch), longest), np.int64)
    attention = np.zeros_like(ids)
    for row, tokens in enumerate(batch):
        ids[row, : len(tokens)] = tokens
        attention[row, : len(tokens)] = 1
    return ids, attention
