"""Spurious cues: words and signs that tell a label in one set of posts more than in another.

In posts written to have a label they are annotation artefacts (Gururangan et al. 2018).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...data.labelled_texts import LabelledTexts, truths
from ...models.features.tfidf import TOKENS
from . import metrics as m

MIN_POSTS = 8
_PRIOR = 0.5


@dataclass(frozen=True)
class SpuriousNgram:
    """An n-gram that tells a label in the corpus more than in real posts.

    Attributes:
        truth: the label.
        ngram: one or two words.
        n: corpus posts that have it.
        here: log-odds of the label with it against without, in the corpus.
        there: the same in the public posts; None where too few have it.
        z: how sure the difference is, in standard errors.
    """

    truth: str
    ngram: str
    n: int
    here: float
    there: float | None
    z: float


def spurious_ngrams(corpus: LabelledTexts, public: LabelledTexts) -> list[SpuriousNgram]:
    """N-grams whose log-odds for a label are larger here than there, strongest first.

    Log-odds ratios with half a post added to every cell; the standard error of their difference
    is that of independent counts (Agresti, Categorical Data Analysis, 3.1). Where fewer than
    ``MIN_POSTS`` public posts have the n-gram, the corpus's log-odds stand against none.
    """
    here, there = _presence(corpus.texts), _presence(public.texts)
    found = []
    for ours, theirs in zip(truths(corpus), truths(public), strict=True):
        for ngram, rows in here.items():
            if len(rows) < MIN_POSTS:
                continue
            odds, error = _log_odds(ours.positive, rows)
            others = there.get(ngram, [])
            known = len(others) >= MIN_POSTS
            other, other_error = _log_odds(theirs.positive, others) if known else (0.0, 0.0)
            z = (abs(odds) - max(0.0, np.sign(odds) * other)) / np.hypot(error, other_error)
            shown = other if known else None
            found.append(SpuriousNgram(ours.name, ngram, len(rows), odds, shown, float(z)))
    # N-grams of the same posts tie; what is found first hangs on rows and on how strings hash.
    return sorted(found, key=lambda cue: (-cue.z, cue.truth, cue.ngram))


def _presence(texts: tuple[str, ...]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row, text in enumerate(texts):
        words = re.findall(TOKENS, text.lower())
        for ngram in {*words, *map(" ".join, pairwise(words))}:
            found.setdefault(ngram, []).append(row)
    return found


def _log_odds(positive: NDArray[np.float64], rows: list[int]) -> tuple[float, float]:
    has = np.zeros(len(positive), dtype=np.bool_)
    has[rows] = True
    known = ~np.isnan(positive)
    yes = positive == 1
    cells = np.array([
        (has & yes).sum(), (has & ~yes & known).sum(),
        (~has & yes).sum(), (~has & ~yes & known).sum(),
    ]) + _PRIOR  # fmt: skip
    odds = np.log(cells[0] * cells[3] / (cells[1] * cells[2]))
    return float(odds), float(np.sqrt((1 / cells).sum()))


class Surface(NamedTuple):
    """AUC of one sign alone for a label, here and in public posts."""

    truth: str
    sign: str
    corpus: float
    public: float


def surfaces(corpus: LabelledTexts, public: LabelledTexts) -> list[Surface]:
    """What length, emoji, tags and so on tell alone, label by label."""
    found = []
    for ours, theirs in zip(truths(corpus), truths(public), strict=True):
        for sign, measure in SIGNS.items():
            here, there = (
                _auc(truth.positive, np.array([measure(text) for text in labelled.texts]))
                for truth, labelled in ((ours, corpus), (theirs, public))
            )
            found.append(Surface(ours.name, sign, here, there))
    return found


def _auc(positive: NDArray[np.float64], score: NDArray[np.float64]) -> float:
    known = ~np.isnan(positive)
    return m.pooled_auc(positive[known] == 1, score[known].astype(np.float64))


def _share(text: str, wanted: Callable[[str], bool]) -> float:
    return sum(map(wanted, text)) / max(len(text), 1)


SIGNS: dict[str, Callable[[str], float]] = {
    "length": lambda text: float(len(text)),
    "emoji": lambda text: _share(text, lambda c: ord(c) >= 0x2600 and not c.isalnum()),
    "hashtags": lambda text: float(text.count("#")),
    "handles": lambda text: float(text.count("@")),
    "exclamation marks": lambda text: float(text.count("!")),
    "capitals": lambda text: _share(text, str.isupper),
    "line breaks": lambda text: float(text.count("\n")),
    "digits": lambda text: _share(text, str.isdigit),
}
