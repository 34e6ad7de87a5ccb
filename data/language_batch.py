"""py3langid over many texts at once: its automaton takes one step in all of them together.

It walks each text byte by byte in Python; numpy walks a thousand texts in the time of one. Sums are
taken in another order, so confidences agree with its own up to rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray


def classify(detector: Any, texts: Sequence[str]) -> list[tuple[str, float]]:  # noqa: ANN401
    """What ``detector.classify`` says of each text.

    Args:
        detector: a ``LanguageIdentifier`` that gives probabilities.
        texts: none of them empty.
    """
    if not texts:
        return []
    encoded = [detector._encode(text) for text in texts]
    lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
    scores = _log_posteriors(detector, *_features(detector, encoded, lengths), len(texts))
    scores /= np.sqrt(lengths)[:, None]
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    scores /= scores.sum(axis=1, keepdims=True)
    for first, alias in detector._alias_pairs:
        scores[:, first] += scores[:, alias]
        scores[:, alias] = 0
    best = scores.argmax(axis=1)
    confidence = scores[np.arange(len(texts)), best]
    names = [detector.nb_classes[i] for i in best.tolist()]
    return list(zip(names, confidence.tolist(), strict=True))


def _features(
    detector: Any,  # noqa: ANN401
    encoded: Sequence[bytes],
    lengths: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which feature was met in which text: (texts, features), one entry for each time."""
    moves, bases, outputs = _automaton(detector)
    # From the longest text to the shortest, so that those not at their end stand together.
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
    return np.repeat(order, lengths[order])[met], found[met]


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
    """Naive Bayes over the features of each text, shape (n, n_languages)."""
    from scipy.sparse import csr_matrix

    known, columns = np.unique(features, return_inverse=True)
    counts = csr_matrix((np.ones(len(texts)), (texts, columns)), shape=(n, len(known)))
    counts.data = np.log1p(counts.data)
    scores = counts @ detector.nb_ptc[known].astype(np.float64) + detector.nb_pc
    # A text without features tells nothing, not even how common a language is.
    scores[counts.getnnz(axis=1) == 0] = 0
    return np.asarray(scores)
