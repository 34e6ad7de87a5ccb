"""Who may be behind a deal: names that are thanked, tagged beside a code, or in a disclosure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from ..disclosure.brand import brand_near
from ..disclosure.matches import Match
from ..handles import HANDLE
from .places import places
from .signal import Hit

# In every text with a word of thanks, which begins with it.
HINTS = (
    "thank", "thx", "dank", "vielen dank", "merci", "muchas gracias", "mil gracias", "gracias",
    "grazie", "obrigad", "bedankt", "dzięk", "teşekkür",
)  # fmt: skip
_NEAR_CHARS = 60
_HANDLE = r"@\w(?:[\w.]*\w)?"
_NAME = r"(?-i:[A-Z\u00c0-\u00de][\w&’'-]{1,30})"
_NAMES = rf"{_NAME}(?:[^\S\n](?:&[^\S\n])?{_NAME}){{0,2}}"
_THANKS = (
    r"(?<!\w)(?:thank you|thank u|thankyou|thanks|thx|danke(?:schön)?"
    r"|vielen dank|dank(?= an)|merci|(?:muchas |mil )?gracias|grazie|obrigad[oa]|bedankt"
    r"|dank (?:je|jullie) wel|dziękuję|dziękujemy|dzięki|teşekkürler|teşekkür ederim)"
    r"(?: so much| very much| again| a lot| a million| a ton| sehr| nochmals?| beaucoup| encore"
    r"| infiniment| mil| mille| tante| infinite| muito| bardzo| çok)?"
)
_TO = (
    r"(?:[^\S\n]?[,:!]?[^\S\n]?(?:to|an|à|aux?|al|a|alla|ao|aos|aan|voor|dla)?[^\S\n]?)"
    r"(?:(?:the|my|our|friends|team|people|folks|guys|lovely|amazing|wonderful|everyone|at|from|das"
    r"|l['’]équipe|equipo|de|het|team von)[^\S\n]){0,4}"
)
_AND = r"(?:[^\S\n]?[,&+/]|[^\S\n](?:and|und|et|y|e|en|i|ve|och))?[^\S\n]?"
# "for having me", "für das Paket": what thanks for a deal go on with.
_FOR = (
    r"[^\S\n](?:for (?:having|hosting|inviting|sending|gifting|sponsoring|letting"
    r"|the (?:\w{1,12} )?(?:gifts?|products?|invite|invitation|pr|package|trip|experience|goodies"
    r"|samples?|opportunity|stay))"
    r"|für (?:die einladung|das paket|das produkt|die produkte|den|das testen)"
    r"|pour (?:l['’](?:envoi|invitation)|le (?:colis|cadeau)|ces|cette)"
    r"|por (?:el|la|los|las|invitarme|enviarme)|per (?:l['’]invito|il|la|i|avermi)"
    r"|pel[oa]s?|voor (?:het|de)|za)"
)
_THANKED_HANDLE = re.compile(
    rf"{_THANKS}(?:{_TO}(?P<names>{_HANDLE}(?:{_AND}{_HANDLE}){{0,5}})"
    rf"|{_FOR}[^\n.!?@]{{0,40}}(?P<after>{_HANDLE}))",
    re.IGNORECASE,
)
_THANKED_NAME = re.compile(rf"{_THANKS}{_TO}(?P<name>{_NAMES}){_FOR}", re.IGNORECASE)
# "@x'e teşekkürler".
_THANKED_BEFORE = re.compile(rf"({_HANDLE})(?:['’]\w{{1,4}})?(?:[^\S\n]\w{{1,12}}){{0,2}}[^\S\n]$")
# Nobody who pays: whom people thank, and what tags of partners begin with.
_PEOPLE = frozenset([
    "brand", "brands", "proud", "paid", "official", "my", "our", "new",
    "god", "jesus", "lord", "allah", "mom", "mum", "dad", "mama", "papa", "mommy", "daddy",
    "grandma", "grandpa", "everyone", "everybody", "you", "all", "guys", "santa",
    "universe", "heaven",
])  # fmt: skip
_FIRST_HANDLE = re.compile(_HANDLE)
_TAG = re.compile(r"#(\w+?)(?:_?(?:partners?|ambassador|ambassadeur))?(?!\w)", re.IGNORECASE)
_LAST_NAME = re.compile(rf"(?<!\w){_NAMES}")
_NO_LETTERS = re.compile(r"[\W_]+")


def sponsors(
    text: str, codes: Sequence[Hit], matches: Sequence[Match], lowered: str | None
) -> Iterator[Hit]:
    """One hit for each name of a normalised text, with all its reasons.

    Where a name stands twice the first place is given. ``thanked``, ``tagged_beside_code``: within
    60 characters of a code; ``named_in_disclosure``: in a term or at it, but for claims.

    Args:
        text: normalised.
        codes: found in it, by place.
        matches: disclosure terms found in it.
        lowered: the text in small letters, letter by letter, where it may hold a word of thanks.
    """
    found: list[tuple[int, int, str]] = []
    if lowered is not None:
        found += ((*span, "thanked") for span in _thanked(text, lowered))
    if codes and "@" in text:
        found += ((*span, "tagged_beside_code") for span in _beside(text, codes))
    found += ((*span, "named_in_disclosure") for span in _disclosed(text, matches))
    first: dict[str, tuple[int, int, dict[str, None]]] = {}
    for start, end, reason in sorted(found):
        key = _NO_LETTERS.sub("", text[start:end].casefold())
        if key and key not in _PEOPLE:
            first.setdefault(key, (start, end, {}))[2][reason] = None
    for start, end, reasons in first.values():
        yield Hit(start, end, "sponsor", tuple(reasons))


def _thanked(text: str, lowered: str) -> Iterator[tuple[int, int]]:
    for word in HINTS:
        for start in places(lowered, word):
            if match := _THANKED_HANDLE.match(text, start):
                span = match.span(str(match.lastgroup))
                yield from (handle.span() for handle in HANDLE.finditer(text, *span))
            elif match := _THANKED_NAME.match(text, start):
                yield match.span("name")
            elif word == "teşekkür":
                begin = max(0, start - _NEAR_CHARS)
                if match := _THANKED_BEFORE.search(text[begin:start]):
                    yield begin + match.start(1), begin + match.end(1)


def _beside(text: str, codes: Sequence[Hit]) -> Iterator[tuple[int, int]]:
    starts, ends = [code.start for code in codes], [code.end for code in codes]
    for handle in HANDLE.finditer(text):
        start, end = handle.span()
        after = bisect_left(starts, end)
        before = bisect_left(ends, start + 1) - 1
        if (after < len(starts) and starts[after] - end <= _NEAR_CHARS) or (
            before >= 0 and start - ends[before] <= _NEAR_CHARS
        ):
            yield start, end


def _disclosed(text: str, matches: Sequence[Match]) -> Iterator[tuple[int, int]]:
    for match in matches:
        if match.claim is None and match.term is not None and match.term.kind != "ai":
            near = brand_near(text, match.start, match.end)
            if near and (name := _name_in(text, *near)):
                yield name


def _name_in(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The name in a stretch that ``brand_near`` gives: a handle, a tag, or words with capitals."""
    at = text.find("@", start, end)
    if at >= 0 and (handle := _FIRST_HANDLE.match(text, at)):
        return handle.span()
    if tag := _TAG.search(text, start, end):
        return tag.span(1)
    names = list(_LAST_NAME.finditer(text, start, end))
    if not names:
        return None
    # The stretch ends with the first word of the name.
    whole = _LAST_NAME.match(text, names[-1].start())
    return whole.span() if whole else names[-1].span()
