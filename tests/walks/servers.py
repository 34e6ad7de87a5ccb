"""Real servers for a test: PostgreSQL, and MLflow's server on it; both on this machine alone."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

NEEDED = "UNPOLISHED_NEEDS_POSTGRES"
_SECONDS = 120


@contextmanager
def postgres():
    """An empty database; yields its address, which has a password that nobody else knows.

    Where Debian's ``postgresql`` is missing the test is skipped, or fails if it must not be.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="unpolished-postgres-"))
    # It refuses to be run by root.
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if not os.geteuid() else {}
    try:
        password = secrets.token_hex(16)
        (folder / "password").write_text(password, "utf-8")
        if user:
            for path in (folder, folder / "password"):
                shutil.chown(path, "postgres", "postgres")
        made = [programs / "initdb", "-D", folder / "data", "-U", "unpolished", "--encoding=UTF8",
                "--locale=C", "--auth=scram-sha-256", "--pwfile", folder / "password",
                "--no-sync"]  # fmt: skip
        subprocess.run(made, check=True, cwd=folder, capture_output=True, **user)
        port = _free_port()
        command = [programs / "postgres", "-D", folder / "data", "-h", "127.0.0.1", "-p", str(port),
                   "-F", "-c", "unix_socket_directories="]  # fmt: skip
        with _running(command, folder / "log", signal.SIGINT, cwd=folder, **user) as process:
            asked = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
            _wait(
                process, folder / "log", lambda: not subprocess.run(asked, check=False).returncode
            )
            yield f"postgresql+psycopg://unpolished:{password}@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(folder)


@contextmanager
def mlflow_server(store, artifacts, log):
    """MLflow's server; yields its address.

    Args:
        store: address of the database.
        artifacts: folder that the server keeps artefacts in; clients send them to the server.
        log: file for what it prints.
    """
    port = _free_port()
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", store,
               "--artifacts-destination", artifacts.as_uri(), "--serve-artifacts",
               "--host", "127.0.0.1", "--port", str(port), "--workers", "2"]  # fmt: skip
    environment = os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true"}
    environment.pop("MLFLOW_TRACKING_URI", None)
    address = f"http://127.0.0.1:{port}"
    with _running(command, log, signal.SIGTERM, cwd=log.parent, env=environment) as process:
        _wait(process, log, lambda: _answers(f"{address}/health"))
        yield address


def _programs():
    found = [p for p in Path("/usr/lib/postgresql").glob("*/bin") if (p / "initdb").is_file()]
    if not found:
        end = pytest.fail if os.environ.get(NEEDED) else pytest.skip
        end("needs PostgreSQL: apt-get install postgresql")
    if not os.geteuid():
        pwd.getpwnam("postgres")
    return max(found, key=lambda path: float(path.parent.name))


def _free_port():
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


@contextmanager
def _running(command, log, stop, **given):
    with log.open("wb") as stream:
        process = subprocess.Popen(
            list(map(str, command)), stdout=stream, stderr=stream, start_new_session=True, **given
        )
    try:
        yield process
    finally:
        # A server's own processes end with it, and it with them.
        process.send_signal(stop)
        try:
            process.wait(30)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _wait(process, log, ready):
    deadline = time.monotonic() + _SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the server did not come up: {log.read_text('utf-8', 'replace')[-2000:]}")
        time.sleep(0.2)


def _answers(address):
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
            return answer.status == 200
    except OSError:
        return False
