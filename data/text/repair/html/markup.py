"""HTML as Mastodon, WordPress, YouTube and feeds hand it out, as the text that a reader sees."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from .tags import BLOCKS, attributes_of, html_tags

_CELLS = ("td", "th")
_UNSEEN = ("script", "style", "template", "title", "head", "svg", "noscript", "iframe", "object")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# The last tag of a text that was cut off.
_OPEN_TAG = re.compile(r"</?(?:[abip]|br|div|em|img|li|span|strong)(?:\s[^<>]*)?\Z", re.IGNORECASE)
_SPACES = " \t\n\r\f"
_BLANK = re.compile(f"[{_SPACES}]+")
_ADDRESS = re.compile(r"(?:https?://|www\.)?[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?")
_EMOJI_CLASS = re.compile(r"emoji|emote|smiley", re.IGNORECASE)
_MAX_ALT_CHARS = 40


def mend_markup(text: str) -> str:
    """Strip HTML: paragraphs become lines, cut links whole again. Never raises; linear time."""
    if "<" not in text:
        return text
    tags = html_tags(text)
    return _Reader(text, tags).read() if tags else text


class _Reader:
    """What a reader sees of a text with tags."""

    def __init__(self, text: str, tags: Sequence[re.Match[str]]) -> None:
        names = [(tag["name"] or "").lower() for tag in tags]
        self._text, self._tags = text, list(zip(names, tags, strict=True))
        self._left = Counter(name for name, tag in self._tags if tag["end"])
        # In paragraphs a line feed is a space; without them it is the author's.
        self._flows = "p" in names or "div" in names
        self._seen: list[str] = []
        self._feeds = 0
        self._unseen: list[str] = []
        self._hid = False
        self._link: tuple[int, str] | None = None

    def read(self) -> str:
        last = 0
        for name, tag in self._tags:
            self._words(self._text[last : tag.start()])
            last = tag.end()
            if name:
                self._tag(name, tag)
        self._words(_OPEN_TAG.sub("", self._text[last:]))
        seen = "".join(self._seen).strip()
        # Code that somebody posted is seen.
        return self._text if self._hid and not seen else seen

    def _words(self, words: str) -> None:
        if self._unseen:
            return
        if self._flows:
            words = _BLANK.sub(" ", words)
        if self._feeds or (self._flows and self._seen and self._seen[-1].endswith(" ")):
            words = words.lstrip(_SPACES)
        if not words:
            return
        if self._feeds and self._seen:
            self._seen.append("\n" * self._feeds)
        self._feeds = 0
        self._seen.append(words)

    def _tag(self, name: str, tag: re.Match[str]) -> None:
        ends = bool(tag["end"])
        if ends:
            self._left[name] -= 1
        if self._unseen:
            if name == self._unseen[-1]:
                self._unseen = self._unseen[:-1] if ends else [*self._unseen, name]
            return
        given = {} if ends else attributes_of(tag)
        if not ends and self._left[name] > 0 and _is_unseen(name, given):
            self._unseen, self._hid = [name], True
        elif name == "br":
            self._break(self._feeds + 1)
        elif name in BLOCKS:
            self._break(max(self._feeds, BLOCKS[name]))
        elif name in _CELLS and not ends:
            self._words(" ")
        elif name == "img":
            self._words(_emoji(given))
        elif name == "a":
            self._anchor(given, ends=ends)

    def _break(self, feeds: int) -> None:
        if self._seen:
            self._seen[-1] = self._seen[-1].rstrip(_SPACES)
        self._feeds = feeds

    def _anchor(self, given: Mapping[str, str], *, ends: bool) -> None:
        """A link that is shown cut ("velmora.example/glo…") is written whole."""
        if not ends:
            self._link = (len(self._seen), given.get("href", ""))
            return
        if self._link is None:
            return
        start, address = self._link
        self._link = None
        shown = "".join(self._seen[start:]).strip()
        cut = shown.removesuffix("…").removesuffix("...")
        if cut != shown and address.startswith("http") and _ADDRESS.fullmatch(cut):
            self._seen[start:] = [address]


def _is_unseen(name: str, given: Mapping[str, str]) -> bool:
    return name in _UNSEEN or "hidden" in given or bool(_HIDDEN.search(given.get("style", "")))


def _emoji(given: Mapping[str, str]) -> str:
    """The emoji that an image stands for; other descriptions are for those who see no image."""
    shown = given.get("alt", "")
    if len(shown) > _MAX_ALT_CHARS or not shown:
        return ""
    is_emoji = _EMOJI_CLASS.search(given.get("class", "")) or not any(c.isalpha() for c in shown)
    return shown if is_emoji else ""
