"""The frame that a page's description puts around a post, for previews of links (Open Graph).

Of ``1,204 likes, 56 comments - ana on January 31, 2024: "..."`` and ``Ana (@ana) on Instagram:
"..."`` the post is what is between the quotes.
"""

from __future__ import annotations

import re

SITES = "Instagram|Threads|X|Twitter|Facebook|TikTok|LinkedIn|Bluesky|YouTube|Snapchat|Pinterest"
_ON = f"(?:on|auf|sur|en|no|su|op|på|na|w|di)[ \xa0](?:{SITES})"
_COUNT = r"\d[\d.,\xa0\u202f ]{0,14}[KkMm]?[ \xa0]?[^\d\n]{2,40}"
_QUOTE = '["“„«]'
_BY = r"\d[\d.,]{0,14}[KkMm]? \w{3,20}"
# "Me on Instagram" is a joke, "Follow me on Instagram" an offer; a name is one word, or capitals.
_ANYBODY = "me|you|people|everyone|everybody|nobody|us|he|she|they|him|her|them|girls|boys|men"
_CAPITAL = r"[^\sa-z:\"“„«][^\s:\"“„«]{0,30}"
_NAME = rf"(?:[^\s:\"“„«]{{1,40}}|{_CAPITAL}(?: (?:[a-z]{{2,3}} )?{_CAPITAL}){{1,4}})"
# What is before the post, and whether it is between quotes.
_QUOTED = re.compile(
    rf"\s*(?:{_COUNT}?,[ \xa0]{_COUNT}?[ \xa0][-–—][ \xa0][^\n]{{1,150}}?"
    rf"|[^\n\"“„«]{{1,80}}\(@[\w.]{{1,40}}\)[ \xa0]{_ON}"
    rf"|(?!(?:{_ANYBODY})\b)(?-i:{_NAME})[ \xa0]{_ON}"
    rf"|{_BY}, {_BY}\. TikTok[^\n]{{1,30}}? [^\n]{{1,100}}?\(@[\w.]{{1,40}}\))"
    rf"[ \xa0]?:[ \xa0]?{_QUOTE}[ \xa0]?",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"\s*(?:(?:{_BY}(?:, | · ))+(?:and )?(?:{_BY}, )?Facebook (?:Watch Videos|Reels?) from"
    rf" [^:\n]{{1,100}}: |{_BY}(?: · {_BY}){{1,3}} \| "
    r"|From the \w{1,30} community on Reddit: |r/\w{1,30} on Reddit: )"
)
_CLOSED = re.compile(
    r"[ \xa0]?[\"”“»](?:[ \xa0]?\.| / (?:X|Twitter)| \| [^\n\"”»]{1,60}|\. [^\n\"”»]{1,150})?\s*\Z"
)
_TAIL_CHARS = 240
_MEME = re.compile(rf"[^\s:]:\s?{_QUOTE}")


def unframe(text: str) -> str:
    """The post without the frame; a text without a whole frame as it is. Linear time."""
    if ":" not in text and " · " not in text:
        return text
    head = _QUOTED.match(text)
    if head is None:
        bare = _BARE.match(text)
        return text[bare.end() :] if bare else text
    start = max(head.end(), len(text) - _TAIL_CHARS)
    end = _CLOSED.search(text, start)
    if end is None:
        return text
    inside = text[head.end() : end.start()]
    return text if _MEME.search(inside) and "(@" not in head.group() else inside
