"""How often English is called another language, and others English.

``python benchmarks/studies/languages.py`` rewrites ``docs/languages.md``. Other languages:
``language_posts.tsv``, invented posts, twenty in each language, half of them (``open``) for
choosing and half (``held``) for judging. English: the labelled public posts, of which
``train.csv`` is for choosing, and the pairs of the corpus. Those that are called another language
were read (``language_readings.csv``): some are none.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from language_detectors import Detector, before, detectors
from language_texts import English, english_posts, read_posts, readings
from numpy.typing import NDArray
from page import Stretch
from unpolished.data.labels.label_files import FURTHER, GOLD, TRAIN
from unpolished.data.text.language import detect as language
from unpolished.data.text.language.detect import detect_languages
from unpolished.data.text.language.scripts import dense_letters

PAGE = Path(__file__).parents[2] / "docs" / "languages.md"
# Of the posts of train.csv, as many as a bound may call other than English.
LOST = 0.01
SHORT_WORDS = 6
# Fewer are too little to tell, for all detectors alike; a syllable or a Chinese word counts thrice.
MIN_LETTERS = 12


class Told(NamedTuple):
    """Which of some posts are called English, and who wrote them."""

    english: NDArray[np.bool_]
    languages: NDArray[np.str_]

    def share(self, *, romanised: bool | None = None) -> str:
        """Called English, in percent: of all, of romanised ones or of the others."""
        latin = np.char.endswith(self.languages, "-Latn")
        chosen = latin if romanised else ~latin if romanised is False else latin | True
        return f"{100 * self.english[chosen].mean():.1f} %"


def scores(detector: Detector, texts: Sequence[str]) -> NDArray[np.float64]:
    """Of masked posts; those with too few letters are left alone, and so count as English."""
    words = [" ".join(language._NOISE.sub(" ", text).split()) for text in texts]
    kept = [i for i, some in enumerate(words) if len(some) + 3 * dense_letters(some) >= MIN_LETTERS]
    told = np.full(len(words), np.inf)
    told[kept] = detector.score([words[i] for i in kept])
    return told


def called(detector: Detector, texts: Sequence[str]) -> NDArray[np.bool_]:
    """Whether each masked post counts as English for a detector whose bound is given."""
    return scores(detector, texts) > (detector.bound or 0.0)


def compare(page: Stretch, english: dict[str, English]) -> None:
    """One row a detector."""
    names = (TRAIN.name, GOLD.name)
    page.add(
        "| | µs a post | " + " | ".join(f"English called other, {name}" for name in names)
        + " | other called English, open | held out | held out, romanised |",
        "|---|" + "---|" * 6,
    )  # fmt: skip
    (seen, seen_in), (held, held_in) = read_posts("open"), read_posts("held")
    for detector in detectors():
        train = scores(detector, english[TRAIN.name].texts)
        bound = float(np.quantile(train, LOST)) if detector.bound is None else detector.bound
        lost = [(scores(detector, english[name].texts) <= bound).mean() for name in names]
        first = Told(scores(detector, seen) > bound, seen_in)
        then = Told(scores(detector, held) > bound, held_in)
        cells = [f"{100 * share:.1f} %" for share in lost] + [
            first.share(), then.share(), then.share(romanised=True)
        ]  # fmt: skip
        speed = _microseconds(detector, english[GOLD.name].texts)
        page.add(f"| {detector.name} | {speed:.0f} | " + " | ".join(cells) + " |")


def _microseconds(detector: Detector, texts: Sequence[str]) -> float:
    """The best of three times, per post; processor time, so that other work counts less."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        scores(detector, texts)
        taken.append(time.process_time() - start)
    return min(taken) / len(texts) * 1e6


def by_language(page: Stretch) -> None:
    """Before and now, of the ten posts held out of each language."""
    texts, languages = read_posts("held")
    old = called(Detector("before", before(), 0.5), texts)
    told = detect_languages(texts)
    new = np.array([language.as_english for language in told])
    page.add("Called English, of ten posts held out: before, and now where any still is.", "")
    counts = {
        name: (int(old[languages == name].sum()), int(new[languages == name].sum()))
        for name in dict.fromkeys(languages.tolist())
    }
    none = sum(pair == (0, 0) for pair in counts.values())
    shown = [f"{n} {was}" + (f" → **{now}**" if now else "")
             for n, (was, now) in counts.items() if was or now]  # fmt: skip
    page.add(", ".join(shown) + f"; none in {none} others.", "")
    named = Counter(
        (language.code == "und", language.code == name.removesuffix("-Latn"))
        for language, name in zip(told, languages.tolist(), strict=True)
        if not name.endswith("-Latn") or name == "sr-Latn"
    )
    right, unnamed = named[False, True], named[True, False]
    wrong = named[False, False]
    latin = [t.code for t, n in zip(told, languages.tolist(), strict=True)
             if n.endswith("-Latn") and n != "sr-Latn"]  # fmt: skip
    page.add(
        f"Named as what they are: {right} of {right + unnamed + wrong} posts in their own script; "
        f"{unnamed} `und`, {wrong} as another language. Of {len(latin)} romanised posts, "
        f"{latin.count('und')} are `und`; the others are named as what they are not."
    )


def slices(page: Stretch, english: dict[str, English]) -> None:
    """English that is short, mixed or in a register, called another language."""
    public = english[TRAIN.name].texts + english[GOLD.name].texts
    mixed = [text for split in ("open", "held") for text in read_posts(split, mixed=True)[0]]
    short = [text for text in public if len(text.split()) < SHORT_WORDS]
    old = Detector("before", before(), 0.5)
    page.add("| English called other | posts | before | now |", "|---|---|---|---|")
    for name, texts in (
        ("labelled public posts, train and gold", public),
        (f"of these, shorter than {SHORT_WORDS} words", short),
        ("registers and names, `pairs.jsonl`", english["pairs"].texts),
        ("English with words of another language, invented", mixed),
    ):
        was, now = ~called(old, texts), [not t.as_english for t in detect_languages(texts)]
        page.add(f"| {name} | {len(texts)} | {sum(was)} | {sum(now)} |")
    told = [language._read(text) for text in public]
    asked = sum(isinstance(each, language._Doubt) for each in told) / len(told)
    page.add("", f"The detector is asked about {100 * asked:.1f} % of the labelled public posts.")
    _readings(page, english, old)


def _readings(page: Stretch, english: dict[str, English], old: Detector) -> None:
    """What the public posts that are called another language read as."""
    read = readings()
    found: dict[str, Counter[str]] = {}
    for name, posts in english.items():
        told = detect_languages(posts.texts)
        for key, was, now in zip(posts.keys, called(old, posts.texts), told, strict=False):
            group = name == FURTHER.name
            for when, lost in (("before", not was), ("now", not now.as_english)):
                if lost:
                    place = f"{FURTHER.name if group else 'train and gold'}, {when}"
                    found.setdefault(place, Counter())[read.get(key, "not read")] += 1
    kinds = ("english", "mixed", "names", "other", "not read")
    page.add("", "| called other | " + " | ".join(kinds) + " |", "|---|" + "---|" * len(kinds))
    for place, counts in found.items():
        page.add(f"| {place} | " + " | ".join(str(counts[kind]) for kind in kinds) + " |")


def main() -> None:
    """Measure and rewrite the page."""
    english = english_posts()
    compare(Stretch("detectors", PAGE), english)
    by_language(Stretch("languages", PAGE))
    slices(Stretch("slices", PAGE), english)


if __name__ == "__main__":
    main()
