"""``unpolished serve`` as a process: signals, kills, slow clients."""

import json
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid

import pytest
from unpolished.inference.batch.score_file import score_file
from unpolished.models.pipeline import Pipeline

from .running import get, post, serving

BODY = json.dumps({"posts": ["late bus again"], "reasons": "none"}).encode()


def command(*arguments):
    """Run the command line."""
    return subprocess.run(
        [sys.executable, "-m", "unpolished.cli", *map(str, arguments)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def upload(url, content, name="posts.jsonl"):
    """Send a file; the id of its job."""
    edge = uuid.uuid4().hex
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
    kind = f"multipart/form-data; boundary={edge}"
    return json.loads(post(f"{url}/v1/jobs", body, **{"content-type": kind}))["id"]


def test_what_cannot_be_served_is_said_in_one_line(rules_folder, tmp_path):
    """With exit code 2."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for given, why in (
            (("--port", port), "choose another"),
            (("--host", "0.0.0.0"), "API keys are needed"),  # noqa: S104
            (("--keys", tmp_path / "none.txt"), "none.txt"),
            (("--model", tmp_path / "none"), "none"),
            (("--jobs", "j", "--no-jobs"), "contradict"),
        ):
            ended = command("serve", "--no-jobs", "--model", rules_folder, *given)
            assert ended.returncode == 2, ended.stderr
            assert why in ended.stderr
            assert "Traceback" not in ended.stderr


def test_a_key_is_made_by_a_command_and_lets_in(rules_folder, tmp_path):
    """A name is given once."""
    keys = tmp_path / "keys.txt"
    made = command("api-key", "newsroom", "--keys", keys)
    assert made.returncode == 0
    with serving(rules_folder, "--keys", keys, "--no-jobs") as (url, _):
        key = made.stdout.strip()
        assert b"results" in post(f"{url}/v1/score", BODY, authorization=f"Bearer {key}")
    assert command("api-key", "newsroom", "--keys", keys).returncode == 2


def test_ending_finishes_what_was_accepted(rules_folder):
    """A request whose body had begun to come."""
    with serving(rules_folder, "--no-jobs") as (url, process):
        host, _, port = url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as client:
            head = f"POST /v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(BODY)}\r\n"
            client.sendall(f"{head}Content-Type: application/json\r\n\r\n".encode() + BODY[:10])
            # What answers after it has read as far.
            get(f"{url}/healthz")
            process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            client.sendall(BODY[10:])
            answer = client.recv(1 << 16)
        assert answer.startswith(b"HTTP/1.1 200")
        assert process.wait(30) in (0, -signal.SIGTERM)


def test_slow_clients_hold_up_nobody(rules_folder):
    """Half of them in the head of a request, half in its body."""
    with serving(rules_folder, "--no-jobs") as (url, _):
        host, _, port = url.removeprefix("http://").partition(":")
        slow = [socket.create_connection((host, int(port))) for _ in range(200)]
        head = "POST /v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        for i, client in enumerate(slow):
            client.sendall(
                head.encode() if i % 2 else f"{head}Content-Length: 99\r\n\r\n{{".encode()
            )
        for _ in range(20):
            assert b"results" in post(f"{url}/v1/score", BODY, timeout=10)
        for client in slow:
            client.close()


@pytest.mark.slow
def test_a_job_outlives_a_kill(rules_folder, tmp_path):
    """The next service goes on where parts are complete; the rows are the same bytes."""
    posts = b"".join(
        json.dumps({"id": f"p{n}", "text": f"late bus {n}, again and again"}).encode() + b"\n"
        for n in range(40_000)
    )
    (tmp_path / "posts.jsonl").write_bytes(posts)
    score_file(Pipeline.load(rules_folder), tmp_path / "posts.jsonl", tmp_path / "expected.jsonl")
    jobs = tmp_path / "jobs"
    with serving(rules_folder, "--jobs", jobs) as (url, process):
        job = upload(url, posts)
        partial = jobs / job / "out" / "scored.jsonl.partial" / "data"
        for _ in range(3000):
            if partial.is_dir() and any(partial.glob("part-*")):
                break
            time.sleep(0.01)
        process.kill()
        process.wait()
    done_before = len(list(partial.glob("part-*")))
    assert done_before
    with serving(rules_folder, "--jobs", jobs) as (url, _):
        for _ in range(1200):
            said = json.loads(get(f"{url}/v1/jobs/{job}"))
            if said["state"] in ("done", "failed"):
                break
            time.sleep(0.05)
        assert (said["state"], said["rows"]) == ("done", 40_000), said
        got = get(url + said["files"][0]["url"])
    assert got == (tmp_path / "expected.jsonl").read_bytes()


@pytest.mark.slow
def test_no_process_is_left_behind(rules_folder, tmp_path):
    """The process of a job ends when the service is killed."""
    posts = b'{"text": "late bus again"}\n' * 60_000
    with serving(rules_folder, "--jobs", tmp_path / "jobs") as (url, process):
        upload(url, posts)
        for _ in range(1000):
            if children := _children(process.pid):
                break
            time.sleep(0.01)
        assert children
    for _ in range(500):
        if not any(_alive(pid) for pid in children):
            return
        time.sleep(0.01)
    pytest.fail("the process that scored still runs")


def _children(pid):
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, check=False
    )
    return [int(one) for one in found.stdout.split()]


def _alive(pid):
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False)
    return found.stdout.strip() not in (b"",) and not found.stdout.startswith(b"Z")


def test_many_connections_at_once_are_answered(rules_folder):
    """Each with its row."""
    with serving(rules_folder, "--no-jobs") as (url, _):
        answers = []

        def ask():
            answers.append(json.loads(post(f"{url}/v1/score", BODY))["results"][0]["style"])

        threads = [threading.Thread(target=ask) for _ in range(64)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(answers) == 64
        assert len(set(answers)) == 1
