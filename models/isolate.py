"""A post that breaks the model, found by halving, so that no other post is lost for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

from .scored_post import ScoredPost, error_row

T = TypeVar("T")
_PROBABILITIES = tuple(name for name in ScoredPost.model_fields if name.startswith("p_"))


def score_each(
    score: Callable[[Sequence[T]], Sequence[ScoredPost]], posts: Sequence[T]
) -> list[ScoredPost | str]:
    """A row per post, in order, or the name of the error that the model ends with on it.

    Args:
        score: gives a row per post, or raises.
        posts: what ``score`` takes.

    Raises:
        MemoryError: no fault of a single post.
        ImportError: likewise.
    """
    if not posts:
        return []
    try:
        return [row if _finite(row) else "NaN" for row in score(posts)]
    except (MemoryError, ImportError):
        raise
    except Exception as error:
        if len(posts) == 1:
            return [type(error).__name__]
        half = len(posts) // 2
        return score_each(score, posts[:half]) + score_each(score, posts[half:])


def row_of(post_id: str, scored: ScoredPost | str) -> ScoredPost:
    """What ``score_each`` gave for a post, as a row under its id."""
    if isinstance(scored, ScoredPost):
        return scored if scored.id == post_id else scored.model_copy(update={"id": post_id})
    return error_row(post_id, "model", failure(scored))


def failure(error: str) -> str:
    """What is said of such a post."""
    return f"the model failed on this post ({error})"


def _finite(row: ScoredPost) -> bool:
    return all(math.isfinite(getattr(row, name) or 0.0) for name in _PROBABILITIES)
