"""Patterns for links and discount codes, for masking and for the signals of a deal."""

from __future__ import annotations

import re

_TLD = "com|org|net|co|io|ly|me|be|tv|app|shop|store|info|gov|edu|uk|us|de|fr|in|eu|example"
URL = re.compile(
    r"(?:https?:/?/?|www\.)[^\s<>]*[^\s<>.,;:!?)\]'\"”’…]|https?:/*"
    rf"|(?<![\w@.])[a-z0-9][\w-]*(?:\.[\w-]+)*\.(?:{_TLD})\b(?:/[^\s<>]*)?",
    re.IGNORECASE,
)
# What stands in every URL without "http" or "www.", and is found faster.
_DOMAIN_SIGN = re.compile(rf"\.(?:{_TLD})\b", re.IGNORECASE)
# A code after the word for it, the first group. Possessive and bounded, for linear time.
CODE = re.compile(
    r"((?i:\b(?:codes?|coupons?|vouchers?|promocode|rabattcode|gutscheincode|código)\b)"
    r"(?i:\s+(?:is|for|at|of))?\s*+[:=\-–]?\s*+[\"'“”‘’*#]*+)"
    r"([A-Z][A-Z0-9_-]{2,}|(?=[a-z_-]{0,1000}\d)[A-Za-z][\w-]{2,})(?![\w>])"
)
# What is a code where a discount is spoken of.
LOOSE_CODE = re.compile(r"(?<![\w#@<])(?!COVID|GPT)[A-Z]{3,}\d{1,3}(?!\w)")
DISCOUNT = re.compile(r"\b(?:off|discount|save|checkout|promo|coupon|code)\b|%", re.IGNORECASE)


def may_have_link(text: str, lowered: str) -> bool:
    """Whether a link may be in a text; ``lowered`` is the same in small letters."""
    if "http" in lowered or "www." in lowered:
        return True
    return "." in text and _DOMAIN_SIGN.search(text) is not None


def has_discount(text: str, lowered: str) -> bool:
    """Whether a text speaks of a discount or a code; ``lowered`` is the same in small letters."""
    # One of these stands in all of them ("i" has forms that small letters leave). Written out, it
    # takes half the time of a loop.
    may = (
        "%" in lowered or "off" in lowered or "count" in lowered or "save" in lowered
        or "checkout" in lowered or "promo" in lowered or "coupon" in lowered or "code" in lowered
    )  # fmt: skip
    return may and DISCOUNT.search(text) is not None
