"""Whether a text needs no repair, told in a few microseconds: nearly all do not."""

from __future__ import annotations

import re

from .encodings.mend import SIGN_CHARS, SIGN_ENDS
from .frames import SITES

# Without any of these no step of ``repair`` changes a text, which a test holds. Rare characters are
# looked for at once, in ASCII by a table of bytes; what is around them only then.
_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f"
_RARE = "{\\\\&<=%;>\\[_"
_ENDS = (
    rf"(?<=[{{\\{_CONTROLS}])|(?<=&)(?:#|amp|AMP|[lg]t|quot|nbsp|[A-Za-z][A-Za-z0-9]{{1,31}};)"
    r"|(?<=<)[A-Za-z0-9/!]|(?<==)[89A-F][0-9A-F]|(?<=%)2|(?<=39;)|(?<=-->)|(?<=@\[)|(?<=_)x"
)
_ASCII_SIGN = re.compile(f"[{_RARE}{_CONTROLS}](?:{_ENDS})")
_MORE = "\u2028\u2029\ud800-\udfff\ufffdâÕ·"
_SIGN = re.compile(f"[{_RARE}{_CONTROLS}{SIGN_CHARS}{_MORE}](?:{_ENDS}|{SIGN_ENDS}|(?<=[{_MORE}]))")
_RARE_CHAR = re.compile(f"[{_RARE}{_CONTROLS}]")
_RARE_BYTES = bytes(byte for byte in range(128) if _RARE_CHAR.match(chr(byte)))
_FIRST = frozenset("'=[ \n\tb")
_QUESTION = re.compile(r"\?[smdrvltSMDRVLT]")
_LINK = re.compile(r"http(?<=\w\whttp)|//t\.co/\w{10}[#@]")
_COLON = re.compile(r":[ \xa0]?[\"“„«]|Reddit:|Facebook [WR]")
_FRAME = re.compile(rf"(?:[\d)]|{SITES})[ \xa0]?:[ \xa0]?[\"“„«]|Reddit:|Facebook [WR]")


def is_plain(text: str) -> bool:
    """Whether no step of ``repair`` would change a text; some that none would are not plain."""
    if text.isascii():
        common = text.encode().translate(None, _RARE_BYTES)
        if len(common) != len(text) and _ASCII_SIGN.search(text):
            return False
    elif _SIGN.search(text):
        return False
    if text[:1] in _FIRST and (text[:1] != "b" or text[1:2] in ("'", '"')):
        return False
    return not (
        ("?" in text and _QUESTION.search(text))
        or (":" in text and _COLON.search(text) and _FRAME.search(text))
        or ("http" in text and _LINK.search(text))
        or "u2019" in text
        or "\n'" in text
        or "pic.twitter" in text
    )
