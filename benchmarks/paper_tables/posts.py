"""Posts of a public source with the labels that its authors gave them, and their groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from unpolished.data.axes import KINDS, MISSING
from unpolished.data.folds.near_duplicates import group_posts
from unpolished.data.labelled_texts import LabelledTexts
from unpolished.data.public.download import fetch
from unpolished.data.public.parse_files import read_table, read_text
from unpolished.data.public.sources import Source, SourceFile, sources
from unpolished.data.text.masked_cache import masked_texts

# From the rows of a source to the label of each: 1 or 0, or a share between them.
Target = Callable[[pd.DataFrame], NDArray[np.float64]]


@dataclass(frozen=True)
class Posts:
    """Aligned, of length n.

    Attributes:
        texts: as posted, for what masks nothing.
        masked: as every model of this project reads them.
        target: what is predicted, from 0 to 1, shape (n,).
        authors: a name of its own where a post has none.
        groups: authors merged with near-duplicates; never split between folds.
    """

    texts: tuple[str, ...]
    masked: tuple[str, ...]
    target: NDArray[np.float64]
    authors: NDArray[np.str_]
    groups: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def positive(self) -> NDArray[np.bool_]:
        """Whether a post is in the class asked for, shape (n,)."""
        return self.target > 0.5

    @cached_property
    def labelled(self) -> LabelledTexts:
        """What a family of this project is fitted on: the target in the place of style."""
        n = len(self)
        return LabelledTexts(
            texts=self.masked, sources=np.full(n, "paper"), authors=self.authors,
            groups=self.groups, folds=np.zeros(n, np.int8), style=self.target.astype(np.float32),
            paid=np.full(n, MISSING, np.int8), kinds=np.full((n, len(KINDS)), np.nan, np.float32),
            cause=np.full(n, MISSING, np.int8), weight=np.ones(n, np.float32),
        )  # fmt: skip


def source_of(repository: str) -> Source:
    """The entry of a repository in the table of public sources."""
    return next(source for source in sources() if source.repository == repository)


def table_of(source: Source, file: SourceFile) -> pd.DataFrame:
    """Rows of a file as it is, posts of any length, with columns ``text`` and ``author`` added.

    Raises:
        SourceError: the file cannot be had or read.
    """
    reading = source.reading
    raw = read_table(fetch(source, file), source, file.path)
    raw = raw[raw[reading.text].map(lambda value: isinstance(value, str))]
    named = raw[reading.author] if reading.author_from == "column" else raw.index.to_series()
    return raw.assign(
        text=raw[reading.text].map(lambda value: read_text(value, reading)),
        author=named.map(str),
        file=file.path,
    )


def rows_of(repository: str) -> pd.DataFrame:
    """Rows of all files of a source that are read, see ``table_of``."""
    source = source_of(repository)
    parts = [table_of(source, file) for file in source.used_files]
    return pd.concat(parts, ignore_index=True)


def posts_of(rows: pd.DataFrame, target: NDArray[np.float64]) -> Posts:
    """Mask and group rows of ``rows_of``."""
    texts = tuple(rows["text"])
    masked = tuple(masked_texts(texts))
    authors = rows["author"].to_numpy(str)
    groups = group_posts([f"{row:07}" for row in range(len(rows))], authors.tolist(), masked)
    return Posts(texts, masked, target, authors, np.array(groups))
