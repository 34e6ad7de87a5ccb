"""Which language a post is written in, offline.

Three questions, the cheap ones first. Are most letters of another script than Latin (``scripts``)?
Then it is not English. How many of its words do English posts use (``english_words.txt``)? Where
most, it is English. Only what is left is asked what py3langid has learnt (a maintained fork of
langid.py, Lui and Baldwin 2012), whose log-odds of English among its 140 languages are added to the
share of words with a small weight: it knows neither languages beyond those nor Hindi in Latin
letters, while a share of words needs to know English alone. ``docs/languages.md`` has the
measurements.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..chunks import windows
from .batch import posteriors
from .detector import detector
from .english import english_words
from .scripts import dense_letters, latin_only, other_script
from .surely_english import MANY, surely_english

UNDECIDED = "und"
# Marks of scripts whose vowels are marks are no noise, though they are no letters.
_NOISE = re.compile(
    r"<[\w-]+>|https?:\S+|www\.\S+|[@#]\w+|[^\w\s'’\u0591-\u1cff\ua8e0-\ua8ff]|\d+|_"
)
_BUT_HASHTAGS = re.compile(r"<[\w-]+>|https?:\S+|www\.\S+|@\w+|[^\w\s]|\d+|_")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_STRETCH = re.compile(r"(.)\1\1+")
_MAX_CHARS = 2000
_MIN_LETTERS = 12
# Chosen on train.csv and on the open half of benchmarks/studies/language_posts.tsv.
_MIN_ENGLISH = 0.3
_WEIGHT = 0.04
_LOG_ODDS = (-7.0, 12.0)
# From here on no log-odds could change the answer.
_SURELY_ENGLISH = _MIN_ENGLISH - _WEIGHT * _LOG_ODDS[0]
# Another language is named with this confidence; of such names, 99 % were right.
_MIN_CONFIDENCE = 0.8
# What the detector calls no language.
_NONE = "zxx"


class Language(NamedTuple):
    """What is told of a text's language.

    Attributes:
        code: ISO 639 code; ``und`` where the language has no name here or too little is left.
        as_english: whether labels for English apply: it is English, or too short to say it is not.
    """

    code: str
    as_english: bool


class _Doubt(NamedTuple):
    """A text that the detector has to be asked about.

    Attributes:
        words: what it is asked about.
        share: of its words, those of English posts; None in another script, which is not English.
        languages: that may be named; None for any.
    """

    words: str
    share: float | None
    languages: tuple[str, ...] | None


_ENGLISH = Language("en", as_english=True)
_TOO_LITTLE = Language(UNDECIDED, as_english=True)


def detect_language(text: str) -> Language:
    """The language of one text. Never raises.

    Args:
        text: a post or its masked view; URLs, handles and emoji are disregarded, and hashtags
            where there are words beside them.

    Examples:
        >>> detect_language("vorrei andare al mare con tutta la famiglia domani")
        Language(code='it', as_english=False)
    """
    return detect_languages([text])[0]


def detect_languages(texts: Sequence[str]) -> list[Language]:
    """The language of each text, the same in whatever company; faster for many at once."""
    if len(texts) < MANY:
        read = [_read(text) for text in texts]
    else:
        some = [text if len(text) <= _MAX_CHARS else "" for text in texts]
        sure = surely_english(some, _SURELY_ENGLISH, _MIN_LETTERS)
        read = [
            _ENGLISH if is_sure else _read(text) for text, is_sure in zip(texts, sure, strict=True)
        ]
    doubts = [each for each in read if isinstance(each, _Doubt)]
    rows = chain.from_iterable(
        posteriors(detector(), some) for some in windows([doubt.words for doubt in doubts])
    )
    return [_verdict(each, next(rows)) if isinstance(each, _Doubt) else each for each in read]


def _read(text: str) -> Language | _Doubt:
    """What can be said without the detector, or what it is to be asked."""
    text = text[:_MAX_CHARS]
    words = " ".join(_NOISE.sub(" ", text).split())
    languages = other_script(words)
    if languages is None and len(words) + 3 * dense_letters(words) < _MIN_LETTERS:
        languages = other_script(_BUT_HASHTAGS.sub(" ", text))
        if languages is None:
            return _TOO_LITTLE
    if languages is not None:
        if len(languages) < 2:
            return Language(languages[0] if languages else UNDECIDED, as_english=False)
        return _Doubt(words or text, None, languages)
    words = latin_only(words)
    share = _english_share(words)
    return _ENGLISH if share >= _SURELY_ENGLISH else _Doubt(words, share, None)


def _english_share(words: str) -> float:
    found = _WORD.findall(words.lower().replace("’", "'"))
    if not found:
        return 0.0
    known = english_words()
    n = sum(map(known.__contains__, found))
    if n < _SURELY_ENGLISH * len(found):
        n += sum(word not in known and _unstretched(word, known) for word in found)
    return n / len(found)


def _unstretched(word: str, known: frozenset[str]) -> bool:
    """Whether "soooo" or "goooood" is a word of these without its stretches."""
    return _STRETCH.search(word) is not None and (
        _STRETCH.sub(r"\1", word) in known or _STRETCH.sub(r"\1\1", word) in known
    )


def _verdict(doubt: _Doubt, probabilities: NDArray[np.float64]) -> Language:
    classes = detector().classes
    if doubt.share is not None:
        english = probabilities[classes.index("en")]
        with np.errstate(divide="ignore"):
            log_odds = np.log(english) - np.log1p(-english)
        if doubt.share + _WEIGHT * np.clip(log_odds, *_LOG_ODDS) >= _MIN_ENGLISH:
            return _ENGLISH
    best = int(probabilities.argmax())
    name = str(classes[best])
    sure = probabilities[best] >= _MIN_CONFIDENCE and name not in ("en", _NONE)
    known = doubt.languages is None or name in doubt.languages
    return Language(name if sure and known else UNDECIDED, as_english=False)
