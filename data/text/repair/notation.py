r"""Marks that a platform shows as something else: Markdown's escapes, mentions, cues of captions.

Reddit's ``\#`` and a table's ``\|`` are the sign alone; LinkedIn's ``{hashtag|\#|ad}`` is ``#ad``
and its ``@[Ana](urn:li:person:1)``, like Facebook's ``@[1:2048:Ana]``, the name.
"""

from __future__ import annotations

import re

# Not in faces: ¯\_(ツ)_/¯, \(^o^)/, \o/, \|/.
_ESCAPED = re.compile(
    r"(?<!\\)\\(?:(?=[|#\[\]&>~*`](?![/\\]))|(?=_)(?<=\w\\)(?=_\w)|(?=-)(?<![^\w\s]\\)(?=-[\w\s\\]))"
)
_BRACKETS = re.compile(r"(?<!\\)\\\((?P<inside>[^()\\\n]{0,300})\\\)(?!/)")
_HASHTAG = re.compile(r"\{hashtag\|\\?[#＃]\|(?P<tag>[^{}|\n]{1,100})\}")
_MENTION = re.compile(r"@\[(?P<name>[^\[\]\n]{1,100})\]\(urn:li:[^()\s]{1,100}\)")
_NUMBERED = re.compile(r"@\[\d{1,20}:\d{0,6}:(?P<name>[^\[\]\n]{1,100})\]")
_TIME = r"(?:\d\d:)?\d\d:\d\d[.,]\d{3}"
_CUE = re.compile(rf"(?:\A|\n)(?:\d{{1,6}}\s*?\n)?{_TIME} --> {_TIME}[^\n]*+")
_HEADER = re.compile(r"\A\s*WEBVTT[^\n]*+(?:\n[A-Z][a-z]+:[^\n]*+)*+")
_CUE_TAG = re.compile(
    r"<(?:(?:\d\d:)?\d\d:\d\d\.\d{3}|/?c(?:\.[\w.]{{1,50}})?|/?v(?: [^<>]{{1,100}})?)>"
)
_BLANK = re.compile(r"\s+")


def mend_notation(text: str) -> str:
    """Show marks as their platform does. Linear time."""
    if "\\" in text:
        text = _ESCAPED.sub("", _BRACKETS.sub(r"(\g<inside>)", text))
    if "{hashtag|" in text:
        text = _HASHTAG.sub(r"#\g<tag>", text)
    if "@[" in text:
        text = _NUMBERED.sub(r"\g<name>", _MENTION.sub(r"\g<name>", text))
    if "-->" in text and _CUE.search(text):
        # The lines of captions are those of a screen, not of a post.
        spoken = _CUE_TAG.sub("", _CUE.sub(" ", _HEADER.sub("", text)))
        text = _BLANK.sub(" ", spoken).strip()
    return text
