"""Token ids, cut and batched."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.models.onnx.batching import (
    BATCH_TOKENS,
    BATCH_TOKENS_INT8,
    beginning,
    both_ends,
    by_length,
    padded,
)


@pytest.mark.parametrize("cut", [both_ends, beginning])
@given(ids=st.lists(st.integers(1, 9), max_size=40), limit=st.integers(8, 20))
def test_first_and_last_are_kept(cut, ids, limit):
    """Never longer than the limit; what is not longer stays as it is."""
    found = cut(ids, limit)
    assert len(found) == min(len(ids), limit)
    if ids:
        assert (found[0], found[-1]) == (ids[0], ids[-1])
    if len(ids) <= limit:
        assert list(found) == ids


def test_what_is_kept_of_a_longer_text():
    """Three quarters and one; or all from the beginning but the sign of the end."""
    assert both_ends(range(100), 8) == [0, 1, 2, 3, 4, 5, 98, 99]
    assert beginning(range(100), 8) == [0, 1, 2, 3, 4, 5, 6, 99]


@given(
    st.lists(st.integers(1, 600), max_size=60), st.none() | st.integers(1, 7),
    st.none() | st.integers(0, 30), st.sampled_from([BATCH_TOKENS, BATCH_TOKENS_INT8]),
)  # fmt: skip
def test_batches_hold_every_post_once_and_like_lengths_together(lengths, size, padding, tokens):
    """No batch has more posts than asked, or than fit into the tokens of one; nor more padding."""
    found = list(by_length(lengths, size, padding, tokens))
    assert sorted(i for batch in found for i in batch) == list(range(len(lengths)))
    for batch in found:
        longest = max(lengths[i] for i in batch)
        assert len(batch) == 1 or len(batch) <= (size or tokens // longest)
        if padding is not None:
            steps = zip(range(1, len(batch)), batch, batch[1:], strict=False)
            assert all(n * (lengths[b] - lengths[a]) <= padding for n, a, b in steps)
    flat = [lengths[i] for batch in found for i in batch]
    assert flat == sorted(flat)


def test_padding_is_masked():
    """Zeros where there is no token."""
    ids, attention = padded([[5], [6, 7, 8]])
    np.testing.assert_array_equal(ids, [[5, 0, 0], [6, 7, 8]])
    np.testing.assert_array_equal(attention, [[1, 0, 0], [1, 1, 1]])
