"""Which of one's own posts to label next, as a sheet for a person.

Chosen by uncertainty (how near a probability is to where its label would change) and diversity
(far from what is chosen already), as in Settles (2009), sections 3.1 and 5.2.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...data.errors import InputError
from ...data.io.numbered_posts import numbered_posts
from ...data.posts import Post
from ...data.text.masked_cache import masked_texts
from ...models.decision.threshold import Threshold
from ...models.pipeline import Pipeline
from .sheet import write_sheet

_CHUNK = 1_000
_POOL = 20
_MAX_PER_AUTHOR = 0.1


class Candidate(NamedTuple):
    """A post that could be labelled, and how little is known about it."""

    uncertainty: float
    post_id: str
    post: Post


def choose(posts: Iterable[tuple[str, Post]], pipeline: Pipeline, n: int) -> list[Candidate]:
    """The posts to label next, most useful first; memory does not grow with the posts.

    Args:
        posts: ids and posts.
        pipeline: tells what it is unsure about.
        n: how many at most; one author gets a tenth of them at most, but at least one.
    """
    pool: list[tuple[float, int, Candidate]] = []
    for order, candidate in enumerate(_candidates(posts, pipeline)):
        heapq.heappush(pool, (candidate.uncertainty, -order, candidate))
        if len(pool) > _POOL * n:
            heapq.heappop(pool)
    return _diverse([candidate for _, _, candidate in sorted(pool, reverse=True)], n)


def write_batch(source: Path, target: Path, pipeline: Pipeline, n: int) -> int:
    """Write a CSV for a person to fill in; returns the number of posts.

    ``take_labels`` takes the posts from their own file, so nothing a spreadsheet does to them is
    lost.

    Raises:
        InputError: the posts cannot be read, none can be labelled, or the target exists.
    """
    if target.exists():
        raise InputError(f"{target} exists: choose another name")
    chosen = choose(numbered_posts(source, Post), pipeline, n)
    if not chosen:
        raise InputError(f"{source}: no post that could be labelled")
    write_sheet(target, [(candidate.post_id, candidate.post) for candidate in chosen])
    return len(chosen)


def _candidates(posts: Iterable[tuple[str, Post]], pipeline: Pipeline) -> Iterator[Candidate]:
    chunk: list[tuple[str, Post]] = []
    for entry in posts:
        chunk.append(entry)
        if len(chunk) == _CHUNK:
            yield from _scored(chunk, pipeline)
            chunk = []
    yield from _scored(chunk, pipeline)


def _scored(chunk: Sequence[tuple[str, Post]], pipeline: Pipeline) -> Iterator[Candidate]:
    cuts = pipeline.info.thresholds
    rows = pipeline.score([post for _, post in chunk], errors="raise")
    for (post_id, post), row in zip(chunk, rows, strict=True):
        # Other languages and single words are unsure for a reason that no label removes; doubts
        # are not.
        if row.reason_code in (None, "disclosure_doubted"):
            near = [
                _nearness(row.p_polished, cuts.p_polished),
                _nearness(row.p_paid, cuts.p_paid),
                _nearness(row.p_performative, cuts.p_performative),
            ]
            yield Candidate(sum(near), post_id, post)


def _nearness(p: float | None, cut: Threshold | None) -> float:
    """1 at the cut, falling with the distance in log-odds; 0 of what the model does not tell."""
    if p is None or cut is None:
        return 0.0
    return math.exp(-abs(_log_odds(p) - _log_odds(cut.flag)))


def _log_odds(p: float) -> float:
    clipped = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(clipped / (1 - clipped))


def _diverse(pool: Sequence[Candidate], n: int) -> list[Candidate]:
    """Greedy: uncertainty times the distance to the nearest post chosen so far."""
    if not pool:
        return []
    from sklearn.feature_extraction.text import HashingVectorizer

    texts = masked_texts([candidate.post.text for candidate in pool], keep=False)
    vectors = HashingVectorizer(n_features=2**14, analyzer="char_wb", ngram_range=(3, 4))
    features = vectors.transform(texts)
    value = np.array([candidate.uncertainty for candidate in pool])
    nearest = np.zeros(len(pool))
    left = np.ones(len(pool), dtype=bool)
    authors: Counter[str] = Counter()
    limit = max(1, round(_MAX_PER_AUTHOR * n))
    chosen: list[Candidate] = []
    while len(chosen) < n and left.any():
        best = int(np.argmax(np.where(left, value * (1 - nearest), -1.0)))
        left[best] = False
        author = pool[best].post.author
        if author is not None and authors[author] >= limit:
            continue
        authors[author or ""] += 1
        chosen.append(pool[best])
        similar = np.asarray((features @ features[best].T).todense()).ravel()
        nearest = np.maximum(nearest, similar)
        # A near-duplicate teaches nothing more.
        left &= nearest < 0.95
    return chosen
