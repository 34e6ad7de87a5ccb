"""The whole text of a post whose record holds it beside a ``text`` that is cut off.

Twitter's interfaces cut ``text`` at 140 or 280 characters and give the whole elsewhere: in
``extended_tweet``, ``note_tweet``, ``full_text``, and for a repost in the post that it repeats.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from ...posts import Mended
from ...text.repair.wrapper import parsed

CODE = "full_text"
_OWN = (
    ("note_tweet", "note_tweet_results", "result", "text"),
    ("note_tweet", "text"),
    ("extended_tweet", "full_text"),
    ("full_text",),
    ("fullText",),
    ("legacy", "full_text"),
)
_REPEATED = ("retweeted_status", "retweeted_tweet", "retweetedTweet", "retweet")
_RESULT = ("retweeted_status_result", "result")
# Fields that may hold the whole text, flattened ones ("extended_tweet.full_text") included.
PLACES = tuple(
    dict.fromkeys(
        [path[0] for path in _OWN]
        + [*_REPEATED, _RESULT[0]]
        + [
            sign.join(path)
            for sign in (".", "/", "_")
            for path in (*_OWN, *((n, *path) for n in _REPEATED for path in (*_OWN, ("text",))))
            if len(path) > 1
        ]
    )
)
_ANY = frozenset(PLACES)
_REPOST = re.compile(r"RT @\w{1,20}:? ")
# What is behind the last word that was kept.
_CUT = re.compile(r"\s?(?:…|\.\.\.)?\s?(?:https?://t\.co/\w{0,12})?\s*\Z")
_TAIL_CHARS = 60


def with_whole_text(record: Mapping[str, Any], fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of a post with its whole text, where the record holds one that goes on from it.

    Args:
        record: as it was read.
        fields: the same under the names of a post's fields; ``text`` is the record's own.
    """
    if _ANY.isdisjoint(record):
        return fields
    text = fields.get("text")
    whole = _whole(record, text) if isinstance(text, str) else None
    if whole is None:
        return fields
    mended = Mended(fields, text=whole, truncated=None)
    mended.repairs = (CODE,)
    return mended


def _whole(record: Mapping[str, Any], text: str) -> str | None:
    """The longest continuation of a text in its record; None if there is no continuation."""
    repost = _REPOST.match(text)
    intro = repost.group() if repost else ""
    found = [*_texts(record, _OWN)]
    if repost:
        places = (*_OWN, ("text",))
        repeated = [_at(record, (name,)) for name in _REPEATED]
        repeated += [_at(record, _RESULT), _at(record, ("legacy", *_RESULT))]
        found += [intro + own for post in repeated for own in _texts(post, places)]
        for name in _REPEATED:
            flat = tuple((name, *path) for path in places)
            found += [intro + own for own in _texts(record, flat)]
    kept = _comparable(_without_mark(text))
    goes_on = [
        whole
        for whole in found
        if len(_without_mark(whole)) > len(_without_mark(text))
        and _comparable(whole).startswith(kept)
    ]
    return max(goes_on, key=lambda whole: len(_without_mark(whole)), default=None)


def _without_mark(text: str) -> str:
    """The text up to its last word, or to the dots and the link behind it."""
    cut = _CUT.search(text, max(0, len(text) - _TAIL_CHARS))
    return text[: cut.start()] if cut else text


def _texts(record: Any, places: tuple[tuple[str, ...], ...]) -> list[str]:  # noqa: ANN401
    found = [_at(record, path) for path in places]
    return [text for text in found if isinstance(text, str) and text.strip()]


def _at(record: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401
    """A value inside a record, nested, as JSON in a cell, or under a name that joins the path."""
    if not isinstance(record, Mapping):
        return None
    for sign in (".", "/", "_"):
        if len(path) > 1 and (value := record.get(sign.join(path))) is not None:
            return value
    value = record
    for name in path:
        if isinstance(value, str) and value[:1] == "{":
            value = parsed(value)
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def _comparable(text: str) -> str:
    return " ".join(unescape(text).split())
