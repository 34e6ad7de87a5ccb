"""Count known n-grams in texts, as scikit-learn's vectorisers do.

They look every n-gram of every text up in a dictionary. Here many texts are walked at once, and
from each place on only as long as what was read begins a known n-gram.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...data.text.chunks import windows
from .ngram_trie import LetterTree
from .sparse_rows import SparseRows

# Which n-gram was met in which text: (texts, columns), one entry for each time.
Met = tuple[NDArray[Any], NDArray[Any]]


class GramCounts:
    """Counts known n-grams of words, or of characters within word boundaries."""

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        analyzer: str,
        ngram_range: tuple[int, int],
        token_pattern: str | None,
    ) -> None:
        """What is counted, in the terms of a ``CountVectorizer``.

        Args:
            vocabulary: n-grams and their columns, from 0.
            analyzer: ``word`` or ``char_wb``.
            ngram_range: shortest and longest n-gram.
            token_pattern: of words; None for characters.
        """
        self._settings = {"vocabulary": vocabulary, "analyzer": analyzer,
                          "ngram_range": ngram_range, "token_pattern": token_pattern}  # fmt: skip
        self._n_columns = len(vocabulary)
        self._met: Callable[[Sequence[str]], Met] | None = None
        if token_pattern is not None:
            self._met = _Words(vocabulary, ngram_range, token_pattern).met
        else:
            # A vocabulary of very many letters is left to scikit-learn.
            with suppress(ValueError):
                self._met = LetterTree(vocabulary, ngram_range).met

    def __call__(self, texts: Sequence[str]) -> SparseRows:
        """Counts of each text, shape (n_texts, n_grams), columns sorted."""
        met, lowered = self._met, [text.lower() for text in texts]
        if not texts:
            return SparseRows.of_dense(np.zeros((0, self._n_columns)))
        if met is None:
            return self._counted_plainly(texts)
        parts = [self._counted(*met(some), len(some)) for some in windows(lowered)]
        sizes, columns, counts = (np.concatenate(part) for part in zip(*parts, strict=True))
        ends = np.concatenate([[0], np.cumsum(sizes)])
        return SparseRows(counts, columns, ends, self._n_columns)

    def _counted_plainly(self, texts: Sequence[str]) -> SparseRows:
        from sklearn.feature_extraction.text import CountVectorizer

        counts = CountVectorizer(**self._settings, dtype=np.float64).transform(texts)
        return SparseRows(counts.data, counts.indices, counts.indptr, self._n_columns)

    def _counted(
        self, rows: NDArray[Any], columns: NDArray[Any], n_texts: int
    ) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """The distinct n-grams of each text: columns, sorted in each text, and counts."""
        bits = self._n_columns.bit_length()
        # The smaller the numbers, the faster they are sorted.
        kind: Any = np.int32 if n_texts << bits < 1 << 31 else np.int64
        places = (rows.astype(kind) << bits) | columns.astype(kind)
        places.sort()
        first = np.flatnonzero(np.diff(places, prepend=-1))
        counts = np.diff(first, append=len(places)).astype(np.float64)
        places = places[first]
        columns = (places & ((1 << bits) - 1)).astype(np.int32)
        return np.bincount(places >> bits, minlength=n_texts), columns, counts


class _Words:
    """A tree of the words of known n-grams: each word that may come next is a branch."""

    def __init__(self, known: Mapping[str, int], lengths: tuple[int, int], tokens: str) -> None:
        self._tokens, self._longest = re.compile(tokens).findall, lengths[1]
        # An n-gram that no words make up, such as one of two spaces, has an empty word.
        grams = {tuple(gram.split(" ")): column for gram, column in known.items()}
        self._words = {word: i for i, word in enumerate({w for gram in grams for w in gram})}
        # A word alone is the node of its number; those below are numbered after.
        columns, branches = dict.fromkeys(range(len(self._words)), -1), dict[int, int]()
        for gram, column in grams.items():
            node = self._words[gram[0]]
            for word in gram[1:]:
                branch = node * len(self._words) + self._words[word]
                node = branches.setdefault(branch, len(self._words) + len(branches))
            columns[node] = column if lengths[0] <= len(gram) <= lengths[1] else -1
        n_nodes = len(self._words) + len(branches)
        self._columns = np.array([columns.get(node, -1) for node in range(n_nodes)], np.int64)
        self._branches = np.array(sorted(branches), np.int64)
        self._below = np.array([branches[key] for key in sorted(branches)], np.int64)

    def met(self, texts: Sequence[str]) -> Met:
        """The n-grams of lower-cased texts."""
        found = [self._tokens(text) for text in texts]
        number = self._words.get
        words = np.array([number(word, -1) for word in chain.from_iterable(found)], np.int64)
        rows = np.repeat(np.arange(len(found)), [len(words) for words in found])
        places = np.flatnonzero(words >= 0)
        nodes = words[places]
        met = [places], [self._columns[nodes]]
        for n in range(1, self._longest):
            going = places + n < len(words)
            places, nodes = places[going], nodes[going]
            following = words[places + n]
            going = (following >= 0) & (rows[places] == rows[places + n])
            places, nodes, following = places[going], nodes[going], following[going]
            branches = nodes * len(self._words) + following
            found_at = np.searchsorted(self._branches, branches)
            going = np.append(self._branches, -1)[found_at] == branches
            places, nodes = places[going], self._below[found_at[going]]
            met[0].append(places)
            met[1].append(self._columns[nodes])
        columns = np.concatenate(met[1])
        return rows[np.concatenate(met[0])][columns >= 0], columns[columns >= 0]
