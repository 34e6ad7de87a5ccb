"""Apostrophes that were lost: without them, "isn?t sponsored" is not read as a denial."""

from __future__ import annotations

import re

# What is in the place of one: U+FFFD, once or for each byte; the remains of â€™; an entity
# without its "&"; an escape without its backslash; ’ of Mac Roman read as Latin-1.
_STAND_INS = "\ufffd{1,3}|â[€\x80\ufffd]?[™\x99\ufffd]?|Õ|\\?|#0?39;|amp;#0?39;|%27|u2019"
_NEGATED = "is|are|was|were|do|does|did|ca|could|would|should|has|have|had|wo|must|need|ai|might"
_CONTRACTED = (
    rf"(?<![\w/=&?.-])(?:(?P<not>{_NEGATED})n(?:{_STAND_INS})t"
    rf"|(?P<pronoun>i|you|he|she|it|we|they|that|there|what|who|here|let|how|where)(?:{_STAND_INS})"
    r"(?P<end>s|m|d|re|ve|ll))(?![\w=&/])"
)
_CONTRACTION = re.compile(_CONTRACTED, re.IGNORECASE)
_BETWEEN_LETTERS = re.compile("(?<=[A-Za-z])\ufffd{1,3}(?=(?:s|t|m|d|re|ve|ll)\\b)")
_SIGNS = ("\ufffd", "â", "Õ", "#39;", "#039;", "%27", "u2019")
_QUESTION = re.compile(r"\?[smdrvlt]", re.IGNORECASE)


def mend_apostrophes(text: str) -> str:
    """Put ’ back where a known English contraction shows that it is missing. Linear time."""
    asked = "?" in text and _QUESTION.search(text)
    if not asked and not any(sign in text for sign in _SIGNS):
        return text
    if "\ufffd" in text:
        text = _BETWEEN_LETTERS.sub("’", text)
    return _CONTRACTION.sub(_contracted, text)


def _contracted(match: re.Match[str]) -> str:
    if match["not"]:
        return f"{match['not']}{match.group()[len(match['not'])]}’{match.group()[-1]}"
    return f"{match['pronoun']}’{match['end']}"
