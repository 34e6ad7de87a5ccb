"""The script a text is written in, where that is not Latin, and who writes in it.

Blocks of Unicode's Blocks.txt, with the languages of py3langid that are written in them. Blocks of
which it knows no language are left out: whatever is in them belongs to no known script.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter

# The script Latin of Unicode's Scripts.txt, and the modifier letters that are beside it.
_LATIN = (
    r"A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u1d00-\u1d25\u1d2c-\u1d5c"
    r"\u1d62-\u1d65\u1d6b-\u1d77\u1d79-\u1dbe\u1e00-\u1eff\u2071\u207f\u2090-\u209c\u212a\u212b"
    r"\u2132\u214e\u2160-\u2188\u2c60-\u2c7f\ua717-\ua7ff\uab30-\uab69\ufb00-\ufb06"
    r"\uff21-\uff3a\uff41-\uff5a\U00010780-\U000107ba\U0001df00-\U0001df2a"
)
_LATIN_LETTER = re.compile(f"[{_LATIN}]")
# Letters of all others, and the marks that are the vowels of those from Devanagari to Khmer.
_OTHER = re.compile(rf"[^\W\d_{_LATIN}]|[\u0900-\u109f\u1700-\u1cff]")
# Each of these is a syllable or a word.
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DENSITY = 3

_CYRILLIC = ("ru", "uk", "be", "bg", "mk", "sr", "kk", "ky", "mn", "tg", "tt", "ba")
_ARABIC = ("ar", "ary", "arz", "fa", "ps", "ur", "ug", "sdh")
_CHINESE = ("ja", "zh", "yue", "wuu")
_BLOCKS: tuple[tuple[int, int, tuple[str, ...]], ...] = (
    (0x0370, 0x03FF, ("el",)),
    (0x0400, 0x052F, _CYRILLIC),
    (0x0531, 0x058F, ("hy",)),
    (0x0591, 0x05FF, ("he", "hbo")),
    (0x0600, 0x06FF, _ARABIC),
    (0x0750, 0x077F, _ARABIC),
    (0x0870, 0x08FF, _ARABIC),
    (0x0900, 0x097F, ("hi", "mr", "ne", "gom", "sa")),
    (0x0980, 0x09FF, ("bn", "as")),
    (0x0A00, 0x0A7F, ("pa",)),
    (0x0A80, 0x0AFF, ("gu",)),
    (0x0B00, 0x0B7F, ("or",)),
    (0x0B80, 0x0BFF, ("ta",)),
    (0x0C00, 0x0C7F, ("te",)),
    (0x0C80, 0x0CFF, ("kn",)),
    (0x0D00, 0x0D7F, ("ml",)),
    (0x0D80, 0x0DFF, ("si",)),
    (0x0E00, 0x0E7F, ("th",)),
    (0x0E80, 0x0EFF, ("lo",)),
    (0x1000, 0x109F, ("my",)),
    (0x10A0, 0x10FF, ("ka",)),
    (0x1100, 0x11FF, ("ko",)),
    (0x1200, 0x139F, ("am",)),
    (0x1780, 0x17FF, ("km",)),
    (0x1C80, 0x1C8F, _CYRILLIC),
    (0x1C90, 0x1CBF, ("ka",)),
    (0x1F00, 0x1FFF, ("el", "grc")),
    (0x3040, 0x30FF, _CHINESE),
    (0x3400, 0x9FFF, _CHINESE),
    (0xAC00, 0xD7AF, ("ko",)),
    (0x20000, 0x323AF, _CHINESE),
)
_STARTS = [start for start, _, _ in _BLOCKS]


def dense_letters(text: str) -> int:
    """Letters that are a syllable or a word each."""
    return 0 if text.isascii() else len(_DENSE.findall(text))


def other_script(text: str) -> tuple[str, ...] | None:
    """The languages that most letters of a text may belong to, if most are not Latin.

    A syllable of Hangul or kana and a Chinese character count as three letters.

    Returns:
        ISO 639 codes, none of them where no known language is written so; None for a text in
        Latin letters, or without any.
    """
    if text.isascii():
        return None
    others = _OTHER.findall(text)
    weight = len(others) + (_DENSITY - 1) * dense_letters(text)
    if not others or weight <= len(_LATIN_LETTER.findall(text)):
        return None
    found: Counter[tuple[str, ...]] = Counter()
    for letter, n in Counter(others).items():
        found[_languages(ord(letter))] += n
    return found.most_common(1)[0][0]


def latin_only(text: str) -> str:
    """The text without letters of other scripts, its white space single."""
    return text if text.isascii() else " ".join(_OTHER.sub(" ", text).split())


def _languages(code_point: int) -> tuple[str, ...]:
    at = bisect_right(_STARTS, code_point) - 1
    if at < 0:
        return ()
    _, end, languages = _BLOCKS[at]
    return languages if code_point <= end else ()
