"""Which of what is between angle brackets is a tag of HTML.

Found by a pattern and not by ``html.parser``, which drops what only looks like a tag ("<url>", "a
<b and c") and takes quadratic time for some input in several versions of Python.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from html import unescape

# A tag ends before the next "<", so every character is looked at by one tag alone.
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]{0,30}+)"
    r"(?P<attributes>\s(?:(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+(?=>)|[^<>]*+)|/?)>"
    r"|<!--(?:[^<-]|-(?!->)|<(?!!--))*+-->|<!\[CDATA\[|\]\]>"
)
_ATTRIBUTE = re.compile(r"([a-zA-Z][\w:-]*+)(?:\s*+=\s*+(\"[^\"]*+\"|'[^']*+'|[^\s\"'>]++))?")
# Nobody types these by the way. The number is of line feeds around the element.
BLOCKS: Mapping[str, int] = {
    **dict.fromkeys(
        ["p", "blockquote", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "table", "pre",
         "figure"], 2,
    ),
    **dict.fromkeys(
        ["div", "li", "tr", "dt", "dd", "dl", "br", "hr", "section", "article", "header",
         "footer", "figcaption"], 1,
    ),
}  # fmt: skip
_VOID = ("br", "hr")
_INLINE = frozenset(
    ["a", "abbr", "address", "aside", "audio", "b", "bdi", "bdo", "big", "body", "button", "center",
     "cite", "code", "del", "details", "dfn", "em", "embed", "font", "form", "head", "html", "i",
     "iframe", "img", "input", "ins", "kbd", "label", "link", "main", "mark", "meta", "nav",
     "noscript", "object", "picture", "q", "rp", "rt", "ruby", "s", "samp", "script", "small",
     "source", "span", "strike", "strong", "style", "sub", "summary", "sup", "svg", "tbody", "td",
     "template", "tfoot", "th", "thead", "time", "title", "track", "tt", "u", "var", "video", "wbr"]
)  # fmt: skip


def html_tags(text: str) -> list[re.Match[str]]:
    """The tags and comments of a text, none where it holds no HTML.

    A tag counts where it gives structure, where it has attributes, or where it is closed again (so
    that "use <code> for 20% off" stays). Beside such ones those of a site's own count if they are
    closed, and comments.

    Returns:
        Matches with the groups ``end``, ``name`` and ``attributes``, which a comment has not.
    """
    tags = list(_TAG.finditer(text))
    names = Counter((tag["end"], _name(tag)) for tag in tags)
    sure = [tag for tag in tags if _is_sure(tag, names)]
    if not any(_name(tag) for tag in sure) and "<![CDATA[" not in text:
        return []
    return [tag for tag in tags if _is_sure(tag, names) or _is_closed(_name(tag), names)]


def _name(tag: re.Match[str]) -> str:
    return (tag["name"] or "").lower()


def _is_closed(name: str, names: Mapping[tuple[str, str], int]) -> bool:
    return names["", name] > 0 and names["/", name] > 0


def _is_sure(tag: re.Match[str], names: Mapping[tuple[str, str], int]) -> bool:
    name = _name(tag)
    if name in BLOCKS:
        # Once in the middle of a text it may be spoken of: "the <p> tag".
        return (
            name in _VOID
            or names["", name] + names["/", name] > 1
            or "=" in tag["attributes"]
            or not tag.string[: tag.start()].strip()
            or not tag.string[tag.end() :].strip()
        )
    if name in _INLINE:
        return name == "wbr" or "=" in tag["attributes"] or _is_closed(name, names)
    return not name


def attributes_of(tag: re.Match[str]) -> dict[str, str]:
    """Names and values; a name without a value has the empty one."""
    found = _ATTRIBUTE.findall(tag["attributes"])
    return {name.lower(): unescape(value.strip("\"'")) for name, value in found}
