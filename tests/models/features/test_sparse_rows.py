"""Sparse rows give what SciPy's do, to the last digit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix, hstack
from unpolished.models.features import sparse_rows
from unpolished.models.features.sparse_rows import SparseRows, side_by_side

values = st.sampled_from([0.0, 0.0, 0.0, 0.1, -3.7, 1e-17, 1e17, 1 / 3])


@st.composite
def _blocks(draw):
    n_rows = draw(st.integers(0, 6))
    widths = draw(st.lists(st.integers(1, 7), min_size=1, max_size=3))
    return [
        np.array(draw(st.lists(values, min_size=n_rows * w, max_size=n_rows * w))).reshape(
            n_rows, w
        )
        for w in widths
    ]


@given(_blocks())
def test_blocks_side_by_side_are_those_of_scipy(tables):
    """Data, columns and ends of rows, those without any entry among them."""
    ours = side_by_side([SparseRows.of_dense(table) for table in tables])
    theirs = hstack([csr_matrix(table) for table in tables], format="csr")
    assert ours.shape == theirs.shape
    assert ours.data.tolist() == theirs.data.tolist()
    assert ours.indices.tolist() == theirs.indices.tolist()
    assert ours.indptr.tolist() == theirs.indptr.tolist()
    assert (ours.csr != theirs).nnz == 0


@pytest.mark.parametrize("few", [0, 1_000_000])
def test_a_product_is_the_same_to_the_last_digit(few, monkeypatch):
    """However many entries there are, whoever sums them; an empty row is nothing."""
    monkeypatch.setattr(sparse_rows, "_FEW", few)
    draw = np.random.default_rng(0)
    table = draw.standard_normal((40, 900)) * (draw.random((40, 900)) < 0.2)
    table[7] = 0
    columns = draw.standard_normal((900, 7)) * 10.0 ** draw.integers(-9, 9, (900, 1))
    assert np.array_equal(SparseRows.of_dense(table) @ columns, csr_matrix(table) @ columns)
