"""A post that breaks the model, found by halving, so that no other post is lost for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

from ..data.errors import Reject
from .rows import Content
from .scored_post import ScoredPost, error_row

T = TypeVar("T")
_PROBABILITIES = tuple(name for name in ScoredPost.model_fields if name.startswith("p_"))


def score_each(
    score: Callable[[Sequence[Content]], Sequence[ScoredPost]], posts: Sequence[Content]
) -> list[ScoredPost]:
    """A row per post, in order; one that the model fails on has its error.

    Args:
        score: gives a row per post, or raises.
        posts: what ``score`` takes.

    Raises:
        MemoryError: no fault of a single post.
        ImportError: a missing package, which is no fault of a post either.
    """
    if not posts:
        return []
    try:
        return [
            row if _finite(row) else _failed(post, "NaN")
            for post, row in zip(posts, score(posts), strict=True)
        ]
    except (MemoryError, ImportError):
        raise
    except Exception as error:
        if len(posts) == 1:
            return [_failed(posts[0], type(error).__name__)]
        half = len(posts) // 2
        return score_each(score, posts[:half]) + score_each(score, posts[half:])


def rows_in_place(
    found: Sequence[T | Reject], score: Callable[[list[T]], Sequence[ScoredPost]]
) -> list[ScoredPost]:
    """A row per record, in order; one that is no post has its reject as error.

    Args:
        found: posts and rejects.
        score: gives a row per post.
    """
    rows = iter(score([item for item in found if not isinstance(item, Reject)]))
    return [
        error_row(item.row_id, item.code, item.message) if isinstance(item, Reject) else next(rows)
        for item in found
    ]


def _failed(post: Content, error: str) -> ScoredPost:
    return error_row(post.row_id, "model", f"the model failed on this post ({error})")


def _finite(row: ScoredPost) -> bool:
    return all(math.isfinite(getattr(row, name) or 0.0) for name in _PROBABILITIES)
