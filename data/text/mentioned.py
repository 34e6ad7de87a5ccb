"""Whom a post names, in forms that can be compared with those of its author's other posts.

An account, a site and a brand of one name are one: ``@glow.skin``, ``glow-skin.com`` and a thanked
``Glow Skin``. Hashtags are none of them, but for the author's own: most are words of a subject.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

from .handles import HANDLE
from .links_and_codes import URL, may_have_link
from .masking import HEAD_CHARS, TAIL_CHARS
from .own_name import OwnName, own_name, plain_name
from .signals.links import site_of
from .signals.networks import networks

_TAG = re.compile(r"#\w+")
_END = re.compile(r"[\n.!?|]+")
_NO_WORD = re.compile(r"\W+")
# A shorter sentence is said again by chance.
_MIN_WORDS = 3
_HOST = re.compile(r"^(?:https?:/*)?(?:www\.)?", re.IGNORECASE)
# What X makes of every link.
_HIDES = "t.co"
# Sites on which everybody has a page: who it is stands behind the host.
_SHARED_WORDS = """
amazon.com depop.com ebay.com etsy.com facebook.com fb.com instagram.com linktr.ee patreon.com
pinterest.com poshmark.com snapchat.com soundcloud.com spotify.com tiktok.com twitter.com
vimeo.com x.com youtu.be youtube.com
"""
_SHARED_SITES = frozenset(_SHARED_WORDS.split())


class _Found(Protocol):
    """A signal of a deal, of ``signals.find`` or of an output row."""

    @property
    def kind(self) -> str:
        """Which sort."""
        ...

    @property
    def value(self) -> str:
        """As it stands in the post."""
        ...


class Mentioned(NamedTuple):
    """What a post names.

    Attributes:
        names: accounts, sites and brands other than the author's own: plain name to the first way
            it is written.
        own: the author's name, as it is written.
        codes: discount codes, as they are written.
        sentences: of at least three words, without case and marks.
    """

    names: Mapping[str, str]
    own: tuple[str, ...]
    codes: tuple[str, ...]
    sentences: frozenset[str]


def mentioned(text: str, author: str | None, signals: Iterable[_Found]) -> Mentioned:
    """Read what a post names; never raises. Of a long post both ends are read, as by the models.

    Args:
        text: repaired.
        author: handle or name.
        signals: found in the post; of these, codes and sponsors are used.

    Examples:
        >>> found = mentioned("new at @glow.skin, also on www.velmora.com", "@velmora", ())
        >>> dict(found.names), found.own
        ({'glowskin': '@glow.skin'}, ('www.velmora.com',))
    """
    if len(text) > HEAD_CHARS + TAIL_CHARS:
        text = f"{text[:HEAD_CHARS]}\n{text[-TAIL_CHARS:]}"
    text = unicodedata.normalize("NFKC", text)
    own = own_name(author)
    names: dict[str, str] = {}
    theirs: dict[str, None] = {}
    for handle in HANDLE.findall(text):
        _keep(handle, f"@{handle}", own, names, theirs)
    found = [(signal.kind, signal.value) for signal in signals]
    for value in (value for kind, value in found if kind == "sponsor"):
        _keep(value.lstrip("@#"), value, own, names, theirs)
    has_links = may_have_link(text, text.lower())
    for link in URL.findall(text) if has_links else ():
        if own is not None and own.is_link(link):
            theirs[link] = None
        elif name := _site(link):
            names.setdefault(name, link)
    words = URL.sub(" ", text) if has_links else text
    if own is not None:
        theirs |= {tag: None for tag in _TAG.findall(words) if own.is_name(plain_name(tag))}
        if own.in_text and (said := re.search(own.in_text, words, re.IGNORECASE)):
            theirs[said.group()] = None
    codes = dict.fromkeys(value for kind, value in found if kind == "code")
    return Mentioned(names, tuple(theirs), tuple(codes), _sentences(words))


def _keep(
    name: str, said: str, own: OwnName | None, names: dict[str, str], theirs: dict[str, None]
) -> None:
    plain = plain_name(name)
    if own is not None and own.is_name(plain):
        theirs[said] = None
    elif plain:
        names.setdefault(plain, said)


def _site(link: str) -> str | None:
    """What the site of a link is called; of one that all share, its page; None where it hides."""
    domain = site_of(link)
    if domain is None or domain == _HIDES or domain in networks().domains:
        return None
    if domain in _SHARED_SITES:
        _, _, path = _HOST.sub("", link).partition("/")
        page = path.partition("?")[0].partition("/")[0]
        return f"{domain}/{page.lower()}" if page else None
    return plain_name(domain.partition(".")[0]) or None


def _sentences(text: str) -> frozenset[str]:
    plain = (_NO_WORD.sub(" ", part).strip().lower() for part in _END.split(text))
    return frozenset(part for part in plain if part.count(" ") >= _MIN_WORDS - 1)
