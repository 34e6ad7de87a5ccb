"""The jurisdictions whose disclosure rules are known, and how people write them."""

from __future__ import annotations

import re
from typing import Literal, get_args

from .fields import is_missing
from .nested import from_text, to_python

Jurisdiction = Literal[
    "us", "ca", "uk", "ie", "au", "za", "in", "eu", "de", "fr", "it", "es", "pt", "nl", "pl", "dk",
    "fi", "no", "se", "tr", "br", "jp", "kr", "cn", "ae",
]  # fmt: skip
JURISDICTIONS: tuple[Jurisdiction, ...] = get_args(Jurisdiction)
_MAX_CHARS = 60
# "pt-BR", of which the country counts; "US-CA", a part of a country; a flag, in two letters.
_LOCALE = re.compile("[a-z]{2}[-_]([A-Z]{2})")
_REGION = re.compile("([A-Z]{2})-[A-Z0-9]{1,3}")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_FLAG_A = 0x1F1E6
_SEPARATORS = re.compile("[,;|/]")

# Other codes and names, in small letters: ISO 3166 with three letters, English, the own name.
_NAMES: dict[Jurisdiction, tuple[str, ...]] = {
    "us": ("usa", "united states", "united states of america", "u.s.", "u.s.a."),
    "ca": ("can", "canada"),
    "uk": ("gb", "gbr", "united kingdom", "great britain", "u.k.", "england", "scotland", "wales"),
    "ie": ("irl", "ireland", "éire"),
    "au": ("aus", "australia"),
    "za": ("zaf", "south africa"),
    "in": ("ind", "india"),
    "eu": ("european union",),
    "de": ("deu", "germany", "deutschland"),
    "fr": ("fra", "france"),
    "it": ("ita", "italy", "italia"),
    "es": ("esp", "spain", "españa"),
    "pt": ("prt", "portugal"),
    "nl": ("nld", "netherlands", "the netherlands", "nederland", "holland"),
    "pl": ("pol", "poland", "polska"),
    "dk": ("dnk", "denmark", "danmark"),
    "fi": ("fin", "finland", "suomi"),
    "no": ("nor", "norway", "norge"),
    "se": ("swe", "sweden", "sverige"),
    "tr": ("tur", "turkey", "türkiye", "turkiye"),
    "br": ("bra", "brazil", "brasil"),
    "jp": ("jpn", "japan", "日本"),
    "kr": ("kor", "korea", "south korea", "korea, republic of", "republic of korea", "대한민국"),
    "cn": ("chn", "china", "中国"),
    "ae": ("are", "uae", "united arab emirates"),
}
_CODES = {name: code for code in JURISDICTIONS for name in (code, *_NAMES[code])}


class PartlyReadError(ValueError):
    """Some of several jurisdictions are not known.

    Attributes:
        value: those that are.
    """

    def __init__(self, value: tuple[Jurisdiction, ...] | None) -> None:
        super().__init__("no jurisdiction whose rules are known")
        self.value = value


def read_jurisdiction(value: object) -> Jurisdiction | None:
    """One jurisdiction: a code such as ``us``, an ISO 3166 code, a locale, a flag or a name.

    Raises:
        ValueError: none that is known.

    Examples:
        >>> read_jurisdiction("GB"), read_jurisdiction("Deutschland"), read_jurisdiction("")
        ('uk', 'de', None)
        >>> read_jurisdiction("pt-BR"), read_jurisdiction("US-CA")
        ('br', 'us')
    """
    value = to_python(value)
    if isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    if isinstance(value, str) and len(value) <= _MAX_CHARS:
        code = _code_of(value.strip())
        if code is not None:
            return code
    if is_missing(value):
        return None
    raise ValueError("no jurisdiction whose rules are known")


def _code_of(name: str) -> Jurisdiction | None:
    if locale := _LOCALE.fullmatch(name):
        name = locale[1]
    elif region := _REGION.fullmatch(name):
        name = region[1]
    elif _FLAG.fullmatch(name):
        name = "".join(chr(ord(sign) - _FLAG_A + ord("a")) for sign in name)
    return _CODES.get(name.casefold())


def read_jurisdictions(value: object) -> tuple[Jurisdiction, ...] | None:
    """One or more jurisdictions, in a list or a text with separators; each once, in order.

    Raises:
        PartlyReadError: one of them is not known; holds those that are.
    """
    value = from_text(value) if isinstance(value, str) and value[:1] == "[" else to_python(value)
    whole = isinstance(value, str) and value.strip().casefold() in _CODES
    if isinstance(value, str) and not whole and not is_missing(value):
        value = _SEPARATORS.split(value)
    found: list[Jurisdiction] = []
    unknown = False
    for one in value if isinstance(value, list | tuple) else [value]:
        try:
            code = read_jurisdiction(one)
        except ValueError:
            unknown = True
        else:
            found += [] if code is None else [code]
    known = tuple(dict.fromkeys(found)) or None
    if unknown:
        raise PartlyReadError(known)
    return known


def asked_jurisdictions(asked: object) -> tuple[Jurisdiction, ...]:
    """Jurisdictions as an option gives them, such as ``us,fr`` or a list; each once, in order.

    Raises:
        ValueError: none at all, or one that is not known; names all that are.
    """
    codes = asked.split(",") if isinstance(asked, str) else asked
    if not isinstance(codes, list | tuple) or not codes:
        codes = [codes]
    found: list[Jurisdiction] = []
    for code in codes:
        known = _CODES.get(code.strip().casefold()) if isinstance(code, str) else None
        if known is None:
            raise ValueError(f"jurisdiction {code!r}: choose one of {', '.join(JURISDICTIONS)}")
        found.append(known)
    return tuple(dict.fromkeys(found))
