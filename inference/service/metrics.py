"""What Prometheus may ask: counts and times, never anything of a post."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from ...models.scored_post import ScoredPost
from ...version import __version__

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_BATCH = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Metrics:
    """The metrics of one service; each has its own, so that several can run in a process."""

    def __init__(self, model: str) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "unpolished_requests", "Requests answered", ["method", "route", "status"],
            registry=registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "unpolished_request_seconds", "Seconds from a request to its answer", ["route"],
            buckets=_SECONDS, registry=registry,
        )  # fmt: skip
        self._posts = Counter("unpolished_posts_scored", "Posts scored", registry=registry)
        self._rejected = Counter(
            "unpolished_posts_rejected", "Posts that could not be scored", ["code"],
            registry=registry,
        )  # fmt: skip
        self._batch_posts = Histogram(
            "unpolished_batch_posts", "Posts scored at once", buckets=_BATCH, registry=registry
        )
        self._batch_seconds = Histogram(
            "unpolished_batch_seconds", "Seconds that a batch took", buckets=_SECONDS,
            registry=registry,
        )  # fmt: skip
        about = Gauge("unpolished_info", "What is running", ["version", "model"], registry=registry)
        about.labels(__version__, model).set(1)

    def watch(self, name: str, what: str, value: Callable[[], float]) -> None:
        """Ask for a value whenever Prometheus does."""
        Gauge(f"unpolished_{name}", what, registry=self._registry).set_function(value)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(route).observe(seconds)

    def rows(self, rows: Iterable[ScoredPost]) -> int:
        """Count rows, and return how many could not be scored."""
        scored = rejected = 0
        for row in rows:
            if row.error is None:
                scored += 1
            else:
                rejected += 1
                self._rejected.labels(row.error.partition(":")[0]).inc()
        self._posts.inc(scored)
        return rejected

    def batch(self, posts: int, seconds: float) -> None:
        """Count a batch."""
        self._batch_posts.observe(posts)
        self._batch_seconds.observe(seconds)

    def text(self) -> bytes:
        """In Prometheus' text format."""
        return generate_latest(self._registry)
