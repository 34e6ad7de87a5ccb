"""Words that English posts use, from ``english_words.txt``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

ENGLISH_WORDS = Path(__file__).with_name("english_words.txt")


@cache
def english_words() -> frozenset[str]:
    """Lower case, without marks."""
    return frozenset(ENGLISH_WORDS.read_text("utf-8").split())
