"""Which posts a run has seen, and the fold of each: a table of hashes, without text or names.

A post is known by its masked view; by its words alone, so that another case, emoji or punctuation
make no new post; or by its author. Near-duplicates with other words are not: telling them takes
signatures of their character n-grams, from which parts of a text could be read back.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from ...data.hashing import author_sha1
from ...data.labelled_texts import LabelledTexts
from ..tensors import load_tensors, save_tensors

# Of fewer words many posts consist, whoever wrote them.
_MIN_WORDS = 3
_HASH_BYTES = 8


@dataclass(frozen=True)
class SeenPosts:
    """The fold of each post and author that a run has seen.

    Attributes:
        folds: by hash; what stands in two folds is left out, for there is no model that has seen
            neither.
    """

    folds: Mapping[int, int]

    @classmethod
    def of(cls, posts: LabelledTexts) -> Self:
        """The table of all posts of a run, whatever they were used for."""
        folds: dict[int, int] = {}
        torn: set[int] = set()
        rows = zip(posts.texts, posts.with_author, posts.authors.tolist(), posts.folds.tolist(),
                   strict=True)  # fmt: skip
        for text, named, author, fold in rows:
            for key in (*_keys((text, named)), _hash("author", author)):
                if folds.setdefault(key, fold) != fold:
                    torn.add(key)
        return cls({key: fold for key, fold in folds.items() if key not in torn})

    def fold(self, views: Sequence[str], author: str | None) -> int | None:
        """The fold of a post; None of one that is new, and so is its author.

        Args:
            views: its masked views, without the author and with.
            author: its name, with or without the sign before it.
        """
        for key in (*_keys(views), *_author_keys(author)):
            if (fold := self.folds.get(key)) is not None:
                return fold
        return None

    def save(self, path: Path) -> None:
        """Write a safetensors file, sorted by hash."""
        keys = sorted(self.folds)
        folds = [self.folds[key] for key in keys]
        save_tensors(path, {"keys": np.array(keys, np.uint64), "folds": np.array(folds, np.int8)})

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what ``save`` wrote.

        Raises:
            ValueError: the file holds something else.
        """
        tensors = load_tensors(path)
        keys, folds = tensors.get("keys"), tensors.get("folds")
        if keys is None or folds is None or not keys.shape == folds.shape == (len(keys),):
            raise ValueError("not a table of hashes and folds")
        return cls(dict(zip(map(int, keys), map(int, folds), strict=True)))


def _keys(views: Sequence[str]) -> Iterator[int]:
    """Of the views as they are, then of their words."""
    for view in dict.fromkeys(views):
        yield _hash("text", view)
    for view in dict.fromkeys(map(_words, views)):
        if view.count(" ") >= _MIN_WORDS - 1:
            yield _hash("words", view)


def _words(view: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", view).casefold()))


def _author_keys(author: str | None) -> Iterator[int]:
    """A handle as it is, without the sign before it, and in lower case, as which it is the same."""
    if author:
        bare = author.strip().lstrip("@").strip()
        for name in dict.fromkeys((author, bare, bare.casefold())):
            yield _hash("author", author_sha1(name))


def _hash(kind: str, value: str) -> int:
    digest = hashlib.sha256(f"{kind}\0{value}".encode("utf-8", "replace"))
    return int.from_bytes(digest.digest()[:_HASH_BYTES])
