"""Listens on an address until told to end, and finishes what it took by then."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from ...data.errors import InputError
from ..batch.gc_tuning import spare_collector
from .logs import log
from .settings import Settings

# Seconds that answers which are being worked on get at the end.
_GRACE = 30
_BACKLOG = 2048


def run(app: FastAPI, settings: Settings, on_listening: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM.

    Args:
        app: see ``app.create_app``.
        settings: address and port.
        on_listening: told the address, once clients may connect.

    Raises:
        InputError: the address cannot be had.
    """
    listener = _listener(settings.host, settings.port)
    spare_collector()
    with listener:
        _log_without_text()
        config = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, proxy_headers=False,
            timeout_graceful_shutdown=_GRACE, backlog=_BACKLOG, ws="none", lifespan="on",
        )  # fmt: skip
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        on_listening(f"http://{host}:{listener.getsockname()[1]}")
        server = uvicorn.Server(config)
        server.run(sockets=[listener])
        if not server.started:
            raise InputError("the service did not start; the log above says why")


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except (OSError, OverflowError) as error:
        what = getattr(error, "strerror", None) or error
        raise InputError(f"--host {host} --port {port}: {what}; choose another") from None


class _Handler(logging.Handler):
    """What the server says of itself: its own words, without what it was sent."""

    def emit(self, record: logging.LogRecord) -> None:
        log("server", level=record.levelname.lower(), message=str(record.msg).partition("\n")[0])


def _log_without_text() -> None:
    logger = logging.getLogger("uvicorn")
    logger.handlers, logger.propagate = [_Handler()], False
    logger.setLevel(logging.WARNING)
