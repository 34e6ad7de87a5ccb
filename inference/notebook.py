"""Rows as a table of HTML, for notebooks. Nothing of a post is ever markup."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from ..data.io.fields.columns import TEXT

if TYPE_CHECKING:
    from ..models.scored_post import ScoredPost
    from .scorer import ScoredPosts

SHOWN = 20
_CHARS = 400
_LABELS = {"style": "p_polished", "paid": "p_paid", "performative": "p_performative"}


def as_html(posts: ScoredPosts) -> str:
    """The first ``SHOWN`` rows: id, labels with probabilities, disclosure, and the post.

    The post stands there where ``text`` was kept, with the reasons marked; without it, the
    stretches that are reasons alone.
    """
    heads = "".join(f"<th>{name}</th>" for name in ("id", *_LABELS, "disclosure", "post"))
    texts = posts.kept.get(TEXT) or [None] * len(posts)
    rows = "".join(
        f"<tr>{''.join(_cells(row, text))}</tr>"
        for row, text in zip(posts[:SHOWN], texts, strict=False)
    )
    more = len(posts) - SHOWN
    rest = f"<p>and {more:,} more</p>" if more > 0 else ""
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{rest}"


def _cells(row: ScoredPost, text: str | None) -> Iterator[str]:
    yield f"<td>{escape(row.id)}</td>"
    for label, probability in _LABELS.items():
        said, p = getattr(row, label), getattr(row, probability)
        yield f"<td>{escape(said or '–')}{'' if p is None else f' {p:.2f}'}</td>"
    yield f"<td>{escape(row.disclosure or '–')}</td>"
    yield f"<td style='text-align:left'>{_post(row, text)}</td>"


def _post(row: ScoredPost, text: str | None) -> str:
    if row.error is not None:
        return escape(row.error)
    if not isinstance(text, str):
        return " … ".join(f"<mark>{escape(reason.text)}</mark>" for reason in row.reasons)
    marked = [False] * len(text)
    for reason in row.reasons:
        marked[reason.start : reason.end] = [True] * (reason.end - reason.start)
    shown, start = [], 0
    end_of_text = min(len(text), _CHARS)
    while start < end_of_text:
        end = start
        while end < end_of_text and marked[end] == marked[start]:
            end += 1
        part = escape(text[start:end])
        shown.append(f"<mark>{part}</mark>" if marked[start] else part)
        start = end
    return "".join(shown) + ("…" if len(text) > _CHARS else "")
