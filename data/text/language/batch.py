"""py3langid over many texts at once: its automaton takes one step in all of them together.

It walks each text byte by byte in Python; numpy walks a thousand texts in the time of one. What is
found in a text, and every sum over it, is the same whatever texts are read with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A step in all texts takes as long as so many steps in one.
_STEPS = 50


def posteriors(detector: Any, texts: Sequence[str]) -> NDArray[np.float64]:  # noqa: ANN401
    """The detector's probability of each of its classes for each text, up to rounding.

    Args:
        detector: a ``LanguageIdentifier``.
        texts: none of them empty.

    Returns:
        Shape (n_texts, n_classes), columns as in ``detector.nb_classes``; of a language that
        is in it twice, the first has the probability of both.
    """
    encoded = [detector._encode(text) for text in texts]
    lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
    walk = _walk_together if lengths.sum() > _STEPS * lengths.max() else _walk_each
    scores = _log_posteriors(detector, *walk(detector, encoded, lengths), len(texts))
    scores /= np.sqrt(lengths)[:, None]
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    scores /= scores.sum(axis=1, keepdims=True)
    for first, alias in detector._alias_pairs:
        scores[:, first] += scores[:, alias]
        scores[:, alias] = 0
    return np.asarray(scores)


def _walk_each(
    detector: Any,  # noqa: ANN401
    encoded: Sequence[bytes],
    lengths: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which feature was met in which text: (texts, features), one entry for each time."""
    moves, rows, outputs = detector.tk_nextmove, detector._rowbase, detector.tk_output
    texts, features = [], []
    for i, letters in enumerate(encoded):
        state = 0
        for letter in letters:
            state = moves[rows[state] + letter]
            if outputs[state] >= 0:
                texts.append(i)
                features.append(outputs[state])
    return np.array(texts, np.int64), np.array(features, np.int64)


def _walk_together(
    detector: Any,  # noqa: ANN401
    encoded: Sequence[bytes],
    lengths: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """As ``_walk_each``, in another order."""
    moves, bases, outputs = _automaton(detector)
    # From the longest text to the shortest, so that those not at their end are together.
    order = np.argsort(-lengths, kind="stable")
    ends = np.cumsum(lengths[order])
    starts = ends - lengths[order]
    letters = np.frombuffer(b"".join([encoded[i] for i in order.tolist()]), np.uint8)
    visited = np.empty(len(letters), np.int64)
    states = np.zeros(len(order), np.int64)
    # How many texts have more than so many letters.
    walking = len(order) - np.searchsorted(np.sort(lengths), np.arange(lengths.max()), "right")
    for position, n in enumerate(walking.tolist()):
        places = starts[:n] + position
        states = moves[bases[states[:n]] + letters[places]]
        visited[places] = states
    found = outputs[visited]
    met = found >= 0
    return np.repeat(order, lengths[order])[met], found[met].astype(np.int64)


@lru_cache(maxsize=1)
def _automaton(detector: Any) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[np.int64]]:  # noqa: ANN401
    """Moves, where the moves of each state begin, and the feature of each state or -1."""
    moves = np.frombuffer(detector.tk_nextmove, f"u{detector.tk_nextmove.itemsize}")
    return moves, np.asarray(detector.tk_row, np.int64) << 8, np.asarray(detector.tk_output)


def _log_posteriors(
    detector: Any,  # noqa: ANN401
    texts: NDArray[np.int64],
    features: NDArray[np.int64],
    n: int,
) -> NDArray[np.float64]:
    """Naive Bayes over the features of each text, shape (n, n_classes)."""
    from scipy.sparse import csr_matrix

    known, columns = np.unique(features, return_inverse=True)
    # Rows come out with their features in order, so that sums do not depend on other rows.
    counts = csr_matrix((np.ones(len(texts)), (texts, columns)), shape=(n, len(known)))
    counts.sum_duplicates()
    counts.data = np.log1p(counts.data)
    scores = counts @ detector.nb_ptc[known].astype(np.float64) + detector.nb_pc
    # A text without features tells nothing, not even how common a language is.
    scores[counts.getnnz(axis=1) == 0] = 0
    return np.asarray(scores)
