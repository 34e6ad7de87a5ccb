"""Links that pay whoever posts them, or hide where they go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from ..word_hints import WordHints
from .networks import networks
from .places import places
from .signal import Hit

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_SCHEMES = ("http", "hxxp")
# Letters of scripts without spaces may stand before it.
_IN_LINK = "[^\\s<>、。「」『』【】]"
_WITH_SCHEME = re.compile(rf"(?<![a-z0-9])h(?:tt|xx)ps?:{_IN_LINK}++", re.IGNORECASE)
# Bare: a host and what follows it. Possessive, and never begun within a host, for linear time.
_IN_HOST = r"a-z0-9\u00df-\u024f-"
_BARE = re.compile(
    rf"(?<![{_IN_HOST}@./\]_])[{_IN_HOST}]++(?:(?:\.|\[\.\])[{_IN_HOST}_]++)++"
    rf"(?::\d{{1,5}})?[/?]{_IN_LINK}*+",
    re.IGNORECASE,
)
# In every bare link, and found faster.
_BARE_SIGN = re.compile(r"\.(?:\])?[^\W_][\w-]{0,62}(?::\d{1,5})?[/?]")
# What X makes of every link; most links in posts are of this kind, and tell nothing.
_OF_PLATFORM = re.compile(r"https?://t\.co/\w*")
_SCHEME = re.compile(r"^(?:h(?:tt|xx)ps?:)?/*", re.IGNORECASE)
_TRAILING = ".,;:!?)]}'\"”’…»*_|"
# The longest host name, and the longest link of which the parameters are read.
_MAX_HOST, _MAX_QUERY = 253, 8_000


def affiliate_links(text: str, lowered: str) -> Iterator[Hit]:
    """Links of a normalised text that the table knows; ``lowered`` is the same in small letters.

    ``why`` holds the name and ``network`` or ``shortener`` for a domain, the name and the
    parameter for a parameter, ``utm`` for any campaign parameter and the word that tells whose.
    """
    others = _OF_PLATFORM.sub("", text) if "//t.co/" in text else text
    if "/" not in others and "=" not in others:
        return
    last = 0
    for start in sorted(start for scheme in _SCHEMES for start in places(lowered, scheme)):
        if start >= last and (match := _WITH_SCHEME.match(text, start)):
            yield from _bare_links(text, last, start)
            yield from _known(text, *match.span())
            last = match.end()
    yield from _bare_links(text, last, len(text))


def _bare_links(text: str, start: int, end: int) -> Iterator[Hit]:
    if end > start and _BARE_SIGN.search(text, start, end):
        for match in _BARE.finditer(text, start, end):
            yield from _known(text, *match.span())


def _known(text: str, start: int, end: int) -> Iterator[Hit]:
    link = text[start:end].rstrip(_TRAILING)
    if _OF_PLATFORM.fullmatch(link):
        return
    if why := _why(link):
        yield Hit(start, start + len(link), "affiliate_link", why)


def _why(link: str) -> tuple[str, ...]:
    if "=" not in link and link.isascii() and not _hosts()(link.lower()):
        return ()
    plain = link
    if "\\" in link or "[" in link:
        # As browsers read it (WHATWG URL Standard); and dots that were made harmless.
        plain = link.replace("\\", "/").replace("[.]", ".")
    try:
        parts = urlsplit(_SCHEME.sub("//", plain, count=1) if ":" in plain else f"//{plain}")
        host = parts.hostname or ""
    except ValueError:
        return ()
    domain = _registrable(host) if len(host) <= _MAX_HOST else None
    if domain is None:
        return ()
    host = host.rstrip(".")
    why: list[str] = []
    known = networks().domains.get(domain)
    if not known and "=" not in parts.query:
        return ()
    # Without a path it leads to the network itself.
    leads_on = parts.path.strip("/") or parts.query or host.count(".") > domain.count(".") + 1
    if known and leads_on and (not known.hosts or host in known.hosts):
        why += [known.name, known.role]
    if "=" in parts.query:
        why += _of_parameters(parts.query[:_MAX_QUERY].replace("&amp;", "&"), domain)
    return tuple(dict.fromkeys(why))


def site_of(link: str) -> str | None:
    """The registrable domain that a link leads to, in small letters; None where there is none."""
    try:
        host = urlsplit(_SCHEME.sub("//", link, count=1) if ":" in link else f"//{link}").hostname
    except ValueError:
        return None
    return _registrable(host) if host and len(host) <= _MAX_HOST else None


@cache
def _hosts() -> WordHints:
    """Finds a name of the table in a link, also where dots were made harmless."""
    return WordHints([[domain, domain.replace(".", "[.]")] for domain in networks().domains])


def _of_parameters(query: str, domain: str) -> Iterator[str]:
    table = networks()
    for name, value in parse_qsl(query, errors="replace"):
        lower, value = name.lower(), value.lower()
        parameter = table.parameters.get(lower)
        if parameter and parameter.counts(domain, value):
            yield parameter.name
            yield lower
        elif lower.startswith("utm_"):
            yield "utm"
            if lower in table.utm_fields:
                yield from (word for word in table.utm_telling if word in value)


@lru_cache(maxsize=10_000)
def _registrable(host: str) -> str | None:
    """In ASCII and small letters; None for an address and for no known suffix."""
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    return _suffixes().privatesuffix(host)


@cache
def _suffixes() -> PublicSuffixList:
    # Only texts with links need it: reading the list takes a moment.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(accept_unknown=False)
