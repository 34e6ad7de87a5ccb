"""The jurisdictions whose disclosure rules are known, and how people write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast, get_args

from .fields import is_missing
from .nested import to_python

Jurisdiction = Literal[
    "us", "ca", "uk", "ie", "au", "za", "in", "eu", "de", "fr", "it", "es", "pt", "nl", "pl", "dk",
    "fi", "no", "se", "tr", "br", "jp", "kr", "cn", "ae",
]  # fmt: skip
JURISDICTIONS: tuple[Jurisdiction, ...] = get_args(Jurisdiction)
_MAX_CHARS = 60

# Other codes and names, in small letters: ISO 3166 with three letters, English, the own name.
_NAMES: dict[Jurisdiction, tuple[str, ...]] = {
    "us": ("usa", "united states", "united states of america", "u.s.", "u.s.a."),
    "ca": ("can", "canada"),
    "uk": ("gb", "gbr", "united kingdom", "great britain", "u.k."),
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
    "nl": ("nld", "netherlands", "the netherlands", "nederland"),
    "pl": ("pol", "poland", "polska"),
    "dk": ("dnk", "denmark", "danmark"),
    "fi": ("fin", "finland", "suomi"),
    "no": ("nor", "norway", "norge"),
    "se": ("swe", "sweden", "sverige"),
    "tr": ("tur", "turkey", "türkiye", "turkiye"),
    "br": ("bra", "brazil", "brasil"),
    "jp": ("jpn", "japan", "日本"),
    "kr": ("kor", "south korea", "korea, republic of", "republic of korea", "대한민국"),
    "cn": ("chn", "china", "中国"),
    "ae": ("are", "uae", "united arab emirates"),
}
_CODES = {name: code for code in JURISDICTIONS for name in (code, *_NAMES[code])}


def read_jurisdiction(value: object) -> Jurisdiction | None:
    """One jurisdiction: a code such as ``us``, an ISO 3166 code of three letters, or a name.

    Raises:
        ValueError: none that is known.

    Examples:
        >>> read_jurisdiction("GB"), read_jurisdiction("Deutschland"), read_jurisdiction("")
        ('uk', 'de', None)
    """
    value = to_python(value)
    if isinstance(value, str) and len(value) <= _MAX_CHARS:
        code = _CODES.get(value.strip().casefold())
        if code is not None:
            return code
    if is_missing(value):
        return None
    raise ValueError("no jurisdiction whose rules are known")


def read_jurisdictions(value: object) -> tuple[Jurisdiction, ...] | None:
    """One or more jurisdictions, separated by commas or in a list; each once, in order.

    Raises:
        ValueError: one of them is not known.
    """
    value = to_python(value)
    if isinstance(value, str) and value.strip().casefold() not in _CODES:
        value = value.split(",") if "," in value else [value]
    found = map(read_jurisdiction, value if isinstance(value, list | tuple) else [value])
    return tuple(dict.fromkeys(one for one in found if one is not None)) or None


def asked_jurisdictions(asked: str | Sequence[str]) -> tuple[Jurisdiction, ...]:
    """Codes as an option gives them, such as ``us,fr`` or a list; each once, in order.

    Raises:
        ValueError: none at all, or one that is not known; names all that are.
    """
    codes = asked.split(",") if isinstance(asked, str) else asked
    found = dict.fromkeys(code.strip().lower() for code in codes)
    for code in found or [""]:
        if code not in JURISDICTIONS:
            raise ValueError(f"jurisdiction {code!r}: choose one of {', '.join(JURISDICTIONS)}")
    return cast("tuple[Jurisdiction, ...]", tuple(found))
