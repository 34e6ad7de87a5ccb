"""What the report says of a brief: creators in order, and the posts behind each cosine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...data.values.safe import safe
from .brief import Point
from .creators import Creator, Key
from .fit import NEAREST, Fit, Near

# In the table of the report; all are in brief.csv.
_SHOWN = 100


def brief_section(
    points: Sequence[Point], fits: Sequence[Fit] | None, creators: Sequence[Creator]
) -> dict[str, Any] | None:
    """The section with the points and the creators in order; None where no brief was given.

    Args:
        points: of the brief.
        fits: of all creators, in order.
        creators: as the report has them, each with its own section.
    """
    if fits is None:
        return None
    places = {creator.key: number for number, creator in enumerate(creators, 1)}
    return {
        "points": [
            {"text": safe(point.text), "line": point.line, "language": point.language,
             "readable": point.readable}
            for point in points
        ],
        "nearest": NEAREST,
        "rows": [_row(fit, places[fit.key]) for fit in fits[:_SHOWN]],
        "more": max(0, len(fits) - _SHOWN),
    }  # fmt: skip


def _row(fit: Fit, section: int) -> dict[str, Any]:
    return {
        "name": safe(fit.key.name), "platform": safe(fit.key.platform), "section": section,
        "place": fit.place, "committed": fit.committed, "said": fit.said,
        "mean": _two(fit.cosine),
        "points": [
            f"{one.cosine:.2f} ({one.rank})" if one.cosine is not None else "–"
            for one in fit.points
        ],
    }  # fmt: skip


def nearest_posts(fits: Sequence[Fit] | None) -> Mapping[Key, list[dict[str, Any]]]:
    """For each creator, each point with the posts nearest to it."""
    return {
        fit.key: [
            {
                "text": safe(one.point.text), "mean": _two(one.cosine),
                "posts": [
                    _near(near)
                    for near in one.nearest
                ],
            }
            for one in fit.points
            if one.nearest
        ]
        for fit in fits or ()
    }  # fmt: skip


def _near(near: Near) -> dict[str, Any]:
    when, url = near.post.posted_at, near.post.url
    return {
        "id": safe(near.post.id), "cosine": _two(near.cosine), "text": safe(near.post.text),
        "date": when.date().isoformat() if when else None, "url": safe(url) if url else None,
    }  # fmt: skip


def _two(cosine: float | None) -> str | None:
    return None if cosine is None else f"{cosine:.2f}"
