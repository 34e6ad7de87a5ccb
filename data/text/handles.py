"""Handles without their names: ``@user1``, hashtags that match them, and trade names.

A name says who somebody is, which no model may see; that a post repeats it as a hashtag, or that it
is the name of a trade or a brand (a shop, cosmetics, a hotel), says what the post is about and is
kept: ``@glow.skin loves you #glowskin`` becomes ``@user1<trade> loves you #user1``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .aligned import Edited
from .brands import holds_brand
from .own_name import HANDLE as OWN_HANDLE
from .own_name import MIN_SHARED, OwnName, plain_name
from .own_name import TAG as OWN_TAG

HANDLE = re.compile(r"(?<![\w@.])@(\w(?:[\w.]*\w)?)")
MARK = "<trade>"
_TAG = re.compile(r"(?<=#)\w+")
_OWN = re.compile(r"user\d+")
# What such accounts are called, written down by hand; not taken from labelled posts.
_TRADE = re.compile(
    "shop|store|boutique|market|clothing|apparel|fashion|wear|jewel|shoes|sneaker|style|beauty|skin"
    "|cosmetic|hair|makeup|nail|lash|official|brand|hotel|resort|travel|cafe|restaurant|food|coffee"
    "|snack|kitchen|drinks|beer|wine|nutrition|supplement|watches|sunglass|eyewear|swim|denim"
    "|leather|home|decor|toys|games|tech|mobile|(?:co|inc|ltd|usa|uk|india|hq)$"
)
# Photographers and pages that feature others are credited, not advertised.
_CREDIT = re.compile(
    "photo|foto|pics|picture|lens|mag$|magazine|daily|feature|gallery|captures|art$|tattoo|models?$"
)


def mask_handles(edited: Edited, names: dict[str, int], own: OwnName | None = None) -> Edited:
    """Number handles in order of appearance and mark trade names.

    Args:
        edited: text with handles.
        names: filled: what each number was called, without dots, underscores and capitals; names
            that are masked already are none.
        own: the author's name, whose handles are ``@self``.
    """
    numbers: dict[str, int] = {}

    def number(match: re.Match[str]) -> str:
        handle = match.group(1).lower()
        name = plain_name(handle)
        if own is not None and (match.group() == OWN_HANDLE or own.is_name(name)):
            return OWN_HANDLE
        found = numbers.setdefault(handle, len(numbers) + 1)
        if _OWN.fullmatch(handle):
            return f"@user{found}"
        names.setdefault(name, found)
        return f"@user{found}{MARK if is_trade(name) else ''}"

    return edited.substitute(HANDLE, number)


def mask_hashtag_matches(
    edited: Edited, names: Mapping[str, int], own: OwnName | None = None
) -> Edited:
    """Write hashtags that share a handle's name as ``#user1``, the author's as ``#self``."""

    def numbered(match: re.Match[str]) -> str | None:
        tag = plain_name(match.group())
        if own is not None and own.is_name(tag):
            return OWN_TAG[1:]
        found = next((n for name, n in names.items() if _match(tag, name)), None)
        return None if found is None or _OWN.fullmatch(tag) else f"user{found}"

    return edited.substitute(_TAG, numbered) if names or own else edited


def is_trade(name: str) -> bool:
    """Whether a plain name is that of a trade or a brand."""
    return holds_brand(name) or bool(_TRADE.search(name) and not _CREDIT.search(name))


def _match(tag: str, name: str) -> bool:
    if tag == name:
        return bool(tag)
    shorter, longer = sorted((tag, name), key=len)
    return len(shorter) >= MIN_SHARED and shorter in longer
