"""Amounts off a price."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .signal import Hit

# Beside amounts that have no sign: money in words, "50 TL", "Rs 500".
HINTS = (
    "off", "save", "saving", "rabat", "indirim", "taniej", "zniżk", "oszczędź", "korting", "sparen",
    "spart", "percent", "per cent", "prozent", "procent", "pour cent", "por cien", "por cent",
    "할인", "скидк",
)  # fmt: skip

_NUMBER = re.compile(r"(?<![0-9A-Za-z.,])\d{1,6}(?:[.,]\d{1,3})?(?!\d)")
_GAP = r"[^\S\n]?"
_PERCENT = re.compile(
    rf"{_GAP}(?:%|per ?cent\b|prozent\b|procent\b|pour ?cent\b|por cient?o\b|프로)", re.IGNORECASE
)
_PERCENT_BEFORE = re.compile(r"(?<![\w%])%$")
_MONEY = re.compile(
    rf"{_GAP}(?:[€£$]|(?:euros?|eur|usd|dollars?|pounds?|zł|pln|tl|lira|kr|chf|円|원|元)(?!\w))",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(
    r"(?:(?:\b(?:US|R|A|AU|C|CA|NZ))?\$|[€£₹¥]|(?<![^\W\d])(?:rs\.?|usd|eur|gbp|inr|pln|chf))"
    rf"{_GAP}$",
    re.IGNORECASE,
)
# Behind the amount; "off" alone, not "off-grid" or "offline".
_AFTER = re.compile(
    rf"(?:{_GAP}(?:extra|zusätzlich|auf alles|supplémentaires?|your order)(?!\w))?{_GAP}-?{_GAP}"
    r"(?:(?:discounts?|rabat\w{0,3}|nachlass|reduziert|günstiger|sparen|gespart|alennus|dto"
    r"|(?:de |di )?(?:desconto|descuento|réduction|reduction|remise|rabais|sconto)|de dto|korting"
    r"|zniżki|taniej|indirim\w{0,4})(?!\w)|off(?![\w-])|オフ|割引|引き|할인|скидк\w{0,2})",
    re.IGNORECASE,
)
# Before it: a verb or a noun with what leads to the amount.
_BEFORE = re.compile(
    r"(?<!\w)(?:save|saving|spare|spart|sparen sie|économisez|economisez|profitez de|ahorra|ahorre"
    r"|risparmia|poupe|economize|bespaar|oszczędź|discount of|rabatt von|nachlass von|remise de"
    r"|réduction de|rabais de|sconto del|descuento del?|desconto de|korting van|zniżka|zniżki"
    r"|rabatu?|скидка|скидку)"
    r"(?: (?:up to|an extra|extra|over|bis zu|jusqu['’]à|hasta|até|fino a|fino al|tot|do|you"
    r"|an additional|un|il|ein|your|yourself|around|at least|-)){0,2}[^\S\n]?$",
    re.IGNORECASE,
)
_BEFORE_CHARS = 48
# What is no price: pay that returns, and aims.
_NO_PRICE = re.compile(
    r",?[^\S\n]?(?:a|per|each|every|pro|par|al|por|/)[^\S\n]?"
    r"(?:day|week|month|mo|year|yr|monat|jahr|mois|an|mes|año|anno)\b",
    re.IGNORECASE,
)
# "-20 %", no range and no loss.
_MINUS = re.compile(rf"(?<![\w%)])(?<!\d[^\S\n])[-−–]{_GAP}$")
_NO_OFFER = re.compile(r"[\w%]|[^\S\n]?(?:today|ytd|this|since|in|humid|yoy)", re.IGNORECASE)
_LOSS = re.compile(
    r"\b(?:down|fell|falls?|dropped|lost|lose|losing|sank|shares?|stock|btc|eth)\b[^\n]{0,12}$",
    re.IGNORECASE,
)
# A tenth of the price is one 折, or one 割 off it.
_TENTHS = re.compile(
    r"(?<![\d.])(?:\d(?:\.\d)?|\d{2}|[一二三四五六七八九])折(?![叠疊屏线線页頁纸纸扇腾騰磨返合])"
    r"|(?<![\d.])\d割(?:引|オフ|off)",
    re.IGNORECASE,
)


def has_amount_sign(text: str) -> bool:
    """Whether a sign is in it that stands beside most amounts; others come with a word."""
    # One letter after another is faster than a pattern or a loop.
    return (
        "%" in text
        or "$" in text
        or "€" in text
        or "£" in text
        or "₹" in text
        or "¥" in text
        or "折" in text
        or "割" in text
    )


def amounts_off(text: str) -> Iterator[Hit]:
    """Amounts off in a normalised text: ``percent``, ``money``, or ``tenths`` of a price."""
    for number in _NUMBER.finditer(text):
        amount = _amount(text, *number.span())
        span = _off(text, *amount) if amount else None
        if amount and span:
            yield Hit(*span, "amount_off", (amount[2],))
    if "折" in text or "割" in text:
        for match in _TENTHS.finditer(text):
            yield Hit(*match.span(), "amount_off", ("tenths",))


def _amount(text: str, start: int, end: int) -> tuple[int, int, str] | None:
    """The number with its unit, and what kind of unit it is."""
    if match := _PERCENT.match(text, end):
        return start, match.end(), "percent"
    before = text[max(0, start - 6) : start]
    if _PERCENT_BEFORE.search(before):
        return start - 1, end, "percent"
    if match := _MONEY_BEFORE.search(before):
        return start - len(match.group()), end, "money"
    if match := _MONEY.match(text, end):
        return start, match.end(), "money"
    return None


def _off(text: str, start: int, end: int, unit: str) -> tuple[int, int] | None:
    """The amount with the words that say that it is taken off."""
    if match := _AFTER.match(text, end):
        return start, match.end()
    before = text[max(0, start - _BEFORE_CHARS) : start]
    if match := _BEFORE.search(before):
        return None if _NO_PRICE.match(text, end) else (start - len(match.group()), end)
    if unit == "percent" and (match := _MINUS.search(before)):
        loss = _LOSS.search(before[: match.start()]) or _NO_OFFER.match(text, end)
        return None if loss else (start - len(match.group()), end)
    return None
