"""Text of others on a screen or a page: it moves no cursor, and changes no order of reading."""

from __future__ import annotations

import re

# Control characters (ESC among them), and bidirectional overrides that reorder what is read.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def safe(text: str) -> str:
    """Replace each unsafe character by one replacement character, so that positions hold."""
    return _UNSAFE.sub("\ufffd", text)
