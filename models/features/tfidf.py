"""TF-IDF of known n-grams, as scikit-learn's ``TfidfVectorizer`` weighs them, without importing it.

It takes longer to import than a thousand posts to score, and every process that scores pays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .ngram_counts import GramCounts
from .sparse_rows import SparseRows

# scikit-learn's default drops '#', '@' and punctuation: the very signs looked for here.
TOKENS = r"<(?:\w+|url-self)>|[@#]?\w[\w'’]*|[^\w\s]"
Kind = Literal["word", "char"]


@dataclass(frozen=True)
class Tfidf:
    """Weights of n-grams; names with a trailing underscore are scikit-learn's.

    Attributes:
        kind: of words, or of characters within word boundaries.
        longest: n-gram; the shortest has one word or two characters.
        vocabulary_: n-gram to column.
        idf_: shape (n_grams,).
    """

    kind: Kind
    longest: int
    vocabulary_: Mapping[str, int]
    idf_: NDArray[np.float64]

    @cached_property
    def _counts(self) -> GramCounts:
        return GramCounts(self.vocabulary_, **settings(self.kind, self.longest))

    def transform(self, texts: Sequence[str]) -> SparseRows:
        """Shape (n_texts, n_grams), each row of unit length or empty."""
        found = self._counts(texts)
        weights = (np.log(found.data) + 1) * self.idf_[found.indices]
        rows = np.repeat(np.arange(len(texts)), np.diff(found.indptr))
        squares = np.bincount(rows, weights * weights, minlength=len(texts))
        return found._replace(data=weights / np.sqrt(squares)[rows])


def settings(kind: Kind, longest: int) -> dict[str, Any]:
    """What tells scikit-learn's vectorisers which n-grams are meant."""
    return {
        "analyzer": "word" if kind == "word" else "char_wb",
        "ngram_range": (1 if kind == "word" else 2, longest),
        "token_pattern": TOKENS if kind == "word" else None,
    }
