"""Clients of a service, a process of its own: ``python client.py URL --posts FILE --clients 64``.

Each client sends its next request when it has the answer to the last. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlsplit


class Connection:
    """HTTP/1.1 on one connection, with as little work of the client's own as will do."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port, self._path = parts.hostname or "", parts.port or 80, parts.path
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, body: bytes) -> tuple[int, bytes]:
        """Status and body of an answer."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        head = (
            f"POST {self._path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/json"
            f"\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        header = await reader.readuntil(b"\r\n\r\n")
        size = 0
        for line in header.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                size = int(value)
        content = await reader.readexactly(size)
        if b"connection: close" in header.lower():
            writer.close()
            self._streams = None
        return int(header.split(b" ", 2)[1]), content


def bodies(posts: Path, batch: int) -> Iterator[bytes]:
    """Requests of so many posts, for ever."""
    texts = cycle([json.loads(line)["text"] for line in posts.read_text("utf-8").splitlines()])
    while True:
        yield json.dumps({"posts": list(islice(texts, batch)), "reasons": "none"}).encode()


async def load(
    url: str, posts: Path, clients: int, batch: int, *, seconds: float, warm: float, requests: int
) -> dict[str, object]:
    """Ask for so long, or so often, and tell how long answers took.

    Args:
        url: of the route.
        posts: a JSONL file.
        clients: at once.
        batch: posts of a request.
        seconds: for which answers are counted.
        warm: seconds before.
        requests: 0, or how many are sent instead.
    """
    waiting = bodies(posts, batch)
    started = time.perf_counter()
    begin, end = started + warm, started + warm + seconds
    took: list[float] = []
    statuses: Counter[int] = Counter()
    left = requests

    async def client() -> None:
        nonlocal left
        connection = Connection(url)
        while left > 0 if requests else time.perf_counter() < end:
            left -= 1
            body = next(waiting)
            at = time.perf_counter()
            status, _ = await connection.post(body)
            now = time.perf_counter()
            statuses[status] += 1
            if status == HTTPStatus.TOO_MANY_REQUESTS:
                # As it was asked to, or about so long.
                await asyncio.sleep(1)
            if status == HTTPStatus.OK and (requests or begin <= now <= end):
                took.append(now - at)

    await asyncio.gather(*(client() for _ in range(clients)))
    took.sort()
    if not took:
        raise SystemExit(f"no answer within {seconds} s; give more --seconds")
    whole = time.perf_counter() - started if requests else seconds
    return {
        "posts_per_second": len(took) * batch / whole,
        "requests": len(took),
        **{f"p{q}": 1000 * took[min(len(took) - 1, len(took) * q // 100)] for q in (50, 95, 99)},
        "statuses": {str(status): n for status, n in statuses.items()},
    }


def main() -> None:
    """One load."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--posts", type=Path, required=True)
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--warm", type=float, default=2.0)
    parser.add_argument("--requests", type=int, default=0)
    given = parser.parse_args()
    found = asyncio.run(
        load(
            given.url, given.posts, given.clients, given.batch, seconds=given.seconds,
            warm=given.warm, requests=given.requests,
        )
    )  # fmt: skip
    print(json.dumps(found))


if __name__ == "__main__":
    main()
