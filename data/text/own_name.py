"""The author's own name in a post: whose account, hashtag, link or product it is.

A post that sends readers to ``@glow.skin`` reads otherwise by ``glow.skin`` than by anybody else:
the one sells what is its own. The masked view keeps that, and not the name: ``@self``, ``#self``,
``<url-self>``, and ``<self>`` in running text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from .language.english import english_words

HANDLE, TAG, LINK, NAME = "@self", "#self", "<url-self>", "<self>"
MAX_CHARS = 200
# A shorter name stands in running text, and in longer names, by chance.
MIN_SHARED = 4
_SEPARATORS = re.compile(r"[\W_]+")
# A new word begins at a capital inside a name ("GlowSkin").
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ADDRESS = re.compile(r"\S@\S|/|^www\.|^<", re.IGNORECASE)
# What accounts add to the name that they go by, as words of their own.
_ADDED_WORDS = """
official original real the iam its hq tv inc llc ltd co uk usa us eu team my by
"""
_ADDED = frozenset(_ADDED_WORDS.split())
# Long enough that no name ends or begins so by chance.
_ALWAYS_ADDED = ("official", "original")
# What those who sell or perform add: with it, a name is theirs, too ("#glowskin" by glowskinshop).
# With anything else it may be that of a brand they only write about ("#glowskin" by glowskinhaul).
_TRADE_WORDS = """
shop store boutique studio studios clothing apparel fashion wear jewelry jewellery designs
photography photo music band beauty cosmetics skincare hair fitness yoga bakery cakes cafe
kitchen food foods coffee restaurant hotel books art arts crafts home women men kids girls shoes
bags travel tours online world global app
"""
_OF_A_TRADE = _ADDED | frozenset(_TRADE_WORDS.split())
_NO_NAME_WORDS = """
nan none null undefined unknown anonymous deleted na objectobject
"""
_NO_NAMES = frozenset(_NO_NAME_WORDS.split())
_LINK = re.compile(r"(?:https?:/*)?(?:www\.)?([^/?#:\s]*)([^?#\s]*)", re.IGNORECASE)
# Of a path, what may name an account ("/shop/glow.skin").
_SEGMENTS = 2


@dataclass(frozen=True, slots=True)
class OwnName:
    """An author's name, as it is looked for in a post.

    Attributes:
        plain: letters and digits alone, without case.
        core: without what accounts add to the name that they go by ("official").
        in_text: pattern of the name in running text; None where it may stand there by chance.
    """

    plain: str
    core: str
    in_text: str | None

    def may_be_in(self, text: str) -> bool:
        """Whether a text may name the author; where not, its masked view hangs on none."""
        if HANDLE in text:
            # Masked already.
            return True
        flat = plain_name(text)
        size = min(len(self.core), MIN_SHARED)
        return self.core[:size] in flat or self.core[-size:] in flat

    def is_name(self, name: str) -> bool:
        """Whether a handle, hashtag or part of a host, as ``plain_name`` gives it, is the author's.

        The same, or one is the other with a word that those who sell or perform add.
        """
        if name in (self.plain, self.core):
            return True
        shorter, longer = sorted((name, self.core), key=len)
        if len(shorter) < MIN_SHARED or shorter in english_words():
            return False
        added = longer.removeprefix(shorter), longer.removesuffix(shorter)
        return any(word != longer and word in _OF_A_TRADE for word in added)

    def is_link(self, url: str) -> bool:
        """Whether a link leads to a host, or on a platform to a page, of the author's name."""
        found = _LINK.match(url)
        if found is None:
            return False
        host, path = found.groups()
        if any(self.is_name(plain_name(label)) for label in host.split(".")[:-1]):
            return True
        segments = path.split("/")[1 : 1 + _SEGMENTS]
        return any(
            plain_name(segment) in (self.plain, self.core) for segment in segments if segment
        )


def own_name(author: str | None) -> OwnName | None:
    """What to look for; None for no name: none given, an address, a number, too long.

    Examples:
        >>> name = own_name("@Glow.Skin")
        >>> name.is_name("glowskin"), name.is_link("https://www.glow-skin.com/new")
        (True, True)
        >>> own_name("4711") is None
        True
    """
    return _own_name(author) if author and len(author) <= MAX_CHARS else None


def may_name(text: str, author: str | None) -> bool:
    """Whether the masked view of an original text may hang on its author.

    True as well where a repair or a plain form of the text might bring the name to light.
    """
    own = own_name(author)
    if own is None:
        return False
    return not text.isascii() or any(sign in text for sign in "%&<\\") or own.may_be_in(text)


def plain_name(name: str) -> str:
    """Letters and digits alone, without case."""
    return _SEPARATORS.sub("", name.lower())


@lru_cache(maxsize=4096)
def _own_name(author: str) -> OwnName | None:
    author = unicodedata.normalize("NFKC", author).strip().removeprefix("@")
    plain = plain_name(author)
    if not plain or plain.isnumeric() or plain in _NO_NAMES or _ADDRESS.search(author):
        return None
    words = [word for word in _SEPARATORS.split(_CAMEL.sub(" ", author).lower()) if word]
    core = _core(plain, words)
    return OwnName(plain, core, _in_text(words, plain, core))


def _core(plain: str, words: list[str]) -> str:
    while len(words) > 1 and (words[0] in _ADDED or words[-1] in _ADDED):
        words = words[1:] if words[0] in _ADDED else words[:-1]
    left = "".join(words)
    for added in _ALWAYS_ADDED:
        left = left.removesuffix(added).removeprefix(added)
    return left if len(left) >= MIN_SHARED else plain


def _in_text(words: list[str], plain: str, core: str) -> str | None:
    forms = []
    for name, parts in ((plain, words), (core, _split(core, words))):
        if len(name) < MIN_SHARED or name in english_words():
            continue
        escaped = [re.escape(part) for part in parts]
        if any(part not in english_words() for part in parts):
            forms.append(r"[\s._-]?".join(escaped))
        else:
            # Common words, as anybody writes them, are not the name: "good morning".
            forms.append(r"[._-]?".join(escaped))
            forms.append(rf"(?-i:{' '.join(re.escape(part.capitalize()) for part in parts)})")
    return rf"(?<![\w@#<])(?:{'|'.join(dict.fromkeys(forms))})(?!\w)" if forms else None


def _split(core: str, words: list[str]) -> list[str]:
    """The words of a name that make up its core; the core as one word where none do."""
    ends = [0]
    for word in words:
        ends.append(ends[-1] + len(word))
    start = "".join(words).find(core)
    within = [end for end in ends if start < end < start + len(core)]
    return [core[a - start : b - start] for a, b in pairwise([start, *within, start + len(core)])]
