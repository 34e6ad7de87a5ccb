"""How near a creator's posts of high commitment are to each point of a brief.

Cosines of sentence embeddings (Reimers and Gurevych 2019). For each point, creators are ordered by
the mean over their three nearest posts; over all points by the mean of these. No cosine says
"near": of posts on a point's own cause most lie below what a few on other causes reach
(``benchmarks/studies/brief.py``), so there are orders within a file and the posts behind them.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...data.text.masking import mask
from ...models.shipped.sentence_encoder import sentence_encoder
from .brief import Point
from .creators import Creator, Key, VettedPost

# Posts that a creator is ranked by; of fewer, nothing is said.
NEAREST = 3
# Of embeddings that were computed beside different others, so many digits are the same.
_DIGITS = 4


class Near(NamedTuple):
    """A post, and the cosine of its embedding with that of a point."""

    post: VettedPost
    cosine: float


class PointFit(NamedTuple):
    """One creator and one point of the brief.

    Attributes:
        point: of the brief.
        nearest: posts of high commitment, at most ``NEAREST`` of different texts, nearest first.
        cosine: the mean over them; None of fewer, or where the point cannot be read.
        rank: among the creators that have a cosine; equal ones share it.
    """

    point: Point
    nearest: tuple[Near, ...]
    cosine: float | None
    rank: int | None = None


class Fit(NamedTuple):
    """One creator and the brief.

    Attributes:
        key: who.
        committed: posts of high commitment.
        texts: different ones among them.
        points: in the order of the brief.
        cosine: the mean over the points that can be read; None of too few posts.
        place: among the creators that have a cosine; equal ones share it.
    """

    key: Key
    committed: int
    texts: int
    points: tuple[PointFit, ...]
    cosine: float | None
    place: int | None = None

    @property
    def said(self) -> str:
        """Why there is no cosine; empty where there is one."""
        if not self.committed:
            return "no post of high commitment"
        return f"too few to say: fewer than {NEAREST} texts" if self.cosine is None else ""


class Comparison:
    """Compares posts with the points of a brief, each text once."""

    def __init__(self, points: Sequence[Point]) -> None:
        """Embed the points.

        Args:
            points: of a brief, one of which can be read.
        """
        self.points = tuple(points)
        self._of_points = _embedded([mask(point.text).text for point in points])
        # By the hash of a post's text: that of its masked view, and a cosine for each point.
        self._known: dict[str, tuple[str, NDArray[np.float64]]] = {}

    def add(self, posts: Iterable[VettedPost]) -> None:
        """Compare those posts that show high commitment."""
        texts = {post.sha256: post.text for post in posts if is_committed(post)}
        new = {name: mask(text).text for name, text in texts.items() if name not in self._known}
        cosines = _embedded(list(new.values())) @ self._of_points.T
        for (name, text), row in zip(new.items(), cosines, strict=True):
            self._known[name] = _hash(text), np.round(row.astype(np.float64), _DIGITS)

    def fits(self, creators: Sequence[Creator]) -> list[Fit]:
        """The creators, nearest first; then those with too few posts to say, by their names.

        Posts that were not added before are compared now.
        """
        self.add(post for creator in creators for post in creator.posts)
        fits = [self._fit(creator) for creator in creators]
        ranks = [_ranks([fit.points[n].cosine for fit in fits]) for n in range(len(self.points))]
        places = _ranks([fit.cosine for fit in fits])
        ranked = [
            fit._replace(
                place=places[i],
                points=tuple(one._replace(rank=ranks[n][i]) for n, one in enumerate(fit.points)),
            )
            for i, fit in enumerate(fits)
        ]
        return sorted(ranked, key=lambda fit: (fit.place or len(fits) + 1, fit.key))

    def _fit(self, creator: Creator) -> Fit:
        committed = [post for post in creator.posts if is_committed(post)]
        # A caption that is posted again is not a second post near the point.
        different: dict[str, tuple[VettedPost, NDArray[np.float64]]] = {}
        for post in committed:
            text, cosines = self._known[post.sha256]
            different.setdefault(text, (post, cosines))
        points = []
        for n, point in enumerate(self.points):
            found = [Near(post, float(cosines[n])) for post, cosines in different.values()]
            found.sort(key=lambda near: (-near.cosine, near.post.id, near.post.sha256))
            nearest = tuple(found[:NEAREST]) if point.readable else ()
            points.append(PointFit(point, nearest, _mean([near.cosine for near in nearest])))
        known = [one.cosine for one in points if one.cosine is not None]
        overall = round(sum(known) / len(known), _DIGITS) if known else None
        return Fit(creator.key, len(committed), len(different), tuple(points), overall)


def is_committed(post: VettedPost) -> bool:
    """Whether a post could be judged and shows high commitment to a cause."""
    return post.judged and post.row.cause == "high"


def fit_rows(fits: Iterable[Fit]) -> Iterator[dict[str, Any]]:
    """One row for each creator and point, as ``brief.csv`` has it."""
    for fit in fits:
        for number, one in enumerate(fit.points, 1):
            other = "" if one.point.readable else "the point is not in English"
            yield {
                "place": fit.place, "platform": fit.key.platform or None, "creator": fit.key.name,
                "point": number, "line": one.point.line, "text": one.point.text,
                "rank": one.rank, "mean_of_nearest": one.cosine, "mean_over_points": fit.cosine,
                "committed_posts": fit.committed, "committed_texts": fit.texts,
                "said": other or fit.said,
                "nearest": [
                    {"post": near.post.id, "text_sha256": near.post.sha256, "url": near.post.url,
                     "cosine": near.cosine}
                    for near in one.nearest
                ],
            }  # fmt: skip


def _embedded(texts: list[str]) -> NDArray[np.float32]:
    return sentence_encoder().read(texts).output


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _mean(cosines: Sequence[float]) -> float | None:
    return round(sum(cosines) / NEAREST, _DIGITS) if len(cosines) == NEAREST else None


def _ranks(values: Sequence[float | None]) -> list[int | None]:
    """1 for the highest; equal values share a rank, and what is not known has none."""
    known = sorted(value for value in values if value is not None)
    return [
        None if value is None else 1 + len(known) - bisect_right(known, value) for value in values
    ]
