"""Token ids, cut and batched."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from unpolished.models.tokens import both_ends, by_length, padded


@given(st.lists(st.integers(1, 9), max_size=40), st.integers(8, 20))
def test_both_ends_are_kept(ids, limit):
    """Never longer than the limit; first and last stay."""
    cut = both_ends(ids, limit)
    assert len(cut) == min(len(ids), limit)
    if ids:
        assert (cut[0], cut[-1]) == (ids[0], ids[-1])
    if len(ids) <= limit:
        assert list(cut) == ids


@given(st.lists(st.integers(1, 50), max_size=40), st.integers(1, 7))
def test_batches_hold_every_post_once_and_like_lengths_together(lengths, size):
    """No batch is longer than asked."""
    batches = list(by_length(lengths, size))
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    assert all(len(batch) <= size for batch in batches)
    flat = [lengths[i] for batch in batches for i in batch]
    assert flat == sorted(flat)


def test_padding_is_masked():
    """Zeros where there is no token."""
    ids, attention = padded([[5], [6, 7, 8]])
    np.testing.assert_array_equal(ids, [[5, 0, 0], [6, 7, 8]])
    np.testing.assert_array_equal(attention, [[1, 0, 0], [1, 1, 1]])
