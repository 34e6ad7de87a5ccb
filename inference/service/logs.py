"""One line of JSON for each request and event, on standard error; never anything of a post."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

Log = Callable[..., None]


def log(event: str, **fields: Any) -> None:  # noqa: ANN401
    """Write a line.

    Args:
        event: what happened.
        fields: numbers, names and codes about it.
    """
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = {"time": now, "event": event} | {k: v for k, v in fields.items() if v is not None}
    # Whoever read it may have gone, or its disk be full: nobody goes without an answer for that.
    with suppress(OSError, ValueError):
        sys.stderr.write(json.dumps(line) + "\n")
        sys.stderr.flush()


def where(error: BaseException) -> str:
    """The kind of an error and the place it came from, without its message, which may quote."""
    trace = error.__traceback__
    place = "?"
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {place}"
