"""HTML entities in a text that is not HTML: ``isn&#39;t``, ``&amp;#39;``, ``&lt;3``."""

from __future__ import annotations

import html
import re
from html.entities import html5

# Escaped once more, or more than once: &amp;amp;#39; is the apostrophe.
_AND = r"(?:(?:amp|AMP|#0*+38|#[xX]0*+26);)"
# Without its semicolon HTML reads many, and so mistakes addresses ("?a=1&copy=2"): here only those
# that exports write, where nothing follows that would make another word of them.
_BARE = (
    r"#0*+(?:3[489]|6[02]|160|8(?:20[5-9]|21[1-7]|22[0-6]|230))(?![\d;])"
    r"|#[xX]0*+(?:2[267]|3[ceCE]|[aA]0|20(?:[01][0-9a-fA-F]|2[0-6]))(?![\da-fA-F;])"
    r"|(?:amp|quot|nbsp|[lg]t)(?![A-Za-z;=])"
)
_ENTITY = re.compile(
    rf"&{_AND}*+(?:(?P<whole>#\d{{1,7}}|#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z][A-Za-z0-9]{{1,31}});"
    rf"|(?P<bare>{_BARE}))|&{_AND}++"
)


def mend_entities(text: str) -> str:
    """Put the characters in place of known entities; others stay. Linear time."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    name = match["whole"] or match["bare"]
    if name is None:
        return "&"
    if name.startswith("#"):
        number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
        # Java writes an emoji as two surrogates.
        return chr(number) if 0xD800 <= number < 0xE000 else html.unescape(f"&{name};")
    # Not html.unescape, which reads the beginning of an unknown name: "&notit;".
    return html5.get(f"{name};", f"&{name};")
