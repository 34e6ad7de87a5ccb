r"""Characters written as code: JSON or Python encoded once more, R's codes, quoted-printable.

``\n`` is also what somebody writes about, and a path of Windows may hold it: it becomes a line
break only in a text that has none, and neither between quotes nor beside a drive's letter.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from .encodings.mend import SURROGATE, joined_surrogates

# Each run of backslashes is looked at once, whatever follows.
_CODE = re.compile(
    r"(?<!\\)\\++(?:u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})|u\{(?P<braced>[0-9a-fA-F]{1,6})\})"
    r"|(?P<bytes>(?:\\x[0-9a-fA-F]{2})++|(?:<[0-9a-f]{2}>)++|(?:=[89A-F][0-9A-F]){2,}+)"
    r"|<U\+(?P<R>[0-9A-F]{4,8})>"
)
_CODE_SIGNS = ("\\u", "\\U", "\\x", "<U+", "=E2", "=C3", "=F0")
_R_BYTE = re.compile("<[89a-f][0-9a-f]>")
_QUOTE = re.compile(r"(?<!\\)\\++(?=[\"'])|(?<=[\w:/<])\\++(?=/[\w\\/>])")
_FEED = re.compile(r"(?<!\\)\\++(?:r\\++n|n|r(?=\\))|(?:(?<=\s)|^)\\ n ?(?!\S{0,3}\\)")
# Not these: a path, a pattern or a string that somebody writes about.
_TALK = re.compile(r"\b[A-Za-z]:\\|\\\\\w+\\|[\"'`“‘]\\++[nrt][\"'`”’]|\\[dswb][+*]|\$.*\\n")
_TAB = re.compile(r"(?<!\\)\\++t(?![a-z])")
_SPACE = re.compile(r"\s")


def mend_escapes(text: str) -> str:
    """Put the characters in place of their codes. Linear time."""
    if "\\" in text:
        text = _mend_feeds(_QUOTE.sub("", text))
    if any(sign in text for sign in _CODE_SIGNS) or ("<" in text and _R_BYTE.search(text)):
        text = _CODE.sub(_character, text)
        if SURROGATE.search(text):
            text = joined_surrogates(text)
    if "%" in text and _is_address_code(text):
        text = unquote(text)
    return text


def _mend_feeds(text: str) -> str:
    if "\n" in text or not _FEED.search(text) or _TALK.search(text):
        return text
    return _TAB.sub("\t", _FEED.sub("\n", text))


def _character(match: re.Match[str]) -> str:
    if found := match["bytes"]:
        return _decoded(found)
    code = int(match["u"] or match["U"] or match["braced"] or match["R"], 16)
    if match["R"] and code < 0x100:
        return _decoded(f"<{code:02x}>")
    return chr(code) if code < 0x110000 else match.group()


def _decoded(found: str) -> str:
    """Bytes of UTF-8, or of Windows-1252; two that are a tag of HTML stay."""
    if found == "<dd>":
        return found
    digits = re.sub(r"[\\x<>=]", "", found)
    raw = bytes.fromhex(digits)
    if raw.isascii() and not found.startswith("\\"):
        return found
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return found if found.startswith("=") else raw.decode("cp1252", "replace")


def _is_address_code(text: str) -> bool:
    """Whether all of a text is percent-encoded as in a URL, though it is not a URL."""
    return "%20" in text and not _SPACE.search(text) and "://" not in text.split("%20", 1)[0]
