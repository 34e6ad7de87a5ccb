"""What py3langid has learnt, in arrays that are read where they lie.

The library keeps 68 MB under LZMA: half a second to unpack, and unpacked they stand in every
process. Most of that is an automaton that is given by its n-grams, and probabilities of n-grams
that a language does not have, which are the same for all. Without these, it is 9 MB that processes
share. ``benchmarks/studies/language_arrays.py`` writes them.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).with_name("py3langid")
DESCRIPTION = "languages.toml"
LONGEST = 6
_FILTER_BITS = 20
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Detector:
    """Naive Bayes over n-grams of bytes (Lui and Baldwin 2012).

    Attributes:
        classes: ISO 639 codes; of one that is here twice, the first has the probability of both.
        ngrams: shape (n_ngrams,), uint64 as ``keys`` makes them, ascending; a feature is a place.
        ends: shape (n_ngrams,), where the entries of each n-gram end in the two that follow.
        of_class: which class has another log-probability than is usual for it, uint8.
        values: that log-probability, float16.
        usual: log-probability of an n-gram in each class, shape (n_classes,), float64.
        prior: log-probability of each class, shape (n_classes,), float64.
        known: whether any n-gram has such a hash, shape (2 ** 20,).
        aliases: pairs of places of the same class.
    """

    classes: tuple[str, ...]
    ngrams: NDArray[np.uint64]
    ends: NDArray[np.uint32]
    of_class: NDArray[np.uint8]
    values: NDArray[np.float16]
    usual: NDArray[np.float64]
    prior: NDArray[np.float64]
    known: NDArray[np.bool_]
    aliases: tuple[tuple[int, int], ...]

    def find(self, keys: NDArray[np.uint64]) -> NDArray[np.int32]:
        """The feature of each key; -1 for what is no n-gram of these."""
        found = np.full(len(keys), -1, np.int32)
        # Most are none, and told so by a table that fits into a processor's cache.
        maybe = np.flatnonzero(self.known[_hashed(keys)])
        at = np.searchsorted(self.ngrams, keys[maybe])
        at[at == len(self.ngrams)] = 0
        right = self.ngrams[at] == keys[maybe]
        found[maybe[right]] = at[right]
        return found

    def log_probabilities(self, features: NDArray[np.int64]) -> NDArray[np.float64]:
        """Shape (n_features, n_classes)."""
        ends = self.ends[features].astype(np.int32)
        starts = np.where(features > 0, self.ends[features - 1], 0).astype(np.int32)
        sizes = ends - starts
        table = np.tile(self.usual, (len(features), 1))
        # Where the entries of each row are, here and there.
        before = np.cumsum(sizes, dtype=np.int32) - sizes
        places = np.arange(sizes.sum(), dtype=np.int32) + np.repeat(starts - before, sizes)
        first = np.arange(len(features), dtype=np.int32) * len(self.classes)
        table.reshape(-1)[np.repeat(first, sizes) + self.of_class[places]] = self.values[places]
        return table


def keys(first: NDArray[np.uint64], letter: NDArray[np.uint8], n: int) -> NDArray[np.uint64]:
    """Keys of n-grams: of their first n - 1 bytes, whose key is known, and a last one.

    The bytes stand first in a number of 64 bits, and in its last byte how many they are.
    """
    return (first | letter.astype(np.uint64) << np.uint64(64 - 8 * n)) + np.uint64(1)


def _hashed(ngrams: NDArray[np.uint64]) -> NDArray[np.uint64]:
    with np.errstate(over="ignore"):
        return np.asarray(ngrams * _SPREAD >> np.uint64(64 - _FILTER_BITS))


@cache
def detector(folder: Path = FOLDER) -> Detector:
    """Open the arrays of a folder; nothing is unpickled."""
    described = tomllib.loads((folder / DESCRIPTION).read_text("utf-8"))
    ngrams, ends, of_class, values, by_class = (
        np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))
        for name in ("ngrams", "ends", "of_class", "values", "by_class")
    )
    known = np.zeros(1 << _FILTER_BITS, bool)
    known[_hashed(ngrams)] = True
    usual, prior = by_class.astype(np.float64)
    classes = tuple(described["classes"])
    firsts = [classes.index(name) for name in classes]
    aliases = tuple((first, i) for i, first in enumerate(firsts) if first != i)
    return Detector(classes, ngrams, ends, of_class, values, usual, prior, known, aliases)
