"""Which language a post is written in, offline and with a bias towards English.

py3langid (a maintained fork of langid.py, Lui and Baldwin 2012) decides among the languages below.
Its plain verdict calls some informal English something else, so another language is reported only
with a confidence of at least .8: that is 71 of the 5,043 labelled public posts, nearly all of them
partly Greek or Portuguese by eye.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any

from .language_batch import classify
from .windows import windows

UNDECIDED = "und"
LANGUAGES = tuple(
    "en de fr es it pt nl sv da no fi pl cs ro hu tr id ms tl vi ru uk bg sr el ar fa ur he hi bn "  # noqa: SIM905
    "ta te mr gu pa th zh ja ko".split()
)
_NOISE = re.compile(r"<\w+>|https?:\S+|www\.\S+|[@#]\w+|[^\w\s'’]|\d+|_")
_MAX_CHARS = 2000
_MIN_LETTERS = 12
_MIN_CONFIDENCE = 0.8
# Sums of float32 in another order: at 2,000 letters of four bytes the confidence may differ by .01,
# where every rounding goes the same way.
_DOUBT = 0.05
# Fewer texts are told one by one in less time.
_MANY = 16
# One of these letters is a syllable or a word: few are enough to tell.
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def detect_language(text: str) -> str:
    """ISO 639-1 code, or ``und`` where too little is left to tell. Never raises.

    Args:
        text: a post or its masked view; URLs, handles, hashtags and emoji are disregarded.
    """
    words = _words(text)
    return UNDECIDED if words is None else _verdict(*_detector().classify(words))


def detect_languages(texts: Sequence[str]) -> list[str]:
    """The language of each text, as ``detect_language`` tells it, in a fraction of the time."""
    if len(texts) < _MANY:
        return [detect_language(text) for text in texts]
    detector = _detector()
    words = [_words(text) for text in texts]
    telling = [some for some in words if some is not None]
    verdicts = chain.from_iterable(classify(detector, some) for some in windows(telling))
    return [
        UNDECIDED if some is None else _verdict(*_settled(detector, some, *next(verdicts)))
        for some in words
    ]


def _words(text: str) -> str | None:
    """What the language is told from, or None where that is too little."""
    words = " ".join(_NOISE.sub(" ", text[:_MAX_CHARS]).split())
    dense = 0 if words.isascii() else len(_DENSE.findall(words))
    return None if len(words) + 3 * dense < _MIN_LETTERS else words


def _verdict(language: str, confidence: float) -> str:
    return str(language) if confidence >= _MIN_CONFIDENCE else "en"


def _settled(detector: Any, words: str, language: str, confidence: float) -> tuple[str, float]:  # noqa: ANN401
    """The detector's own word where another order of its sums could change the verdict."""
    if abs(confidence - _MIN_CONFIDENCE) < _DOUBT:
        language, confidence = detector.classify(words)
    return language, confidence


@cache
def _detector() -> Any:  # noqa: ANN401
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    detector = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    detector.set_languages(list(LANGUAGES))
    return detector
