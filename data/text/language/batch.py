"""What the detector says of many texts at once, faster than of one after another.

What is found in a text, and every sum over it, is the same whatever texts are read with it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .detector import LONGEST, Detector, keys

# Sums over so many n-grams are done before SciPy is imported.
_FEW = 500


def posteriors(detector: Detector, texts: Sequence[str]) -> NDArray[np.float64]:
    """Probability of each class for each text; py3langid's, up to rounding.

    Args:
        detector: that is asked.
        texts: none of them empty.

    Returns:
        Shape (n_texts, n_classes), columns as in ``detector.classes``.
    """
    encoded = [_encoded(text) for text in texts]
    lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
    scores = _log_posteriors(detector, *_met(detector, encoded, lengths), len(texts))
    scores /= np.sqrt(lengths)[:, None]
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    scores /= scores.sum(axis=1, keepdims=True)
    for first, alias in detector.aliases:
        scores[:, first] += scores[:, alias]
        scores[:, alias] = 0
    return np.asarray(scores)


def _encoded(text: str) -> bytes:
    """As the texts were that the detector has learnt from."""
    text = text.lower() if text.isupper() else text
    return unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")


def _met(
    detector: Detector, encoded: Sequence[bytes], lengths: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The longest n-gram that ends at each place: (texts, features), those of a text together."""
    letters = np.frombuffer(b"".join(encoded), np.uint8)
    texts = np.repeat(np.arange(len(encoded), dtype=np.int32), lengths)
    features = np.full(len(letters), -1, np.int32)
    begun = np.zeros(len(letters), np.uint64)
    for n in range(1, min(LONGEST, len(letters)) + 1):
        # By where they begin; each is a letter longer than those before it.
        begun = keys(begun[: len(letters) - n + 1], letters[n - 1 :], n)
        found = detector.find(begun)
        found[texts[n - 1 :] != texts[: len(texts) - n + 1]] = -1
        features[n - 1 :][found >= 0] = found[found >= 0]
    met = features >= 0
    return texts[met].astype(np.int64), features[met].astype(np.int64)


def _log_posteriors(
    detector: Detector, texts: NDArray[np.int64], features: NDArray[np.int64], n: int
) -> NDArray[np.float64]:
    """Naive Bayes over the features of each text, shape (n, n_classes)."""
    # Features in order, so that sums do not depend on other texts.
    n_features = len(detector.ngrams)
    entries, counts = np.unique(texts * n_features + features, return_counts=True)
    texts, features = np.divmod(entries, n_features)
    known, columns = np.unique(features, return_inverse=True)
    table, weights = detector.log_probabilities(known), np.log1p(counts.astype(np.float64))
    scores = _sums(texts, columns, weights, table, n)
    # A text without features tells nothing, not even how common a language is.
    scores[np.bincount(texts, minlength=n) > 0] += detector.prior
    return scores


def _sums(
    texts: NDArray[np.int64],
    columns: NDArray[np.int64],
    weights: NDArray[np.float64],
    table: NDArray[np.float64],
    n: int,
) -> NDArray[np.float64]:
    """Of the table's rows, weighted, for each text."""
    if len(texts) > _FEW:
        from scipy.sparse import csr_matrix

        counted = csr_matrix((weights, (texts, columns)), shape=(n, len(table)))
        return np.asarray(counted @ table)
    sums = np.zeros((n, table.shape[1]))
    for text, column, weight in zip(texts.tolist(), columns.tolist(), weights, strict=True):
        sums[text] += weight * table[column]
    return sums
