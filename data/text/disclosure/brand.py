"""The name beside a term: with whom the deal is, as far as the words tell."""

from __future__ import annotations

import re

_NEAR_CHARS = 60
_BY = (
    "with|by|for|from|of|to|x|mit|von|für|durch|avec|par|pour|chez|con|da|di|de|del|della|dal|dalla"
    "|per|por|com|para|pela|pelo|do|met|door|van|voor|z|marki|marką|przez|dla|med|af|av|fra|från"
    "|för|til|ile|tarafından"
)
_NAME = r"(?-i:[A-Z\u00c0-\u00de][\w&’'.-]*\w)"
# Further words of it, such as the second one of "Party X".
_MORE = rf"(?:[^\S\n](?:{_NAME}|(?-i:[A-Z])\b)){{0,2}}"
# Emoji may stand between the term and the name.
_EMOJI = r"\u2190-\u2bff\U0001f000-\U0001faff"
# After the term: a handle, or a name that a word such as "with" or a sign leads to.
_AFTER = re.compile(
    rf"(?:\w{{0,3}}[\s:|–—•·/()\[\]{_EMOJI}-]{{0,6}}(?:paid )?"
    rf"(?:(?:{_BY})\s+)?(?:@\w[\w.]*\w|(?-i:#[A-Z]\w+))"
    rf"|\s*(?:[:|–—•·/()\[\]-]\s*){{0,2}}(?:paid (?:for )?)?(?:{_BY})\s+(?:the |our |my )?{_NAME}"
    rf"|[^\S\n]{_NAME}(?:[^\S\n]{_NAME}){{0,2}}(?=[^\S\n]?[)\]])"
    rf"|[^\S\n]{{0,3}}(?:(?:[:|/–—(\[]|[{_EMOJI}]{{1,3}})[^\S\n]?)?{_NAME}{_MORE}"
    rf"(?=\s*(?:[|)\]–—•·:{_EMOJI}]|\n|\Z)|\s+kanssa\b))",
    re.IGNORECASE,
)
# Where the term itself ends in such a word: "sponsored by".
_LEADS = re.compile(rf"\b(?:{_BY})$", re.IGNORECASE)
_NAME_AFTER = re.compile(rf"\s+(?:the |our |my )?(?:@\w[\w.]*\w|#\w+|{_NAME})", re.IGNORECASE)
# Turkish puts its words for "with" and "by" behind the name.
_BEFORE = re.compile(
    r"(?:@\w[\w.]*|(?-i:#[A-Z]\w+)|(?:x|×) (?-i:[A-Z]\w+))[\s:|–—•·/()\[\]-]{0,4}$"
    rf"|(?:@\w[\w.’']*|{_NAME}) (?:ile|tarafından) \W?$",
    re.IGNORECASE,
)
# The name within the term: "sponsored by @x", "#xpartner", Turkish "X ile işbirliği".
_WITHIN = re.compile(
    r"@\w|#(?!(?:brand|official|proud|paid|ad|my|our|new)(?:partner|ambassador))\w{3,}(?:partner|ambassador)"
    rf"|\b(?:{_BY}|için)\s+{_NAME}"
    r"|\b(?-i:(?!Ücretli|Reklam|Marka|ÜCRETLİ|REKLAM|MARKA)[A-ZÇĞİÖŞÜ])[\w&’'.-]*\w"
    r" (?:ile|x|tarafından|iş ?birli|sponsorlu[ğg]|destekleri|katkıları|davet|hediye)",
    re.IGNORECASE,
)


def brand_near(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where a brand is named at the term ``text[start:end]``, or in it; None where none is seen.

    A handle, a tag with a capital, or a name with a capital after a word such as "with". It may be
    another's name, and a brand in small letters is not seen.
    """
    if found := _WITHIN.search(text, start, end):
        return found.span()
    after = _NAME_AFTER if _LEADS.search(text, start, end) else _AFTER
    if found := after.match(text, end, end + _NEAR_CHARS):
        return found.span()
    found = _BEFORE.search(text, max(0, start - _NEAR_CHARS), start)
    return found.span() if found else None
