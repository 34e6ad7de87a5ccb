"""Marks that more of a post is elsewhere: ``… See more``, ``[…]``, dots behind a repost."""

from __future__ import annotations

import re

_TAIL_CHARS = 80
# What platforms and readers write behind the dots, in the languages of Facebook and Instagram that
# exports were seen in.
_MORE = "|".join(
    (
        r"(?:see|read|show|view) (?:full )?(?:more|post|caption|translation)|more|continue reading",
        r"mehr(?: anzeigen| lesen| ansehen)?|weiterlesen",
        r"(?:en )?voir plus|afficher (?:plus|la suite)|lire la suite|plus",
        r"(?:ver |leer |mostrar )?m[aá]s|(?:ver |mostrar |leia )?mais|(?:mostra |leggi )?altro",
        r"meer(?: weergeven| lezen)?|(?:visa|se) mer|(?:se|vis) mere|näytä lisää|zobrazit víc",
        r"(?:zobacz )?więcej|vezi mai mult|devam[iı]n[iı] gör|(?:lihat )?selengkapnya|xem thêm",
        r"(?:показать )?(?:ещё|еще)|(?:δείτε )?περισσότερα|عرض المزيد|और देखें|ดูเพิ่มเติม",
        r"もっと見る|続きを読む|더 ?보기|展开|全文|(?:查看)?更多",
    )
)
_DOTS = r"(?:…|\.\.\.|\. \. \.)"
_CUT = re.compile(
    rf"{_DOTS}\s?[(\[]?(?:{_MORE})[)\]]?\W{{0,3}}\Z"
    rf"|(?:\A|[\s.…])[(\[](?:{_DOTS}|(?:(?:read|see) )?more ?{_DOTS}?|cont'?d?|continued|truncated)"
    r"[)\]]\W{0,3}\Z"
    r"|(?:\A|\n)\s?(?:(?:see|show|read|view) more|continue reading)\b[^\n]{0,40}\Z"
    r"|continue reading\s?[→»]\s?\Z",
    re.IGNORECASE,
)
_SEE_MORE = re.compile(r"\w See more\s*\Z")
_LAST = re.compile(r"(?:…|\.\.\.)\s?(?:https?://t\.co/\w{0,12})?\s*\Z")
_REPOST = re.compile(r"RT @\w{1,20}:? ")
# Twitter cut a repost at 140 characters, before a link at fewer, and other posts at 140 or 280, the
# later ones before a link.
_REPOST_CHARS, _CUT_CHARS, _LINK_CHARS = 100, (140, 280), 26
# As much as a cell of Excel and of Google Sheets holds.
_CELL_CHARS = (32_767, 50_000)


def is_cut(text: str) -> bool:
    """Whether a text ends in the mark of a platform or a reader that it was cut off there.

    Dots alone are the author's, but in a repost of at least 100 characters, and in a text of just
    the 140 or 280 characters where Twitter cuts. So is a text that just fills a cell.
    """
    if (
        "..." not in text
        and "…" not in text
        and "more" not in text[-12:]
        and not text.endswith((")", "]"))
        and "ontinue reading" not in text
    ):
        return len(text) in _CELL_CHARS
    tail = text[-_TAIL_CHARS:]
    if _CUT.search(tail) or _SEE_MORE.search(tail):
        return True
    dots = _LAST.search(tail)
    if dots is None:
        return len(text) in _CELL_CHARS
    length = len(text.rstrip())
    if length in _CUT_CHARS or (length >= _REPOST_CHARS and _REPOST.match(text)):
        return True
    return "t.co/" in dots.group() and 0 <= length - _CUT_CHARS[1] <= _LINK_CHARS
