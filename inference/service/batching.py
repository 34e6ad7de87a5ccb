"""Posts of all requests, scored together: what waits is shared out in turns.

While one batch is scored, requests queue up, and the next batch takes some posts of each, so that
nobody waits for a timer and a large request holds up no small one.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from ...data.posts import Post
from ...models.disclosed import Asked
from ...models.pipeline import ReasonsFor
from ...models.scored_post import ScoredPost

# Posts that a request gets into a batch before it is the next one's turn.
_TURN = 32
# Weight of the newest batch in the rate that Retry-After is told by.
_NEWEST = 0.2


@dataclass(frozen=True)
class How:
    """How posts are scored; only posts that share it can share a batch.

    Attributes:
        asked: whose disclosure rules apply.
        reasons: ``none``, ``flagged`` or ``all``.
        prevalence: axis and share, sorted.
    """

    asked: Asked
    reasons: ReasonsFor = "none"
    prevalence: tuple[tuple[str, float], ...] = ()


Score = Callable[[How, Sequence[Post]], Sequence[ScoredPost]]


class QueueFullError(Exception):
    """As many posts are waiting as may.

    Attributes:
        seconds: after which there may be room.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__("too many posts are waiting")
        self.seconds = seconds


@dataclass(eq=False)
class _Request:
    """Posts of one request, and the rows that are there by now."""

    how: How
    posts: Sequence[Post]
    done: asyncio.Future[list[ScoredPost]]
    rows: list[ScoredPost] = field(default_factory=list)

    def turn(self, room: int) -> Sequence[Post]:
        start = len(self.rows)
        return self.posts[start : start + min(_TURN, room)]


class MicroBatcher:
    """Scores the posts of concurrent requests in shared batches, in one thread.

    Attributes:
        waiting: posts that were accepted and are not scored yet.
    """

    def __init__(
        self,
        score: Score,
        *,
        max_batch: int,
        max_waiting: int,
        on_batch: Callable[[int, float], None] = lambda n, seconds: None,
    ) -> None:
        """A batcher; call ``start`` inside of a running loop.

        Args:
            score: a row per post, in order; called in a thread of its own.
            max_batch: posts that are scored at once.
            max_waiting: posts that may wait.
            on_batch: told the posts and the seconds of each batch.
        """
        self._score, self._max_batch, self._max_waiting = score, max_batch, max_waiting
        self._on_batch = on_batch
        self._queue: deque[_Request] = deque()
        self._filled = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="scoring")
        self._task: asyncio.Task[None] | None = None
        self._rate = 500.0
        self.waiting = 0

    def start(self) -> None:
        """Begin to score."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Score what was accepted, and end."""
        while self._queue or self.waiting:
            await asyncio.sleep(0.01)
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._thread.shutdown()

    async def score(self, posts: Sequence[Post], how: How) -> list[ScoredPost]:
        """A row per post, in order.

        Raises:
            QueueFullError: too many posts are waiting; none of these was accepted.
        """
        if not posts:
            return []
        if self.waiting + len(posts) > self._max_waiting:
            raise QueueFullError(self.waiting / self._rate)
        request = _Request(how, posts, asyncio.get_running_loop().create_future())
        self.waiting += len(posts)
        self._queue.append(request)
        self._filled.set()
        # Where the caller gives up, the future is cancelled, and what is left of it is dropped.
        return await request.done

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._filled.wait()
            batch = self._batch()
            if not batch:
                self._filled.clear()
                continue
            posts = [post for _, some in batch for post in some]
            started = time.monotonic()
            try:
                rows = await loop.run_in_executor(self._thread, self._score, batch[0][0].how, posts)
            except Exception as error:
                self._failed(batch, error)
                continue
            seconds = time.monotonic() - started
            self._rate += _NEWEST * (len(posts) / max(seconds, 1e-6) - self._rate)
            self._on_batch(len(posts), seconds)
            self._give(batch, rows)

    def _batch(self) -> list[tuple[_Request, Sequence[Post]]]:
        """Some posts of each request that can share a batch with the one that waits longest."""
        batch: list[tuple[_Request, Sequence[Post]]] = []
        passed: list[_Request] = []
        room = self._max_batch
        while self._queue and room:
            request = self._queue.popleft()
            if request.done.done():
                self.waiting -= len(request.posts) - len(request.rows)
            elif batch and request.how != batch[0][0].how:
                passed.append(request)
            else:
                some = request.turn(room)
                batch.append((request, some))
                room -= len(some)
        # Those with other settings keep their place.
        self._queue.extendleft(reversed(passed))
        return batch

    def _give(
        self, batch: Sequence[tuple[_Request, Sequence[Post]]], rows: Sequence[ScoredPost]
    ) -> None:
        start = 0
        for request, some in batch:
            request.rows += rows[start : start + len(some)]
            start += len(some)
            self.waiting -= len(some)
            if len(request.rows) < len(request.posts):
                self._queue.append(request)
            elif not request.done.done():
                request.done.set_result(request.rows)

    def _failed(self, batch: Sequence[tuple[_Request, Sequence[Post]]], error: Exception) -> None:
        for request, _ in batch:
            self.waiting -= len(request.posts) - len(request.rows)
            if not request.done.done():
                request.done.set_exception(error)
