"""All signals of a deal in a post."""

from __future__ import annotations

from ..disclosure.find import Found
from .amounts import amounts_off, has_amount_sign
from .calls import calls_to_buy
from .codes import codes
from .links import affiliate_links
from .places import lower
from .signal import Hit, Kind, Signal
from .sponsors import sponsors
from .words import hinted

__all__ = ["MAX_SIGNALS", "Kind", "Signal", "find_signals", "may_name_author"]

# A post with more is a flood; the first ones stand.
MAX_SIGNALS = 100


def find_signals(found: Found, author: str | None = None) -> tuple[Signal, ...]:
    """What in a post tells of a deal; never raises, linear time.

    Rules see words, not deals: a code may be a friend's, a link may pay nobody.

    Args:
        found: of ``disclosure.find.find_terms``; of long posts only both ends are searched.
        author: handle or name; a code named after it says so, nothing else depends on it.

    Returns:
        The first ``MAX_SIGNALS`` by place.

    Examples:
        >>> from unpolished.data.text.disclosure.find import find_terms
        >>> [(s.kind, s.value, s.why) for s in find_signals(find_terms("use code ANA15"), "ana")]
        [('call_to_buy', 'use code', ('use_code',)), ('code', 'ANA15', ('word', 'names_author'))]
    """
    hits = _hits(found, author)
    if not hits:
        return ()
    return tuple(_signal(found, hit) for hit in sorted(hits)[:MAX_SIGNALS])


def may_name_author(text: str) -> bool:
    """Whether a code in an original text may be named after somebody, so that it counts who.

    True as well where a repair or a plain form of the text might bring a code to light.
    """
    if "%" in text or "&" in text or not text.isascii():
        return True
    hint = hinted(lower(text))
    return hint.codes or hint.discounts


def _hits(found: Found, author: str | None) -> list[Hit]:
    # Guards first, which most posts do not pass.
    text = found.edited.text
    lowered = lower(text)
    hint = hinted(lowered)
    hits: list[Hit] = []
    if hint.amounts or has_amount_sign(text):
        hits += amounts_off(text)
    if "/" in text or "=" in text:
        hits += affiliate_links(text, lowered)
    coded: list[Hit] = []
    if hint.codes or hint.discounts or "%" in text:
        discounted = hint.discounts or "%" in text
        coded = list(codes(text, author, worded=hint.codes, discounted=discounted))
        hits += coded
    if hint.calls:
        hits += calls_to_buy(text, lowered, hint.calls)
    if hint.thanks or coded or found.matches:
        hits += sponsors(text, coded, found.matches, lowered if hint.thanks else None)
    return hits


def _signal(found: Found, hit: Hit) -> Signal:
    start, end = found.edited.span(hit.start, hit.end)
    return Signal(hit.kind, found.text[start:end], start, end, hit.why)
