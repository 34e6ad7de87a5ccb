"""Brand names in words, hashtags and handles (``brands.toml``)."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from operator import add
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .letters import WORD, Letters
from .word_table import Words, WordTable

TABLE = Path(__file__).with_name("brands.toml")
# Part of a longer name only from this length on: "ikea" is in "nikeair".
_PART = 5
_WORD = re.compile(r"(?<![\w@#])[a-z]+")
_TAG = re.compile(r"(?<=#)\w+")
_JOINTS = re.compile(r"[\W_]+")


@cache
def brand_names() -> frozenset[str]:
    """Plain names: lower case, letters and digits only."""
    return frozenset(tomllib.loads(TABLE.read_text("utf-8"))["names"].split())


@cache
def _by_beginning() -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in brand_names():
        if len(name) >= _PART:
            found[name[:_PART]].append(name)
    return dict(found)


def holds_brand(plain: str) -> bool:
    """Whether a plain name is that of a brand, or holds one of at least five letters."""
    if plain in brand_names():
        return True
    known = _by_beginning()
    for start in range(len(plain) - _PART + 1):
        names = known.get(plain[start : start + _PART])
        if names and any(plain.startswith(name, start) for name in names):
            return True
    return False


def count_brands(text: str) -> int:
    """How many words, pairs of words and hashtags of a text name a brand."""
    lower = text.lower().replace("'", "").replace("’", "")
    words = _WORD.findall(lower)
    is_name = brand_names().__contains__
    said = sum(map(is_name, words)) + sum(map(is_name, map(add, words, words[1:])))
    if "#" in lower:
        said += sum(holds_brand(_JOINTS.sub("", tag)) for tag in _TAG.findall(lower))
    return said


def brands_in_each(lowered: Sequence[str]) -> NDArray[np.int64]:
    """How many words, pairs of words and hashtags of each text in small letters name a brand."""
    texts = [text.replace("'", "").replace("’", "") for text in lowered]
    letters = Letters(texts)
    p = letters.points
    small = (p >= ord("a")) & (p <= ord("z"))
    before = letters.are(WORD) | (p == ord("#")) | (p == ord("@"))
    begin, length = letters.runs(small)
    free = ~before[begin - 1]
    words = Words(letters, begin[free], length[free])
    said = letters.count(words.begin[_table().find(words) >= 0])
    may_begin, may_end = (table.find(words) >= 0 for table in _ends())
    pairs = np.flatnonzero(may_begin[:-1] & may_end[1:])
    in_texts = letters.texts_of(words.begin)
    pairs = pairs[in_texts[pairs] == in_texts[pairs + 1]]
    spans = (
        words.begin[pairs],
        words.length[pairs],
        words.begin[pairs + 1],
        words.length[pairs + 1],
    )
    written, names = letters.joined, brand_names()
    for i, a, n, b, m in zip(in_texts[pairs].tolist(), *(x.tolist() for x in spans), strict=True):
        said[i] += written[a : a + n] + written[b : b + m] in names
    for i, text in enumerate(texts):
        if "#" in text:
            said[i] += sum(holds_brand(_JOINTS.sub("", tag)) for tag in _TAG.findall(text))
    return said


@cache
def _table() -> WordTable:
    return WordTable(sorted(brand_names()))


@cache
def _ends() -> tuple[WordTable, WordTable]:
    """What names begin with, and what they end with."""
    cuts = [(name[:n], name[n:]) for name in brand_names() for n in range(1, len(name))]
    first, second = (WordTable(sorted(set(ends))) for ends in zip(*cuts, strict=True))
    return first, second
