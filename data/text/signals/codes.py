"""Discount codes, and whether they are named after the author."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ..links_and_codes import CODE, LOOSE_CODE
from .signal import Hit

# In every text with a word for a code.
HINTS = (
    "code", "codi", "códi", "kod", "coupon", "cupo", "cupó", "kupon", "kopon", "voucher",
    "gutschein", "コード", "クーポン", "코드", "쿠폰", "优惠码", "折扣码", "промокод",
)  # fmt: skip
# In every text with a word beside which letters and digits are a code; "%" is another.
DISCOUNT_HINTS = (
    "off", "discount", "save", "checkout", "promo", "coupon", "code", "rabat", "gutschein",
    "sparen", "sconto", "descuento", "desconto", "réduction", "korting", "zniżk", "indirim",
    "codice", "código", "kod", "割引", "할인", "オフ",
)  # fmt: skip
# Words for a code in other languages than masking hides; the code is the second group, as there.
_WORDS = (
    r"\b(?:(?:rabat\w{0,3}|gutschein|promo|aktions|kortings|discount|creator|descuento)[ -]?"
    r"(?:codes?|kod\w{0,3})|gutschein|codice(?: (?:sconto|promo))?"
    r"|c[oó]digos?(?: (?:de (?:descuento|desconto)|promocional))?|cup(?:[oó]n|om)"
    r"|k[ou]pon\w{0,4}|kod(?:u|em|en|et|zie|e)?"
    r"(?: (?:rabatowy|zniżkowy|promocyjny))?|code (?:promo|promotionnel|de réduction)"
    r"|промокод\w{0,2})\b|コード|クーポン|코드|쿠폰|优惠码|折扣码"
)
_VALUE = r"([A-Z][A-Z0-9_-]{2,}|(?=[a-z_-]{0,40}\d)[A-Za-z][A-Za-z0-9_-]{2,})(?![A-Za-z0-9_>])"
_WIDE = re.compile(
    rf"((?i:{_WORDS})(?i:[^\S\n]+(?:is|ist|lautet|è|es|é|est|to|di|de))?"
    rf"[^\S\n]*+[:=–-]?[^\S\n]*+[\"'“”‘’«»„「*#]*+){_VALUE}"
)
# "ANA15 kodu", as in Turkish and Korean.
_BEFORE_WORD = re.compile(
    r"(?<![\w#@<])([A-Z][A-Z0-9]{2,19})[\"'”’」*]?[^\S\n]"
    r"(?i:kod(?:u|um|uyla|unu|umu|umla)\b|indirim kodu|코드|쿠폰)"
)
# Another kind of code: what stands before the word, and what is named after it.
_OTHER_KIND = re.compile(
    r"\b(?:dress|zip|area|post(?:al)?|bar|qr|source|error|status|country|colou?r|building|penal"
    r"|civil|criminal|tax|morse|dna|genetic|binary|machine|exit|airport|access|pin|vin|hs|swift"
    r"|sort|fiscale|código|verification|cheat|friend|lobby|room|game|java|python|vs|claude)"
    r"[\s-]{0,2}$",
    re.IGNORECASE,
)
_NO_CODE = frozenset([
    "RED", "BLUE", "BLACK", "WHITE", "ORANGE", "GREEN", "YELLOW", "PINK", "GREY", "GRAY", "PURPLE",
    "SILVER", "GOLD", "HTML", "CSS", "SQL", "PHP", "XML", "JSON", "API", "USA", "AND", "THE", "FOR",
    "NOT", "NONE", "FREE", "HERE", "NOW", "BELOW", "LINK", "BIO", "REVIEW", "REVIEWS", "VEIN",
    "LIKE", "MORE", "ALL", "PLEASE", "LOL", "OMG", "WTF", "CODE", "CODES", "MONKEY",
    "GEASS", "LYOKO",
])  # fmt: skip
# Letters and digits that are no code: sun screens, money, models, numbers of things.
_NO_LOOSE_CODE = re.compile(
    "(?:SPF|UPF|ISO|RTX|GTX|USD|EUR|GBP|INR|AUD|CAD|CHF|SEK|NOK|DKK|PLN|JPY|FIFA|NBA|UTC|GMT|USB"
    "|LED|BMW|AWS|BTC|ETH|SEO|VOL|DAY|TOP|PART|AGE|MAX|MIN|ISBN|MPH|KMH|HTTP|UEFA|WWE|HTML|CSS)[0-9]"
)
_NEAR_DISCOUNT = re.compile(
    r"\b(?:off|discount|save|checkout|promo|coupon|code|rabatt?|gutschein|sparen|sconto|descuento"
    r"|desconto|réduction|remise|korting|zniżk\w{0,3}|indirim\w{0,4}|codice|código|kod\w{0,3})\b|%"
    r"|割引|할인|オフ",
    re.IGNORECASE,
)
_NEAR_CHARS = 60
# In every loose code, and found faster.
_LOOSE_SIGN = re.compile("[A-Z]{3}[0-9]")
_LETTERS = re.compile(r"[^\W\d_]+")
# Letters that no decomposition makes plain.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d"})
_MAX_AUTHOR = 100
_MIN_PART, _MIN_WITHIN = 3, 4
# Words of codes that also stand in names.
_GENERIC = frozenset([
    "save", "sale", "deal", "deals", "free", "get", "off", "hello", "welcome", "the", "and", "love",
    "shop",
])  # fmt: skip


def codes(text: str, author: str | None, *, worded: bool, discounted: bool) -> Iterator[Hit]:
    """Codes of a normalised text.

    ``word``: after or before a word for a code. ``loose``: letters and digits near a discount.
    ``names_author``: after the author's name.

    Args:
        text: normalised.
        author: handle or name.
        worded: whether a word for a code may be in it.
        discounted: whether it may speak of a discount.
    """
    found: dict[tuple[int, int], str] = {}
    if worded:
        for pattern, group in ((CODE, 2), (_WIDE, 2), (_BEFORE_WORD, 1)):
            for match in pattern.finditer(text):
                if match.group(group) not in _NO_CODE and not _of_another_kind(text, match.start()):
                    found.setdefault(match.span(group), "word")
    if discounted and _LOOSE_SIGN.search(text):
        discounts = [match.start() for match in _NEAR_DISCOUNT.finditer(text)]
        for match in LOOSE_CODE.finditer(text):
            if _near(discounts, *match.span()) and not _NO_LOOSE_CODE.match(match.group()):
                found.setdefault(match.span(), "loose")
    last = 0
    for (start, end), how in sorted(found.items()):
        if start >= last:
            last = end
            named = _names(text[start:end], author) if author else False
            yield Hit(start, end, "code", (how, "names_author") if named else (how,))


def _of_another_kind(text: str, start: int) -> bool:
    return _OTHER_KIND.search(text[max(0, start - 16) : start]) is not None


def _near(discounts: list[int], start: int, end: int) -> bool:
    after = bisect_left(discounts, start - _NEAR_CHARS)
    return after < len(discounts) and discounts[after] <= end + _NEAR_CHARS


def _names(code: str, author: str) -> bool:
    name, letters = _name_of(author[:_MAX_AUTHOR]), "".join(_LETTERS.findall(_plain(code)))
    if letters in _GENERIC:
        return False
    if len(letters) >= _MIN_PART and name.whole.startswith(letters):
        return True
    if len(letters) >= _MIN_WITHIN and letters in name.whole:
        return True
    return any(_stands_in(part, letters) for part in (name.whole, *name.parts))


def _stands_in(part: str, letters: str) -> bool:
    if len(part) >= _MIN_WITHIN and part in letters:
        return True
    return len(part) >= _MIN_PART and letters.startswith(part)


class _Name(NamedTuple):
    whole: str
    parts: tuple[str, ...]


@lru_cache(maxsize=1024)
def _name_of(author: str) -> _Name:
    parts = _LETTERS.findall(_plain(author))
    return _Name("".join(parts), tuple(part for part in parts if part not in _GENERIC))


def _plain(name: str) -> str:
    """Without case and marks."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c)).translate(_PLAIN)
