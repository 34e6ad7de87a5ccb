r"""Line breaks of other systems, and links that were glued to a word.

The rules for a disclosure count lines and look at their beginnings, so a CR, a vertical tab, a form
feed, NEL and Unicode's separators become ``\n``. CR LF is read as it is.
"""

from __future__ import annotations

import re

_BREAK = re.compile("\r++\n?|[\x0b\x0c\u2028\u2029]|(?<![\xc0-\xf4])\x85(?=[^ \t])")
_SIGN = re.compile("\r(?!\n)|[\x0b\x0c\x85\u2028\u2029]")
# 85 is the ellipsis of Windows-1252 where others of its signs are, and where a space follows.
_OTHERS = re.compile("[\x80-\x84\x86-\x9f]")
_GLUED = re.compile(
    r"(?=https?://\w)(?<=\w\w)|(?<=[^\s/.@:(\[\"'])(?=pic\.twitter\.com/\w)"
    r"|(?<=//t\.co/\w{10})(?=[#@]\w)",
    re.IGNORECASE,
)


def mend_breaks(text: str) -> str:
    """Write every line break as a line feed. Linear time."""
    if text.isprintable() or not _SIGN.search(text):
        return text
    ellipsis = "\x85" in text and _OTHERS.search(text)
    return _BREAK.sub(lambda m: m.group() if ellipsis and m.group() == "\x85" else _feed(m), text)


def _feed(match: re.Match[str]) -> str:
    found = match.group()
    if found.startswith("\r"):
        # CR CR LF is one break that went through two conversions.
        return found if found == "\r\n" else "\n" * (1 if found[-1] == "\n" else len(found))
    return "\n"


def mend_glued(text: str) -> str:
    """Put a space between a word and the link behind it. Linear time."""
    if "://" not in text and "pic.twitter" not in text:
        return text
    return _GLUED.sub(" ", text)
