"""A trie of known character n-grams, matched in many texts at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SPACES = tuple(c for c in range(0x3001) if chr(c).isspace())
_DEAD, _ROOT = 0, 1
_OTHER, _SPACE = 0, 1
_SHORTEST = 2
# Letters times nodes with branches: 64 MB at most, whatever a vocabulary holds.
MAX_CELLS = 1 << 24


class LetterTree:
    """Transitions by letter from each node; node 0 is a dead end and leads to itself.

    Letters in no n-gram are all one, and so is white space. Texts are joined by a space, so that
    no walk goes on into the next one.
    """

    def __init__(self, known: Mapping[str, int], lengths: tuple[int, int]) -> None:
        """Build the trie of a vocabulary.

        Args:
            known: n-grams and their columns; those that are in no text are left out.
            lengths: shortest and longest n-gram to be met.

        Raises:
            ValueError: more than ``MAX_CELLS`` letters times nodes, or n-grams of one letter.
        """
        if lengths[0] < _SHORTEST:
            raise ValueError("n-grams of one letter")
        grams = {gram: known[gram] for gram in known if _can_be_met(gram, lengths)}
        letters = sorted(set("".join(grams)) - {" "})
        inner = sorted({gram[:n] for gram in grams for n in range(1, len(gram))})
        self._width, self._longest = len(letters) + 2, lengths[1]
        if (len(inner) + 2) * self._width > MAX_CELLS:
            raise ValueError("too many letters")
        nodes = {"": _ROOT} | {start: n for n, start in enumerate(inner, _ROOT + 1)}
        self._n_inner = len(nodes) + 1
        for gram in grams:
            nodes.setdefault(gram, len(nodes) + 1)
        number = {letter: i for i, letter in enumerate(letters, _SPACE + 1)} | {" ": _SPACE}
        smallest = np.uint16 if len(nodes) < 1 << 16 else np.uint32
        self._branches = np.zeros(self._n_inner * self._width, smallest)
        self._columns = np.full(len(nodes) + 1, -1, np.int32)
        for start, node in nodes.items():
            if start:
                self._branches[nodes[start[:-1]] * self._width + number[start[-1]]] = node
            self._columns[node] = grams.get(start, -1)
        self._letters = np.full(0x110000, _OTHER, np.min_scalar_type(self._width))
        self._letters[[ord(letter) for letter in letters]] = range(_SPACE + 1, self._width)
        self._letters[list(_SPACES)] = _SPACE
        # Where two letters lead: nothing shorter is an n-gram, so walks begin behind them.
        first = self._branches[_ROOT * self._width : (_ROOT + 1) * self._width].astype(np.int32)
        pairs = first[:, None] * self._width + np.arange(self._width, dtype=np.int32)
        self._pairs = self._branches[pairs].astype(np.int32).ravel()

    def met(self, texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Match n-grams in texts: (texts, columns), one entry for each occurrence.

        Args:
            texts: lower case.
        """
        joined = f" {' '.join(texts)} ".encode("utf-32-le", "surrogatepass")
        # Numbers of 32 bits, which take half the time of 64 to be moved.
        size = len(joined) // 4
        letters = np.full(size + self._longest, _OTHER, np.int32)
        letters[:size] = self._letters[np.frombuffer(joined, np.uint32)]
        # A walk that begins at the space before a text belongs to that text.
        rows = np.repeat(
            np.arange(len(texts) + 1, dtype=np.int32), [*(len(text) + 1 for text in texts), 1]
        )
        places = np.arange(size)
        nodes = self._pairs[letters[:size] * self._width + letters[1 : size + 1]]
        met: tuple[list[NDArray[np.int64]], list[NDArray[np.int32]]] = ([], [])
        for n in range(_SHORTEST, self._longest + 1):
            columns = self._columns[nodes]
            found = np.flatnonzero(columns >= 0)
            met[0].append(places[found])
            met[1].append(columns[found])
            # The dead end is before all nodes with branches, leaves are behind them.
            going = np.flatnonzero((nodes - 1).view(np.uint32) < self._n_inner - 1)
            places = places[going]
            nodes = self._branches[nodes[going] * self._width + letters[places + n]]
            nodes = nodes.astype(np.int32)
        return rows[np.concatenate(met[0])], np.concatenate(met[1])


def _can_be_met(gram: str, lengths: tuple[int, int]) -> bool:
    """Whether the analyser ``char_wb`` makes such n-grams: one word, a space at an end or both."""
    word = gram.removeprefix(" ").removesuffix(" ")
    return lengths[0] <= len(gram) <= lengths[1] and word.split() == [word]
