"""``mlflow models serve`` on the registered model, for real."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS, TRIES = 600, 5


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _asked(address, records):
    body = json.dumps({"dataframe_records": records}).encode()
    request = urllib.request.Request(  # noqa: S310
        address, body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
        return json.loads(answer.read(), parse_constant=pytest.fail)["predictions"]


def _answers(server, address):
    """Whether it comes up; a server whose port was taken meanwhile ends instead."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/ping", timeout=5):  # noqa: S310
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    return False


@contextmanager
def _served(model, folder, environment, manager):
    """Its address, once it answers."""
    for _ in range(TRIES):
        port = _free_port()
        server = subprocess.Popen(
            [Path(sys.executable).parent / "mlflow", "models", "serve", "-m", model,
             "--env-manager", manager, "-h", "127.0.0.1", "-p", str(port)],
            cwd=folder, start_new_session=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment | {"PATH": f"{Path(sys.executable).parent}:{environment['PATH']}"},
        )  # fmt: skip
        try:
            if _answers(server, f"http://127.0.0.1:{port}"):
                yield f"http://127.0.0.1:{port}"
                return
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)
            server.wait()
    pytest.fail("the server did not come up")


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="process groups of POSIX")
@pytest.mark.parametrize("manager", ["local", "uv"])
def test_the_registered_model_answers(manager, tmp_path, request):
    """One row for each post, a bad one with its reason; labels are those of the command line.

    In the environment of the server, and in one that MLflow builds, where this is not installed.
    """
    if manager == "uv":
        request.getfixturevalue("package_index")
    command = [sys.executable, "-m", "unpolished.cli"]
    mine = tmp_path / "mine.jsonl"
    mine.write_text((ROOT / "data" / "corpus" / "posts.jsonl").read_text("utf-8"), "utf-8")
    environment = os.environ | {"UNPOLISHED_CACHE": str(tmp_path / "cache"),
                                "MLFLOW_DISABLE_TELEMETRY": "true"}  # fmt: skip
    environment["MLFLOW_TRACKING_URI"] = f"sqlite:///{tmp_path}/mlflow.db"
    done = subprocess.run(
        [*command, "train", "--recipe", "rules", "--data", mine],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    name = re.search(r"registered as (\S+)", done.stdout)[1]
    text = "in love with this serum from @glow, use code MAYA10 #ad"
    with _served(f"models:/{name}/1", tmp_path, environment, manager) as address:
        posts = [{"id": "a", "text": text}, {"id": "b", "text": " "}]
        rows = _asked(f"{address}/invocations", posts)
    scored = subprocess.run(
        [*command, "score", "-", "-o", "-", "-q", "--model", f"models:/{name}/1"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
        input=json.dumps({"id": "a", "text": text}) + "\n",
    )  # fmt: skip
    expected = json.loads(scored.stdout)
    assert [row["id"] for row in rows] == ["a", "b"]
    for column in ("style", "paid", "performative", "cause", "disclosure"):
        assert rows[0][column] == expected[column]
    assert rows[0]["p_paid"] == pytest.approx(expected["p_paid"], abs=1e-6)
