"""The kinds of posts that errors are counted by."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from ...data.axes import KINDS
from ...data.text.handles import HANDLE

_HASHTAG = re.compile(r"#\w")
_KINDS = dict(zip(range(len(KINDS)), ("nothing", "own", "a third party's"), strict=True))
_Value = str | None


def features(posts: pd.DataFrame) -> pd.DataFrame:
    """The kinds of each post: a column for each feature, its value, None where it is not known.

    Args:
        posts: with ``source``, ``author``, ``text``, ``masked`` (both None where the text is not
            here), ``kind``, ``platform`` and ``followers`` (None where not known).
    """
    texts, masked = posts["text"].tolist(), posts["masked"].tolist()
    known = [author for author in posts["author"].tolist() if author]
    by_author = pd.Series(known, dtype=object).value_counts().to_dict()
    written = [by_author.get(author) for author in posts["author"].tolist()]
    columns: dict[str, list[_Value]] = {
        "source": [str(one) for one in posts["source"].tolist()],
        "platform": [None if _missing(one) else str(one) for one in posts["platform"].tolist()],
        "length": _counted(texts, len, (80, 280, 1000), "characters"),
        "hashtags": _counted(texts, lambda text: len(_HASHTAG.findall(text)), (1, 4)),
        "mentions": _counted(texts, lambda text: len(HANDLE.findall(text)), (1, 2)),
        "link": _counted(masked, lambda text: text.count("<url"), (1,)),
        "discount code": _counted(masked, lambda text: text.count("<code>"), (1,)),
        "promotes": [_KINDS.get(one) for one in posts["kind"].tolist()],
        "posts by the author": _counted(written, int, (2, 10), least=1),
        "followers": _counted(posts["followers"].tolist(), int, (10_000, 100_000)),
    }
    found = pd.DataFrame(columns, index=posts.index, dtype=object)
    return found[[name for name in found if found[name].nunique() > 1]]


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and np.isnan(value)) or value == ""


def _counted(
    values: Sequence[object],
    count: Callable[..., int],
    starts: Sequence[int],
    what: str = "",
    least: int = 0,
) -> list[_Value]:
    """In which of the ranges that begin at ``least`` and at ``starts`` each count lies, in words.

    Of an empty text there is a count; of what is not known there is none.
    """
    bounds = [least, *starts]
    names = [_range(low, high, what) for low, high in zip(bounds, [*starts, None], strict=True)]
    return [
        None
        if _missing(value) and value != ""
        else names[int(np.searchsorted(starts, count(value), "right"))]
        for value in values
    ]


def _range(low: int, high: int | None, what: str) -> str:
    if high is None:
        shown = f"{low:,} or more"
    elif high == low + 1:
        shown = f"{low:,}" if low else "none"
    else:
        shown = f"{low:,} to {high - 1:,}" if low else f"under {high:,}"
    return f"{shown} {what}".rstrip()
