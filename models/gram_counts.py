"""How often each known n-gram stands in each text, as scikit-learn's vectorisers count them.

They look every n-gram of every text up in a dictionary. Words repeat, so here the columns of a
word's n-grams are remembered, as bytes that are joined and counted by scipy.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

MAX_WORDS = 50_000
MAX_WORD_CHARS = 64


class GramCounts:
    """Counts the n-grams of a fitted ``TfidfVectorizer``, of words or within word boundaries."""

    def __init__(self, vectorizer: Any) -> None:  # noqa: ANN401
        self._vocabulary: dict[str, int] = vectorizer.vocabulary_
        self._shortest, self._longest = vectorizer.ngram_range
        self._known: dict[str, bytes] = {}
        self._tokens = re.compile(vectorizer.token_pattern or "").findall
        # First words of longer n-grams: most words begin none.
        self._first = {gram.partition(" ")[0] for gram in self._vocabulary if " " in gram}
        is_words = vectorizer.analyzer == "word"
        self._columns: Callable[[str], bytes] = self._of_words if is_words else self._within_words

    def __call__(self, texts: Sequence[str]) -> Any:  # noqa: ANN401
        """Counts of each text: sparse float64 of shape (n_texts, n_grams), columns sorted."""
        from scipy.sparse import csr_matrix

        found = [self._columns(text.lower()) for text in texts]
        columns = np.frombuffer(bytearray().join(found), np.int32)
        ends = np.cumsum([0, *map(len, found)]) // columns.itemsize
        counts = csr_matrix(
            (np.ones(len(columns)), columns, ends), shape=(len(texts), len(self._vocabulary))
        )
        counts.sum_duplicates()
        return counts

    def _of_words(self, text: str) -> bytes:
        get, tokens = self._vocabulary.get, self._tokens(text)
        found = [column for token in tokens if (column := get(token)) is not None]
        for i, token in enumerate(tokens):
            if token in self._first:
                for n in range(2, min(self._longest, len(tokens) - i) + 1):
                    column = get(" ".join(tokens[i : i + n]))
                    if column is not None:
                        found.append(column)
        return array("i", found).tobytes()

    def _within_words(self, text: str) -> bytes:
        return b"".join(map(self._of_word, text.split()))

    def _of_word(self, word: str) -> bytes:
        known = self._known.get(word)
        if known is None:
            known = self._looked_up(f" {word} ")
            if len(word) <= MAX_WORD_CHARS:
                if len(self._known) >= MAX_WORDS:
                    self._known.clear()
                self._known[word] = known
        return known

    def _looked_up(self, padded: str) -> bytes:
        get, found = self._vocabulary.get, array("i")
        for n in range(self._shortest, self._longest + 1):
            # A word shorter than n counts once, whole, and for no longer n.
            for start in range(max(1, len(padded) - n + 1)):
                column = get(padded[start : start + n])
                if column is not None:
                    found.append(column)
            if len(padded) <= n:
                break
        return found.tobytes()
