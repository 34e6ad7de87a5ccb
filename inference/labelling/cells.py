"""What a spreadsheet may turn a cell into, and which cells still match a text, key or id."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal

from ...data.values.csv_injection import guarded

# A spreadsheet cuts cells at 32,767 characters, or lets the rest run into the next row.
MAX_CELL = 30_000
_LETTERS = "bcdfghjkmnpqrstvwxz"
_KEY_LETTERS = 12
KEY = re.compile(f"[{_LETTERS}]{{{_KEY_LETTERS}}}")
_NO_LETTER = re.compile(r"[\W_]+")
_NO_ASCII = re.compile(r"[^a-z0-9]+")
_NUMBER = re.compile(r"[+-]?\d{1,40}(?:[.,]\d{0,40})?(?:[eE][+-]?\d{1,3})?")
# Digits of a number that a spreadsheet keeps.
_DIGITS = 15
_EXACT = Context(prec=100)
_BEGINNING = 400
_NEARLY = 100


def key_of(post_id: str, text: str) -> str:
    """A key for a post: letters without vowels, so that it is never a word.

    Nothing but letters is no number, date or formula to any spreadsheet.
    """
    both = f"{len(post_id)} {post_id}{text}".encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(both).digest()
    number, letters = int.from_bytes(digest, "big"), []
    for _ in range(_KEY_LETTERS):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return "".join(letters)


def same_text(cell: str, text: str) -> bool:
    """Whether a cell holds a text, ignoring spaces, line ends and apostrophes.

    A cell may be cut where spreadsheets cut.
    """
    return _same(cell, _words(cell), _words(text))


def loosely_same(cell: str, text: str) -> bool:
    """Whether a cell may hold a text after encoding damage: only (ASCII) letters count."""
    return any(
        bool(found := shown(cell)) and _same(cell, found, shown(text))
        for shown in (letters, ascii_letters)
    )


def may_be(cell: str, post_id: str) -> bool:
    """Whether an id may have become this cell: unchanged, or as a number of at most 15 digits."""
    if guarded(cell) == guarded(post_id.strip()):
        return True
    if cell.lower() in ("true", "false"):
        return cell.lower() == post_id.strip().lower()
    value, before = _number(cell), _number(post_id.strip())
    if value is None or before is None:
        return False
    digits = max(1, len(value.normalize(_EXACT).as_tuple().digits))
    # Some cut the digits they do not keep, others round them; what they show is rounded again.
    kept = [_rounded(before, _DIGITS, mode) for mode in (ROUND_HALF_EVEN, ROUND_DOWN)]
    return any(_rounded(number, digits) == value for number in kept)


def beginning(text: str) -> str:
    """The beginning of a text, to look it up by; also works where the cell is cut."""
    return _words(text[:MAX_CELL])[:_BEGINNING]


def number_of(cell: str) -> str:
    """The number that a spreadsheet stores for a cell; empty if it is not a number."""
    value = _number(cell)
    return "" if value is None else str(_rounded(value, _DIGITS).normalize())


def letters(text: str) -> str:
    """Keep only letters and digits."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFC", text).lower())


def ascii_letters(text: str) -> str:
    """Keep only ASCII letters and digits, which every encoding preserves."""
    return _NO_ASCII.sub("", text.lower())


def _same(cell: str, found: str, text: str) -> bool:
    cut = len(cell) > MAX_CELL - _NEARLY
    return found == text or (cut and text.startswith(found))


def _words(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text.replace("'", "")).split())


def _number(cell: str) -> Decimal | None:
    return Decimal(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else None


def _rounded(value: Decimal, digits: int, mode: str = ROUND_HALF_EVEN) -> Decimal:
    return Context(prec=digits, rounding=mode).plus(value)
