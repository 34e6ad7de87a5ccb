"""N-gram features whose vocabulary holds nothing that fewer than five authors wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ...data.labelled_texts import LabelledTexts
from ..options import ModelOptions
from .cues import cues
from .sparse_rows import SparseRows, side_by_side
from .tfidf import TOKENS, Kind, Tfidf, settings

_KINDS: tuple[Kind, ...] = ("word", "char")


class NgramOptions(ModelOptions):
    """Options of the n-gram features.

    Attributes:
        word_ngrams: longest word n-gram, 0 for none.
        char_ngrams: longest character n-gram (within word boundaries; shortest 2), 0 for none.
        max_features: of each vectoriser; the n-grams that most authors use are kept.
        min_authors: an n-gram enters the vocabulary only if this many authors use it.
        cue_weight: weight of the standardised cues beside the unit-length TF-IDF rows, 0 for none.
    """

    word_ngrams: int = Field(2, ge=0, le=5)
    char_ngrams: int = Field(5, ge=0, le=8)
    max_features: int = Field(30_000, ge=1)
    min_authors: int = Field(5, ge=5)
    cue_weight: float = Field(0.15, ge=0)


@dataclass(frozen=True)
class Ngrams:
    """Word and character TF-IDF (each row of unit length) beside standardised cues.

    Attributes:
        vectorizers: ``word`` and, if asked for, ``char``.
        cue_mean: shape (n_cues,).
        cue_std: shape (n_cues,).
        cue_weight: 0 leaves the cues out.
    """

    vectorizers: Mapping[Kind, Tfidf]
    cue_mean: NDArray[np.float64]
    cue_std: NDArray[np.float64]
    cue_weight: float

    @classmethod
    def fit(cls, train: LabelledTexts, options: NgramOptions) -> Self:
        """Choose the vocabulary by number of authors, then fit idf and cue scale.

        Raises:
            ValueError: no n-gram is used by enough authors.
        """
        longest: dict[Kind, int] = {"word": options.word_ngrams, "char": options.char_ngrams}
        vectorizers: dict[Kind, Tfidf] = {}
        for kind in _KINDS:
            if not longest[kind]:
                continue
            analyse = _vectorizer(kind, longest[kind], None).build_analyzer()
            vocabulary = _shared_ngrams(train, analyse, options)
            idf = _vectorizer(kind, longest[kind], vocabulary).fit(train.texts).idf_
            vectorizers[kind] = Tfidf(kind, longest[kind], vocabulary, idf)
        table = cues(train.texts)
        std = table.std(axis=0)
        return cls(vectorizers, table.mean(axis=0), np.where(std > 0, std, 1.0), options.cue_weight)

    def transform(self, texts: Sequence[str]) -> SparseRows:
        """Features of masked texts, shape (n_posts, n_features)."""
        blocks = [vectorizer.transform(texts) for vectorizer in self.vectorizers.values()]
        if self.cue_weight:
            scaled = (cues(texts) - self.cue_mean) / self.cue_std * self.cue_weight
            blocks.append(SparseRows.of_dense(scaled))
        return side_by_side(blocks)

    def occurrences(self, text: str) -> Iterator[tuple[int, int, int, float]]:
        """Where each known n-gram of one text is: (start, end, column, share of its value)."""
        offset = 0
        for kind, vectorizer in self.vectorizers.items():
            row = vectorizer.transform([text])
            values = dict(zip(row.indices.tolist(), row.data.tolist(), strict=True))
            found = [
                (start, end, vectorizer.vocabulary_[gram])
                for gram, start, end in _located(kind, vectorizer.longest, text)
                if gram in vectorizer.vocabulary_
            ]
            times = Counter(column for _, _, column in found)
            for start, end, column in found:
                yield start, end, offset + column, values[column] / times[column]
            offset += len(vectorizer.vocabulary_)

    def vocabularies(self) -> dict[str, Any]:
        """N-grams in column order and n-gram lengths, as JSON types."""
        return {
            kind: {
                "longest": vectorizer.longest,
                "ngrams": sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__),
            }
            for kind, vectorizer in self.vectorizers.items()
        }

    def tensors(self) -> dict[str, NDArray[Any]]:
        """Idf values and cue scale by name."""
        idf = {f"{kind}.idf": v.idf_ for kind, v in self.vectorizers.items()}
        return idf | {"cue.mean": self.cue_mean, "cue.std": self.cue_std}

    @classmethod
    def rebuild(
        cls,
        described: Mapping[str, Any],
        tensors: Mapping[str, NDArray[Any]],
        options: NgramOptions,
    ) -> Self:
        """Rebuild what was fitted from ``vocabularies`` and ``tensors``."""
        vectorizers: dict[Kind, Tfidf] = {}
        for kind in _KINDS:
            if kind in described:
                ngrams = described[kind]["ngrams"]
                vocabulary = {gram: column for column, gram in enumerate(ngrams)}
                idf = tensors[f"{kind}.idf"]
                vectorizers[kind] = Tfidf(kind, described[kind]["longest"], vocabulary, idf)
        return cls(vectorizers, tensors["cue.mean"], tensors["cue.std"], options.cue_weight)


def _vectorizer(kind: Kind, longest: int, vocabulary: Mapping[str, int] | None) -> Any:  # noqa: ANN401
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(**settings(kind, longest), sublinear_tf=True, vocabulary=vocabulary)


def _shared_ngrams(
    train: LabelledTexts,
    analyse: Any,  # noqa: ANN401
    options: NgramOptions,
) -> dict[str, int]:
    by_author: dict[str, list[str]] = {}
    for author, text in zip(train.authors.tolist(), train.texts, strict=True):
        by_author.setdefault(author, []).append(text)
    n_authors: Counter[str] = Counter()
    for texts in by_author.values():
        n_authors.update({gram for text in texts for gram in analyse(text)})
    shared = [gram for gram, n in n_authors.items() if n >= options.min_authors]
    kept = sorted(shared, key=lambda gram: (-n_authors[gram], gram))[: options.max_features]
    if not kept:
        raise ValueError(
            f"no n-gram is used by {options.min_authors} authors: train on posts of more authors"
        )
    return {gram: column for column, gram in enumerate(sorted(kept))}


def _located(kind: Kind, longest: int, text: str) -> Iterator[tuple[str, int, int]]:
    """The n-grams scikit-learn's analysers yield, with their places in the text."""
    import re

    # Lower-casing may change the length ("İ"); then places would be off by a few characters.
    lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    if kind == "word":
        tokens = [(m.group(), *m.span()) for m in re.finditer(TOKENS, lowered)]
        for n in range(1, longest + 1):
            for i in range(len(tokens) - n + 1):
                part = tokens[i : i + n]
                yield " ".join(t[0] for t in part), part[0][1], part[-1][2]
        return
    for match in re.finditer(r"\S+", lowered):
        padded, begin, end = f" {match.group()} ", match.start() - 1, match.end()
        for n in range(2, longest + 1):
            # scikit-learn yields a word shorter than n once, whole.
            for i in range(max(1, len(padded) - n + 1)):
                gram = padded[i : i + n]
                yield gram, max(begin + i, match.start()), min(begin + i + len(gram), end)
            if len(padded) <= n:
                break
