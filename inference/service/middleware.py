"""Around every request: its id, its host, its time, its line in the log, and its last error."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .bodies import in_time
from .logs import Log, where
from .metrics import Metrics
from .problems import Fault, Problem, ProblemCode, problem_response
from .settings import Settings

_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
_SHOWN_FAULTS = 10
_CODES: dict[int, ProblemCode] = {
    400: "value", 401: "key", 404: "not_found", 405: "method", 413: "too_large", 415: "media_type",
}  # fmt: skip
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
UPLOAD = "/v1/jobs"


@dataclass(eq=False)
class Told:
    """What a route tells the log about a request.

    Attributes:
        request_id: of it.
        client: name of the API key.
        posts: that were sent.
        rejected: of these, that could not be scored.
    """

    request_id: str
    client: str | None = None
    posts: int | None = None
    rejected: int | None = None


class Guard:
    """The outermost layer: whatever happens inside, there is one answer and one line of the log."""

    def __init__(self, app: ASGIApp, *, settings: Settings, metrics: Metrics, log: Log) -> None:
        self._app, self._settings, self._metrics, self._log = app, settings, metrics, log
        self._hosts = frozenset(host.lower() for host in settings.hosts)
        self._allowed = frozenset(host.lower() for host in settings.allowed_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; other scopes go on as they are."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers, started, status = Headers(scope=scope), time.monotonic(), 0
        given = headers.get("x-request-id", "")
        told = scope["told"] = Told(given if _ID.fullmatch(given) else uuid4().hex)

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                added = MutableHeaders(scope=message)
                added["X-Request-ID"] = told.request_id
                for name, value in _SAFE.items():
                    added.setdefault(name, value)
                added.setdefault("Cache-Control", "no-store")
            await send(message)

        error = None
        try:
            self._check_host(scope, headers)
            self._check_size(scope, headers)
            await self._app(scope, self._timed(scope, receive), noted)
        except Exception as raised:
            problem = as_problem(raised)
            error = None if problem.code != "internal" else where(raised)
            if not status:
                await problem_response(problem, told.request_id)(scope, receive, noted)
        seconds = time.monotonic() - started
        # The pattern of the path: a path itself may hold anything.
        route = getattr(scope.get("route"), "path", "other")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.request(method, route, status, seconds)
        self._log(
            "request", request_id=told.request_id, method=method, route=route, status=status,
            ms=round(seconds * 1000, 1), client=told.client, posts=told.posts,
            rejected=told.rejected, error=error,
        )  # fmt: skip

    def _timed(self, scope: Scope, receive: Receive) -> Receive:
        settings = self._settings
        is_upload = scope["path"] == UPLOAD
        total = settings.upload_timeout if is_upload else settings.body_timeout
        return in_time(receive, total=total, idle=settings.idle_timeout)

    def _check_size(self, scope: Scope, headers: Headers) -> None:
        """Refuse a body that says of itself that it is too large; others are cut off as they come.

        Raises:
            Problem: too large.
        """
        settings = self._settings
        limit = settings.max_form if scope["path"] == UPLOAD else settings.max_body
        size = headers.get("content-length", "0")
        if size.isdecimal() and int(size) > limit:
            raise Problem(413, "too_large", f"at most {limit >> 10:,} KB are taken")

    def _check_host(self, scope: Scope, headers: Headers) -> None:
        """Refuse requests that a page elsewhere makes a browser send.

        Raises:
            Problem: another host name (DNS rebinding), or another origin.
        """
        host = headers.get("host", "")
        if _name_of(host) not in self._hosts:
            raise Problem(421, "host", "this service has another name; see --allow-host")
        if scope["path"] == "/" and headers.get("sec-fetch-mode") == "navigate":
            return  # A link to the page, wherever it stands.
        site = headers.get("sec-fetch-site", "none")
        if not self._is_own(headers.get("origin"), host) or site not in ("none", "same-origin"):
            raise Problem(403, "origin", "requests of pages elsewhere are not taken")

    def _is_own(self, origin: str | None, host: str) -> bool:
        """Whether a page is this service's own, as its browser or a proxy before it calls it."""
        if origin is None:
            return True
        try:
            netloc = urlsplit(origin).netloc.lower()
        except ValueError:
            return False
        return bool(netloc) and (netloc == host.lower() or _name_of(netloc) in self._allowed)


_METHODS = ("GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT", "PATCH")


def _name_of(host: str) -> str:
    """A Host header without its port.

    >>> _name_of("Localhost:8000"), _name_of("[::1]:8000")
    ('localhost', '[::1]')
    """
    if host.startswith("["):
        return host[: host.find("]") + 1].lower()
    return host.partition(":")[0].lower()


def as_problem(error: Exception) -> Problem:
    """Any error as the answer to give."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        return Problem(422, "value", "values are at fault", faults=list(_faults(error)))
    if isinstance(error, HTTPException):
        code = _CODES.get(error.status_code, "value")
        if code == "too_large":
            return Problem(413, code, "larger than is taken; GET /v1/model tells the limits")
        return Problem(error.status_code, code, str(error.detail), headers=error.headers)
    return Problem(500, "internal", "an internal error; the log has it under this request id")


def _faults(error: RequestValidationError) -> Iterable[Fault]:
    """What is at fault, and where; the values themselves are not repeated."""
    for one in error.errors()[:_SHOWN_FAULTS]:
        place = ".".join(str(part) for part in one["loc"])
        yield Fault(field=place[:200], message=str(one["msg"])[:200])
