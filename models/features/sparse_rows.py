"""Rows of features that are mostly zero, as scikit-learn's are, without importing SciPy for a few.

Importing it takes longer than scoring a hundred posts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

# Products of more entries are SciPy's, which takes less time and memory for them.
_FEW = 20_000


class SparseRows(NamedTuple):
    """Compressed sparse rows.

    Attributes:
        data: what is not zero, row by row, float64 of shape (n_entries,).
        indices: the column of each, int32.
        indptr: where the entries of each row begin, and the last ones end, shape (n_rows + 1,).
        n_columns: how many there are.
    """

    data: NDArray[np.float64]
    indices: NDArray[np.int32]
    indptr: NDArray[np.int64]
    n_columns: int

    @classmethod
    def of_dense(cls, table: NDArray[np.floating[Any]]) -> Self:
        """Of a table (n_rows, n_columns), without its zeros."""
        rows, columns = np.nonzero(table)
        ends = np.cumsum(np.bincount(rows, minlength=len(table)))
        data = np.asarray(table[rows, columns], np.float64)
        return cls(data, columns.astype(np.int32), np.append(0, ends), table.shape[1])

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.indptr) - 1, self.n_columns

    @property
    def csr(self) -> Any:  # noqa: ANN401
        """The same for SciPy and scikit-learn."""
        from scipy.sparse import csr_matrix

        return csr_matrix((self.data, self.indices, self.indptr), shape=self.shape)

    def __matmul__(self, columns: NDArray[np.float64]) -> NDArray[np.float64]:
        """Times a dense matrix (n_columns, n): shape (n_rows, n), the same however few rows."""
        if len(self.data) > _FEW:
            return np.asarray(self.csr @ columns)
        # Summed one after the other, as SciPy does.
        products = self.data[:, None] * columns[self.indices]
        sums = np.zeros((self.shape[0], columns.shape[1]))
        for row, (begin, end) in enumerate(zip(self.indptr[:-1], self.indptr[1:], strict=True)):
            if end > begin:
                sums[row] = np.cumsum(products[begin:end], axis=0)[-1]
        return sums


def side_by_side(blocks: Sequence[SparseRows]) -> SparseRows:
    """The columns of several with as many rows, at least one, one block behind the other."""
    counts = np.stack([np.diff(block.indptr) for block in blocks])
    indptr = np.append(0, np.cumsum(counts.sum(axis=0)))
    before = np.cumsum(counts, axis=0) - counts
    data = np.empty(indptr[-1])
    indices = np.empty(indptr[-1], np.int32)
    offset = 0
    for block, its_counts, begin in zip(blocks, counts, before, strict=True):
        # From where an entry stands in its block to where it stands in the whole row.
        moved = np.repeat(indptr[:-1] + begin - block.indptr[:-1], its_counts)
        places = np.arange(len(block.data)) + moved
        data[places] = block.data
        indices[places] = block.indices + offset
        offset += block.n_columns
    return SparseRows(data, indices, indptr, offset)
