"""Settings of MLflow, and the address of its store, for training and inference."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

TRACKING_VARIABLE = "MLFLOW_TRACKING_URI"
SQLITE = "sqlite:///"
_PORTS = {"http": 80, "https": 443}
_KNOCK_SECONDS = 5

# Telemetry is on by default. Schema errors would echo the text of posts. Pickles are allowed by
# default. The rest keeps progress bars and advice out of our own output.
_SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_DISABLE_SCHEMA_DETAILS": "true",
    "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
}


def settle_mlflow() -> None:
    """Switch off telemetry, pickles and log messages; call it before every ``import mlflow``.

    What the user has set stays, but for the first three, which guard privacy and safety.
    """
    for name, value in _SETTINGS.items():
        if name in ("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "MLFLOW_LOGGING_LEVEL"):
            os.environ.setdefault(name, value)
        else:
            os.environ[name] = value


class UnreachableError(ConnectionError):
    """The tracking server does not answer; the message names its address."""


def check_reachable(uri: str) -> None:
    """Knock at a tracking server, for MLflow would go on trying for minutes.

    Through a proxy, only it could tell: nothing is asked then.

    Args:
        uri: of the store; what is no ``http`` address passes.

    Raises:
        UnreachableError: nobody answers there.
    """
    address = urlsplit(uri)
    if address.scheme not in _PORTS or not address.hostname:
        return
    if address.scheme in getproxies() and not proxy_bypass(address.hostname):
        return
    place = (address.hostname, address.port or _PORTS[address.scheme])
    try:
        socket.create_connection(place, timeout=_KNOCK_SECONDS).close()
    except OSError as error:
        shown = f"{address.scheme}://{place[0]}:{place[1]}"
        raise UnreachableError(
            f"the tracking server {shown} cannot be reached ({error}): start it, or set "
            f"{TRACKING_VARIABLE} to another"
        ) from error


def tracking_uri() -> str:
    """``MLFLOW_TRACKING_URI``, or ``mlflow.db`` in the current folder.

    SQLite paths are made absolute: MLflow keeps one open store per address, and a relative one
    would go on meaning the folder it was first used in.
    """
    given = os.environ.get(TRACKING_VARIABLE, "").strip() or f"{SQLITE}mlflow.db"
    if given.startswith(SQLITE):
        return SQLITE + str(Path(given.removeprefix(SQLITE)).absolute())
    return given
