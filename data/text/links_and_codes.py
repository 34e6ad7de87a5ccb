"""Patterns for links and discount codes, for masking and for the signals of a deal."""

from __future__ import annotations

import re

_TLD = "com|org|net|co|io|ly|me|be|tv|app|shop|store|info|gov|edu|uk|us|de|fr|in|eu|example"
URL = re.compile(
    r"(?:https?:/?/?|www\.)[^\s<>]*[^\s<>.,;:!?)\]'\"”’…]|https?:/*"
    rf"|(?<![\w@.])[a-z0-9][\w-]*(?:\.[\w-]+)*\.(?:{_TLD})\b(?:/[^\s<>]*)?",
    re.IGNORECASE,
)
# What stands in every URL, and is found faster.
URL_SIGN = re.compile(rf"https?:|www\.|\.(?:{_TLD})\b", re.IGNORECASE)
# A code after the word for it, the first group. Possessive and bounded, for linear time.
CODE = re.compile(
    r"((?i:\b(?:codes?|coupons?|vouchers?|promocode|rabattcode|gutscheincode|código)\b)"
    r"(?i:\s+(?:is|for|at|of))?\s*+[:=\-–]?\s*+[\"'“”‘’*#]*+)"
    r"([A-Z][A-Z0-9_-]{2,}|(?=[a-z_-]{0,1000}\d)[A-Za-z][\w-]{2,})(?![\w>])"
)
# What is a code where a discount is spoken of.
LOOSE_CODE = re.compile(r"(?<![\w#@<])(?!COVID|GPT)[A-Z]{3,}\d{1,3}(?!\w)")
DISCOUNT = re.compile(r"\b(?:off|discount|save|checkout|promo|coupon|code)\b|%", re.IGNORECASE)
# One of these stands in all of them, in lower case ("i" has forms that lower-casing leaves).
_DISCOUNT_SIGNS = ("%", "off", "count", "save", "checkout", "promo", "coupon", "code")


def has_discount(text: str) -> bool:
    """Whether a text speaks of a discount or a code."""
    lowered = text.lower()
    return any(sign in lowered for sign in _DISCOUNT_SIGNS) and DISCOUNT.search(text) is not None
