"""The service beside the plain way, FastAPI around ``transformers.pipeline`` on the same weights.

``python benchmarks/service.py`` (25 minutes; ``--quick`` 5) starts both, loads them in turns from a
process of its own at 1, 8 and 64 clients, with single posts and batches of 100, and prints posts a
second and how long answers took. Then memory over 10,000 requests, and an overload.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from speed.posts import public_texts, write_posts
from speed.weights import default_for_transformers

HERE = Path(__file__).parent
CLIENT, PLAIN = HERE / "service_load" / "client.py", HERE / "service_load" / "plain.py"
CLIENTS, BATCHES = (1, 8, 64), (1, 100)
# Posts that wait where all clients send batches; more than the service takes by default.
WAITING = 2 * CLIENTS[-1] * BATCHES[-1]
# Of so many posts at once, the plain way needs a minute for the first answer.
LONGER = 9
N_POSTS = 20_000


def main() -> None:
    """All of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    seconds, rounds = (4.0, 1) if given.quick else (10.0, given.rounds)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        texts, origin = public_texts()
        write_posts(folder / "posts.jsonl", iter(texts), min(N_POSTS, len(texts)))
        _save_plain(folder / "plain")
        print(f"posts: {origin}; {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
        _compare(folder, seconds, rounds)
        _memory(folder)
        _overload(folder)


def _save_plain(folder: Path) -> None:
    from unpolished.models.finetune.pinned import pinned_encoder
    from unpolished.models.shipped.folders import model_folder

    default_for_transformers(model_folder(None), pinned_encoder(), folder)


def _compare(folder: Path, seconds: float, rounds: int) -> None:
    with ours("--max-waiting", str(WAITING)) as at, plain(folder / "plain") as beside:
        for batch in BATCHES:
            for clients in CLIENTS:
                found: dict[str, list[dict[str, Any]]] = {"ours": [], "plain": []}
                long = clients * batch > WAITING // 4
                for _ in range(1 if long else rounds):
                    for name, url in (("ours", at), ("plain", beside)):
                        time_for = LONGER * seconds if long else seconds
                        said = load(url, folder, clients, batch, "--seconds", time_for)
                        found[name].append(said)
                _print(clients, batch, found)


def _print(clients: int, batch: int, found: dict[str, list[dict[str, Any]]]) -> None:
    def middle(name: str, what: str) -> float:
        return statistics.median(float(one[what]) for one in found[name])

    for name in found:
        times = ", ".join(f"{what} {middle(name, what):,.0f}" for what in ("p50", "p95", "p99"))
        rate = middle(name, "posts_per_second")
        print(f"{clients:3} clients, {batch:3} posts, {name:5}: {rate:7,.0f} posts/s; ms: {times}")
    ratio = middle("ours", "posts_per_second") / middle("plain", "posts_per_second")
    tail = middle("ours", "p99") / middle("plain", "p99")
    print(f"    {ratio:.2f} times the posts/s, {tail:.2f} of the p99", flush=True)


def _memory(folder: Path) -> None:
    """Memory before and after 10,000 requests."""
    with ours() as url:
        load(url, folder, 8, 1, "--requests", 2_000)
        before = _rss()
        load(url, folder, 8, 1, "--requests", 10_000)
        after = _rss()
    print(f"memory over 10,000 requests: {before:.0f} MB before, {after:.0f} MB after "
          f"({after / before:.3f})")  # fmt: skip


def _overload(folder: Path) -> None:
    """More than may wait: what is refused is told so, and what is accepted answered."""
    with ours() as url:
        said = load(url, folder, 32, 500, "--seconds", 30, "--warm", 0)
    print(f"overload, 32 clients with 500 posts each: answers by status {said['statuses']}")


_PIDS: list[int] = []


def _rss() -> float:
    lines = Path(f"/proc/{_PIDS[-1]}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


def load(url: str, folder: Path, clients: int, batch: int, *options: object) -> dict[str, Any]:
    """What ``client.py`` says."""
    command = [
        sys.executable, CLIENT, f"{url}/v1/score", "--posts", folder / "posts.jsonl",
        "--clients", clients, "--batch", batch, *options,
    ]  # fmt: skip
    ended = subprocess.run([*map(str, command)], capture_output=True, text=True, check=True)
    said: dict[str, Any] = json.loads(ended.stdout)
    return said


@contextmanager
def ours(*options: str) -> Iterator[str]:
    """Our service with the default model."""
    command = [sys.executable, "-m", "unpolished.cli", "serve", "--no-jobs", *options]
    with _running(command, "--port") as url:
        yield url


@contextmanager
def plain(folder: Path) -> Iterator[str]:
    """The plain way."""
    with _running([sys.executable, str(PLAIN), str(folder)]) as url:
        yield url


@contextmanager
def _running(command: list[str], *before_port: str) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([*command, *before_port, str(port)], stderr=subprocess.DEVNULL)
    _PIDS.append(process.pid)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{url}/openapi.json", timeout=5)  # noqa: S310
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise SystemExit(f"{command}: does not answer")
        yield url
    finally:
        process.terminate()
        process.wait()
        _PIDS.pop()


if __name__ == "__main__":
    main()
