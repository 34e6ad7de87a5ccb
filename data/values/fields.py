"""The values of fields as exports write them: read where they are clear, else refused.

Each function returns the value, None where it is missing, and raises ``ValueError`` where it
cannot be read; ``posts.parse_post`` then passes the value over and keeps the post.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .nested import from_text, to_python

MAX_COUNT = 2**63 - 1
MAX_ID_CHARS = 1_000
# Beyond it, two whole numbers are one float, so a float does not tell which id was meant.
MAX_EXACT = 2**53
_MAX_CHARS = 100
# White space, and what shows nothing: zero-width signs, a byte order mark.
_BLANK = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u200c\u200d\u2060\ufeff"
_MISSING = frozenset(
    ["", "na", "n/a", "n.a.", "#n/a", "<na>", "nan", "nat", "none", "(none)", "null", "nil", "\\n",
     "-", "--", "\u2013", "\u2014", "?", "unknown", "undefined", "not available",
     "not applicable"]
)  # fmt: skip
# As English and other spreadsheets write them.
_YES = frozenset(["true", "t", "yes", "y", "on", "1", "wahr", "vrai", "verdadero", "vero"])
_NO = frozenset(["false", "f", "no", "n", "off", "0", "falsch", "faux", "falso"])
_PAID = re.compile(r"(?:is )?(?:paid|sponsored|paid (?:partnership|promotion)(?: with .+)?)$")
_NOT_PAID = frozenset(
    ["unpaid", "organic", "not paid", "not sponsored", "no paid partnership",
     "not a paid partnership"]
)  # fmt: skip
_ONE_OR_ZERO = re.compile(r"([01])\.0*$")
# The last group has three digits in India, too, where the others have two.
_GROUPED = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}$|\d{1,3}(?:\.\d{3}){2,}$")
_GROUP_SIGNS = re.compile(r"(?<=\d)[ \u00a0\u202f\u2009'\u2019](?=\d{3}(?!\d))")
_WHOLE = re.compile(r"\+?(\d+)(?:\.0*)?$")
_SHORT = re.compile(r"(\d+(?:\.\d+)?) ?([kmb])$", re.IGNORECASE)
_THOUSANDS = {"k": 10**3, "m": 10**6, "b": 10**9}
_SPONSOR_KEYS = ("sponsor", "username", "name", "id")
# First where a name is whole: on Mastodon ``username`` lacks the server.
_AUTHOR_KEYS = ("acct", "username", "uniqueid", "screenname", "handle", "name", "id")


def is_missing(value: object) -> bool:
    """Whether a value marks a missing one: None, NaN, or a word such as ``N/A``."""
    if isinstance(value, str):
        return not value or (len(value) <= _MAX_CHARS and _bare(value).casefold() in _MISSING)
    return value is None or (isinstance(value, float | Decimal) and math.isnan(value))


def read_id(value: object) -> str | None:
    """An id as text: whole numbers are written out, spaces around it are no part of it.

    A float is one only where it is whole and below 2**53, as pandas makes of a column with gaps.

    Raises:
        ValueError: another float, a list or object, or more than ``MAX_ID_CHARS`` characters.
    """
    if not isinstance(value, str):
        value = _id_text(to_python(value))
    text = _bare(value)
    if len(text) > MAX_ID_CHARS:
        raise ValueError(f"more than {MAX_ID_CHARS:,} characters")
    return text or None


def read_author(value: object) -> str | None:
    """Who wrote a post: an id, or what an object says, by the first of ``_AUTHOR_KEYS`` it has.

    Raises:
        ValueError: as ``read_id``, or an object without any of them.
    """
    if isinstance(value, str) and value[:1] != "{":
        return read_id(value)
    found = from_text(value) if isinstance(value, str) else to_python(value)
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if not isinstance(found, Mapping):
        return read_id(value)
    named = {re.sub(r"[_\- ]", "", str(key)).casefold(): item for key, item in found.items()}
    for key in _AUTHOR_KEYS:
        item = named.get(key)
        if isinstance(item, str | int) and not isinstance(item, bool) and str(item).strip():
            return read_id(item)
    raise ValueError("an object without a name")


def read_count(value: object) -> int | None:
    """A count, also as ``1,234`` or ``12.3K``.

    Raises:
        ValueError: below 0 (as exports mark what is hidden), a fraction, a list, other words.
    """
    if type(value) is int and 0 <= value <= MAX_COUNT:
        return value
    value = to_python(value)
    if isinstance(value, str):
        value = int(value) if value.isdecimal() and len(value) < 19 else _count_in(_bare(value))
    if is_missing(value):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("no number")
    if not math.isfinite(value) or value != int(value) or not 0 <= value <= MAX_COUNT:
        raise ValueError("no count")
    return int(value)


def read_flag(value: object) -> bool | None:
    """Yes or no, as a bool, 1 and 0, or a word.

    Raises:
        ValueError: anything else.
    """
    value = to_python(value)
    if value is None or isinstance(value, bool):
        return value
    if is_missing(value):
        return None
    read: bool | None = None
    if isinstance(value, str):
        read = _flag_in(value)
    elif isinstance(value, int | float | Decimal) and value in (0, 1):
        read = bool(value)
    if read is None:
        raise ValueError("neither yes nor no")
    return read


def read_paid(value: object) -> bool | None:
    """The platform's own label: yes or no, its words, or a list of who paid.

    An empty list says that nobody did. A name alone says nothing here: see ``read_sponsor``.

    Raises:
        ValueError: anything else, such as a list of nothing but gaps.
    """
    if value is None or isinstance(value, bool):
        return value
    value = from_text(value) if isinstance(value, str) else to_python(value)
    if isinstance(value, list | tuple):
        if not value:
            return False
        if any(_names_somebody(item) for item in value):
            return True
        raise ValueError("a list without a name")
    if isinstance(value, Mapping):
        if any(_names_somebody(value.get(key), 1) for key in _SPONSOR_KEYS):
            return True
        raise ValueError("an object without a sponsor")
    return read_flag(value)


def read_sponsor(value: object) -> object:
    """The value of a column that holds who paid: True where there is a name or a number.

    Returns:
        What cannot be a name as it came, for ``read_paid`` to read.
    """
    plain = to_python(value)
    if isinstance(plain, str):
        text = _bare(plain)
        if not text or text[0] in "[{" or is_missing(text):
            return text
        read = _flag_in(text)
        return True if read is None else read
    is_number = isinstance(plain, int | float) and not isinstance(plain, bool)
    return True if is_number and plain > 0 else value


def _bare(text: str) -> str:
    """Text without spaces and invisible marks around it."""
    return text.strip() if text.isascii() else text.strip(_BLANK)


def _id_text(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, float) and value.is_integer() and abs(value) < MAX_EXACT:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ValueError("no id")


def _count_in(text: str) -> int | None:
    if is_missing(text):
        return None
    if len(text) > _MAX_CHARS:
        raise ValueError("no count")
    text = _GROUP_SIGNS.sub("", text)
    if _GROUPED.match(text):
        text = text.replace(",", "").replace(".", "")
    if whole := _WHOLE.match(text):
        return int(whole[1])
    if short := _SHORT.match(text):
        return int(Decimal(short[1]) * _THOUSANDS[short[2].lower()])
    raise ValueError("no count")


def _flag_in(text: str) -> bool | None:
    words = " ".join(_bare(text[:MAX_ID_CHARS]).casefold().replace("_", " ").split())
    if number := _ONE_OR_ZERO.match(words):
        words = number[1]
    if words in _YES or _PAID.match(words):
        return True
    return False if words in _NO or words in _NOT_PAID else None


def _names_somebody(item: Any, depth: int = 0) -> bool:  # noqa: ANN401
    if isinstance(item, str):
        return not is_missing(item) and _flag_in(item) is None
    if isinstance(item, Mapping) and depth < 3:
        return any(_names_somebody(inner, depth + 1) for inner in item.values())
    return isinstance(item, int) and not isinstance(item, bool) and depth > 0
