"""What the report says of a brief: creators in order, and the posts behind each cosine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...data.values.safe import safe
from .brief import Point
from .creators import Creator, Key
from .fit import NEAREST, Fit, Near

# In the table of the report, with their posts; all are in brief.csv.
SHOWN = 100


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
    ranked = [fit for fit in fits if fit.place is not None]
    places = {creator.key: number for number, creator in enumerate(creators, 1)}
    return {
        "points": [
            {"text": safe(point.text), "line": point.line, "language": point.language,
             "readable": point.readable}
            for point in points
        ],
        "nearest": NEAREST,
        "rows": [_row(fit, places[fit.key]) for fit in ranked[:SHOWN]],
        "more": max(0, len(ranked) - SHOWN),
        "too_few": sum(fit.place is None and fit.committed > 0 for fit in fits),
        "none": sum(fit.committed == 0 for fit in fits),
    }  # fmt: skip


def _row(fit: Fit, section: int) -> dict[str, Any]:
    return {
        "name": safe(fit.key.name), "platform": safe(fit.key.platform), "section": section,
        "place": fit.place, "committed": fit.committed, "mean": _two(fit.cosine),
        "points": [
            "–" if one.cosine is None else f"{_two(one.cosine)} ({one.rank})" for one in fit.points
        ],
    }  # fmt: skip


def of_creators(fits: Sequence[Fit] | None) -> Mapping[Key, dict[str, Any]]:
    """For each creator what cannot be said, or the posts nearest to each point.

    Args:
        fits: in order; of those beyond the first ``SHOWN`` the page holds no posts.
    """
    return {
        fit.key: {"said": fit.said, "points": _points(fit) if number < SHOWN else []}
        for number, fit in enumerate(fits or ())
    }


def _points(fit: Fit) -> list[dict[str, Any]]:
    return [
        {
            "text": safe(one.point.text), "mean": _two(one.cosine),
            "posts": [_near(near) for near in one.nearest],
        }
        for one in fit.points
        if one.nearest
    ]  # fmt: skip


def _near(near: Near) -> dict[str, Any]:
    when, url = near.post.posted_at, near.post.url
    return {
        "id": safe(near.post.id), "cosine": _two(near.cosine), "text": safe(near.post.text),
        "date": when.date().isoformat() if when else None, "url": safe(url) if url else None,
    }  # fmt: skip


def _two(cosine: float | None) -> str | None:
    # Added to 0, what rounds to nothing has no sign.
    return None if cosine is None else f"{round(cosine, 2) + 0.0:.2f}"
