"""UTF-8 read as Windows-1252, written as Mac Roman, and read as Latin-1 or Windows-1252.

Excel for Mac does this to a CSV of UTF-8: ``don’t`` becomes ``don‰Ûªt``, ``£5`` becomes ``å£5``,
and an emoji ``_Ù÷â``. Where Mac Roman lacks a character of Windows-1252 an underscore took its
place: what it was can be told for an ellipsis and a heart, and is U+FFFD elsewhere.
"""

from __future__ import annotations

import re

# Bytes that Windows-1252 leaves open stay what they are.
_OPEN = "\x81\x8d\x8f\x90\x9d"
_LOST = "_"
_KNOWN = {"Û_": "…", "\x9d_": "❤"}


def _byte(char: str, encoding: str) -> int | None:
    try:
        return char.encode(encoding)[0]
    except UnicodeEncodeError:
        return ord(char) if "\x80" <= char < "\xa0" else None


def _table() -> dict[str, int]:
    """A character as it is now -> the byte of UTF-8 that it was."""
    found = {char: ord(char) for char in _OPEN}
    for number in range(0x80, 0x100):
        was = _byte(bytes([number]).decode("mac_roman"), "cp1252")
        if was is not None and was >= 0x80:
            for encoding in ("latin-1", "cp1252"):
                now = bytes([number]).decode(encoding, "ignore")
                if now and now not in _OPEN:
                    found[now] = was
    return found


_BYTES = _table()
_SURE = f"[{''.join(char for char, byte in _BYTES.items() if byte < 0xC0)}]"
_TAIL = f"(?:{_SURE}|{_LOST})"
# First bytes that are seen: E2 (signs, many emoji), F0 9F (emoji), EF B8 8F (emoji style), C2 and
# C3 before signs that are behind no å and no Ì.
_ONE = (
    f"[\x89‰]{_SURE}{_TAIL}|\x89{_LOST}{_TAIL}|{_LOST}Ù{_TAIL}{_TAIL}|{_LOST}?[\x95•]ü\x8f"
    "|å[£©¨¡¢¥§´ª±¼Ê](?![a-z])|(?<![A-ZÀ-Þ])Ì[©¬±¦¤¼»Á]"
)
_SEQUENCE = re.compile(_ONE)
# Behind a first byte of UTF-8, read as Latin-1, the sign is its second byte.
_RUN = re.compile(f"(?<![\xc2-\xf4])(?:{_ONE})+")
_SIGN = re.compile("[\x89‰][^\x00-\x7f]|_Ù|[åÌ][^\x00-\x7f]")
# In UTF-8 that was read as Latin-1, these are signs of an earlier conversion.
_SURE_SIGN = re.compile("[\x89‰]Û|_Ù|å£|Ì©")


def mend_mac_roman(text: str) -> str:
    """Undo the three steps where a sequence shows them. Linear time."""
    whole = _from_utf8(text)
    if whole is not None:
        # Tells more than a few signs.
        return _mended(whole) if _SURE_SIGN.search(whole) else text
    return _mended(text) if _SIGN.search(text) else text


def _mended(text: str) -> str:
    return _RUN.sub(lambda run: _SEQUENCE.sub(_decoded, run.group()), text)


def _decoded(match: re.Match[str]) -> str:
    chars = match.group()
    if chars[1:] in _KNOWN:
        return _KNOWN[chars[1:]]
    lead = b""
    if chars.startswith(f"{_LOST}Ù"):
        lead, chars = b"\xf0\x9f", chars[2:]
    chars = chars.removeprefix(_LOST) if chars.endswith("ü\x8f") else chars
    if _LOST in chars:
        return "\ufffd"
    return (lead + bytes(_BYTES[char] for char in chars)).decode("utf-8", "replace")


def _from_utf8(text: str) -> str | None:
    """The text where all of it is UTF-8 that was read as Latin-1 or Windows-1252."""
    import ftfy.bad_codecs  # noqa: F401 (the encoding "sloppy-windows-1252")

    for encoding in ("latin-1", "sloppy-windows-1252"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return None
