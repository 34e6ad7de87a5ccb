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
from contextlib import suppress
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
    rows: dict[int, ScoredPost] = field(default_factory=dict)
    taken: int = 0

    @property
    def n_waiting(self) -> int:
        """Posts that no batch has taken."""
        return len(self.posts) - self.taken

    def take(self, n: int) -> range:
        """The numbers of at most so many of them."""
        start = self.taken
        self.taken = min(start + n, len(self.posts))
        return range(start, self.taken)

    def give(self, number: int, row: ScoredPost) -> None:
        """Take the row of a post; with the last one, the request is done."""
        self.rows[number] = row
        if len(self.rows) == len(self.posts) and not self.done.done():
            self.done.set_result([self.rows[n] for n in range(len(self.posts))])


# Posts of a batch: of which request, and their numbers in it.
_Batch = dict[_Request, list[int]]


class MicroBatcher:
    """Scores the posts of concurrent requests in shared batches.

    Attributes:
        waiting: posts that were accepted and are not scored yet.
    """

    def __init__(
        self,
        score: Score,
        *,
        max_batch: int,
        max_waiting: int,
        threads: int = 1,
        on_batch: Callable[[int, float], None] = lambda n, seconds: None,
    ) -> None:
        """A batcher; call ``start`` inside of a running loop.

        Args:
            score: a row per post, in order; called in threads of its own.
            max_batch: posts that are scored at once.
            max_waiting: posts that may wait.
            threads: batches that are scored at the same time: while one is in a network, which
                needs no Python, another is read.
            on_batch: told the posts and the seconds of each batch.
        """
        self._score, self._max_batch, self._max_waiting = score, max_batch, max_waiting
        self._on_batch = on_batch
        self._queue: deque[_Request] = deque()
        self._filled = asyncio.Event()
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="scoring")
        self._tasks: list[asyncio.Task[None]] = []
        self._rate = 500.0
        self.waiting = 0

    def start(self) -> None:
        """Begin to score."""
        self._tasks = [asyncio.create_task(self._run()) for _ in range(self._threads)]

    async def stop(self, patience: float = 30.0) -> None:
        """Score what was accepted, for so many seconds at most, and end."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while self._queue or self.waiting:
                    await asyncio.sleep(0.01)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._pool.shutdown(wait=False, cancel_futures=True)

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
        while True:
            await self._filled.wait()
            batch = self._batch()
            if not batch:
                self._filled.clear()
                continue
            try:
                await self._work_on(batch)
            except Exception:
                # Whose posts it was that failed shows when each request is scored alone.
                for request, numbers in batch.items():
                    try:
                        await self._work_on({request: numbers})
                    except Exception as error:
                        if not request.done.done():
                            request.done.set_exception(error)
            finally:
                self.waiting -= sum(map(len, batch.values()))

    async def _work_on(self, batch: _Batch) -> None:
        posts = [request.posts[n] for request, numbers in batch.items() for n in numbers]
        how = next(iter(batch)).how
        started, loop = time.monotonic(), asyncio.get_running_loop()
        rows = await loop.run_in_executor(self._pool, self._score, how, posts)
        seconds = time.monotonic() - started
        self._rate += _NEWEST * (self._threads * len(posts) / max(seconds, 1e-6) - self._rate)
        self._on_batch(len(posts), seconds)
        numbered = [(request, n) for request, numbers in batch.items() for n in numbers]
        for (request, n), row in zip(numbered, rows, strict=True):
            request.give(n, row)

    def _batch(self) -> _Batch:
        """Posts of the request that waits longest, and of others that can share its batch."""
        sharing: deque[_Request] = deque()
        passed: deque[_Request] = deque()
        while self._queue and len(sharing) < self._max_batch:
            request = self._queue.popleft()
            if request.done.done():
                self._drop(request)
            elif sharing and request.how != sharing[0].how:
                passed.append(request)
            else:
                sharing.append(request)
        batch: _Batch = {}
        room = self._max_batch
        while sharing and room:
            request = sharing.popleft()
            numbers = request.take(min(_TURN, room))
            batch.setdefault(request, []).extend(numbers)
            room -= len(numbers)
            if request.n_waiting:
                sharing.append(request)
        # Whoever got nothing comes first the next time, and those with other settings before those
        # of which some are scored now.
        nothing = [request for request in sharing if request not in batch]
        some = [request for request in sharing if request in batch]
        self._queue = deque([*nothing, *passed, *self._queue, *some])
        return batch

    def _drop(self, request: _Request) -> None:
        """Forget the posts of a request that nobody waits for."""
        self.waiting -= request.n_waiting
        request.taken = len(request.posts)
