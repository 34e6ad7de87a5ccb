"""The bodies of requests: in time, of the right type, and JSON as the batch scorer reads it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from fastapi import Request
from starlette.types import Message, Receive

from ...data.io.formats.json_objects import strict_json
from .problems import Problem


class StrictRequest(Request):
    """A request whose JSON is refused where it is ambiguous."""

    async def json(self) -> Any:  # noqa: ANN401
        """The body.

        Raises:
            Problem: no JSON, NaN, a key that appears twice, or not UTF-8.
        """
        if not hasattr(self, "_json"):
            try:
                self._json = strict_json(await self.body())
            except ValueError as error:
                raise Problem(400, "json", f"the body is {error}") from None
        return self._json


def check_type(request: Request) -> None:
    """Refuse what is no JSON by its type, so that no form of a page elsewhere gets through.

    Raises:
        Problem: another type, or compressed.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(415, "media_type", "send JSON, with Content-Type: application/json")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(415, "media_type", "send the body uncompressed")


def in_time(receive: Receive, *, total: float, idle: float) -> Receive:
    """A body that has to arrive in so many seconds, and some of it always.

    Raises:
        Problem: it does not.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + total
    arrived = False

    async def timed() -> Message:
        nonlocal arrived
        if arrived:
            # What comes then is that the client has gone, for which one may wait.
            return await receive()
        try:
            async with asyncio.timeout(max(0.0, min(idle, end - loop.time()))):
                message = await receive()
        except TimeoutError:
            raise Problem(
                408,
                "too_slow",
                "the request did not arrive in time",
                headers={"Connection": "close"},
            ) from None
        arrived = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return timed


def dumped(value: Any) -> bytes:  # noqa: ANN401
    """A value as JSON; NaN is an error, never ``null``."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
