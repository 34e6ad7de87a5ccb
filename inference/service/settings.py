"""How the service runs: addresses, limits, and where it keeps jobs."""

from __future__ import annotations

import ipaddress
import math
import re
from dataclasses import dataclass, field
from pathlib import Path

from ...data.errors import InputError
from ...data.values.choices import check_number

MAX_POSTS = 1_000
LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
# What a form has around its file.
_AROUND = 1 << 16
DAY = 24 * 3600
_HOST = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\]", re.ASCII)


@dataclass(frozen=True)
class Settings:
    """How the service runs.

    Attributes:
        host: address that it listens on.
        port: of it; 0 takes one that is free.
        allowed_hosts: further names under which clients may reach it.
        keys: file of API keys, see ``keys.Keys``; without one only this machine may ask.
        jobs: folder of jobs; None takes no jobs.
        max_body: bytes of a request with posts.
        max_upload: bytes of a file.
        max_waiting: posts that may wait to be scored, over all requests.
        max_jobs: jobs that may wait or run.
        max_batch: posts that are scored at once.
        threads: batches at the same time.
        timeout: seconds from a request's last byte to its answer.
        body_timeout: seconds in which a request with posts has to arrive.
        upload_timeout: seconds in which a file has to arrive.
        idle_timeout: seconds in which some byte has to arrive.
        keep_jobs: seconds for which a job that has ended is kept.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    allowed_hosts: tuple[str, ...] = ()
    keys: Path | None = None
    jobs: Path | None = None
    max_body: int = 16 << 20
    max_upload: int = 1 << 30
    max_waiting: int = 4 * MAX_POSTS
    max_jobs: int = 100
    max_batch: int = 256
    threads: int = 2
    timeout: float = 60.0
    body_timeout: float = 60.0
    upload_timeout: float = 3600.0
    idle_timeout: float = 30.0
    keep_jobs: float = field(default=7.0 * DAY)

    def __post_init__(self) -> None:
        """Refuse what means nothing, and an open door.

        Raises:
            InputError: an address that others reach, without API keys.
            ValueError: a number below 1.
        """
        for name in ("max_body", "max_upload", "max_waiting", "max_jobs", "max_batch", "threads"):
            check_number(name, getattr(self, name))
        for name in ("timeout", "body_timeout", "upload_timeout", "idle_timeout", "keep_jobs"):
            if not math.isfinite(getattr(self, name)) or getattr(self, name) < 0:
                raise ValueError(f"{name} {getattr(self, name)}: give a number of seconds")
        for name in self.allowed_hosts:
            if not _HOST.fullmatch(name):
                raise InputError(
                    f"--allow-host {name}: give a name such as posts.example.org, or an address, "
                    "without scheme and port"
                )
        if self.max_waiting < MAX_POSTS:
            raise ValueError(
                f"max_waiting {self.max_waiting}: a request may have {MAX_POSTS} posts"
            )
        if self.keys is None and not is_loopback(self.host):
            raise InputError(
                f"--host {self.host}: others can reach this address, so API keys are needed; make "
                "one with unpolished api-key NAME --keys keys.txt, and give --keys keys.txt"
            )

    @property
    def max_form(self) -> int:
        """Bytes of a form with a file."""
        return self.max_upload + _AROUND

    @property
    def hosts(self) -> tuple[str, ...]:
        """All names under which clients may reach the service."""
        return (*LOCAL_NAMES, *self.allowed_hosts, *_named(self.host))


def is_loopback(host: str) -> bool:
    """Whether an address is one that only this machine reaches.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _named(host: str) -> tuple[str, ...]:
    """What clients write for an address; nothing for one that stands for all."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return (host,)
    if address.is_unspecified:
        return ()
    return (f"[{host}]" if address.version == 6 else host,)
