"""Brand names in words, hashtags and handles (``brands.toml``)."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from functools import cache
from operator import add
from pathlib import Path

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
