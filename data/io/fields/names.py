"""Names of columns as people write them, and which of them look like a field of a post."""

from __future__ import annotations

import re
import unicodedata

# What is around a name and is no part of it: spaces, quotes, the star of a required column.
_AROUND = " \t\r\n\v\f\"'`*:\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb"
_BETWEEN = re.compile(r"[ _\-]+")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_WORD = r"[^\s\"'{}]{1,30}"
_ONE_WORD = re.compile(_WORD)
_FEW_WORDS = re.compile(f"{_WORD}(?: {_WORD}){{0,4}}")
_POSTS = frozenset(
    ["post", "tweet", "video", "media", "status", "aweme", "comment", "reel", "item"]
)
_HINTS = {
    "paid_partnership": frozenset(
        ["paid", "sponsor", "sponsors", "sponsored", "sponsorship", "partner", "partnership", "ad",
         "ads", "advert", "advertiser", "advertisement", "branded"]
    ),
    "text": frozenset(["text", "caption", "message", "body", "content", "description", "desc"]),
    "author": frozenset(["author", "user", "username", "owner", "creator", "handle", "account"]),
}  # fmt: skip

_WHO = re.compile(
    r"(?!is|has).*?(?:sponsor(?!ed|ship)|sponsoredby|paidby|brand(?!ed)|partner(?!ship)|advertiser"
    r"|client|company|merchant)"
)


def bare(name: str) -> str:
    """A name in small letters, without invisible marks and without what is around it."""
    if not name.isascii():
        name = unicodedata.normalize("NFKC", name)
        name = "".join(sign for sign in name if unicodedata.category(sign) != "Cf")
    return name.strip(_AROUND).casefold()


def letters(name: str) -> str:
    """``bare``, and without what is between words: ``Paid Partnership`` and so on."""
    return _BETWEEN.sub("", bare(name))


def shown(name: str, *, sure: bool = True) -> str:
    """A name for a message; a sentence may be a post that is in its place and is not told.

    Args:
        name: of a column.
        sure: whether names are expected there; else only one word is told.
    """
    pattern = _FEW_WORDS if sure else _ONE_WORD
    return name if len(name) <= 60 and pattern.fullmatch(name) else "\u2026"


def looks_like(name: str) -> str | None:
    """The field that a name speaks of, without being it: ``isSponsored``, ``user_name``."""
    words = {word.casefold() for word in _WORDS.findall(name[:200])}
    for field, hints in _HINTS.items():
        if words & hints:
            return field
    return "id" if "id" in words and words & _POSTS else None


def sponsors(name: str) -> bool:
    """Whether a column holds who paid, by its name: ``Sponsor Name``; not ``is_paid``."""
    return len(name) <= 60 and bool(_WHO.match(letters(name)))
