"""What a run must survive, done to the real command line."""

import contextlib
import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals, pipes and mounts of POSIX")

ROWS, KINDS = 45_000, 300
KILLS = 20
COMMAND = [sys.executable, "-m", "unpolished.cli"]


def _start(*arguments, **options):
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        # Tests started in the background of a shell inherit that interrupts are ignored.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL), **options,
    )  # fmt: skip


def _run(*arguments):
    process = _start(*arguments)
    process.shown = "".join(process.communicate())
    assert "Traceback" not in process.shown
    return process


@pytest.fixture(scope="module")
def posts(tmp_path_factory):
    """Five parts of few different posts, so that they are scored in no time; some are bad."""
    path = tmp_path_factory.mktemp("posts") / "in.jsonl"
    with path.open("w") as stream:
        for i in range(ROWS):
            text = None if i % 997 == 0 else f"late bus {i % KINDS} lol, so tired of this week"
            stream.write(json.dumps({"id": f"p{i}", "text": text}) + "\n")
    return path


@pytest.fixture(scope="module")
def whole(posts, rules_folder, tmp_path_factory):
    """Outputs of runs that nothing happened to, and how long one took."""
    folder = tmp_path_factory.mktemp("whole")
    started = time.monotonic()
    for name in ("o.jsonl", "o.csv", "o.parquet"):
        done = _run("score", posts, "-o", folder / name, "--model", rules_folder, "-q")
        assert done.returncode == 0, done.shown
    return folder, (time.monotonic() - started) / 3


def _same(whole, folder, name):
    """Rows and rejects, byte for byte; nothing else but the manifest is left."""
    made = {path.name for path in folder.iterdir()}
    assert made == {name, f"{name}.rejects.jsonl", f"{name}.manifest.jsonl"}
    for found in (name, f"{name}.rejects.jsonl"):
        assert (folder / found).read_bytes() == (whole / found).read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["o.jsonl", "o.csv", "o.parquet"])
def test_killed_at_random_moments(posts, whole, rules_folder, tmp_path, name):
    """Twenty kills, each met by a run that goes on where the last was; then one to its end."""
    folder, seconds = whole
    moments, kills = random.Random(name), 0  # noqa: S311
    command = ("score", posts, "-o", tmp_path / name, "--model", rules_folder, "-q", "--resume")
    while kills < KILLS:
        process = _start(*command)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(moments.uniform(0.2, 1.0) * seconds)
        if process.poll() is None:
            process.kill()
            kills += 1
        else:
            assert process.returncode == 0
            _same(folder, tmp_path, name)
            for path in tmp_path.iterdir():
                path.unlink()
        process.communicate()
    assert _run(*command).returncode == 0
    _same(folder, tmp_path, name)
    assert _run("verify", tmp_path / name).returncode == 0


@pytest.mark.slow
def test_interrupted_by_hand(posts, whole, rules_folder, tmp_path):
    """Ctrl-C: 130, what is done is said, the rest is scored later."""
    command = ("score", posts, "-o", tmp_path / "o.csv", "--model", rules_folder, "-q")
    process = _start(*command)
    _wait_for_parts(tmp_path / "o.csv.partial", process)
    process.send_signal(signal.SIGINT)
    shown = process.communicate()[1]
    assert process.returncode == 130
    assert "rows are done: --resume continues" in shown
    again = _run(*command)
    assert again.returncode == 2
    assert "an interrupted run: continue it with --resume" in again.shown
    assert _run(*command, "--resume").returncode == 0
    _same(whole[0], tmp_path, "o.csv")


def _wait_for_parts(partial_folder, process):
    manifest = partial_folder / "manifest.jsonl"
    while not (manifest.exists() and manifest.read_bytes().count(b"\n") > 1):
        assert process.poll() is None
        time.sleep(0.01)


def _children(pid):
    return {
        int(child)
        for path in Path(f"/proc/{pid}/task").glob("*/children")
        for child in path.read_text().split()
    }


def _end_children(process, times):
    """Kill the first ``times`` processes that it starts to score."""
    ended = set()
    while process.poll() is None and len(ended) < times:
        with contextlib.suppress(OSError):
            # Both may have started since the last look: no more than asked for.
            for child in list(_children(process.pid) - ended)[: times - len(ended)]:
                os.kill(child, signal.SIGKILL)
                ended.add(child)
        time.sleep(0.01)
    return ended


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs /proc")
def test_processes_that_die(posts, whole, rules_folder, tmp_path):
    """One is replaced and nothing is seen of it; one after the other is an error, and resumed."""
    command = ("score", posts, "-o", tmp_path / "o.jsonl", "--model", rules_folder, "-q")
    process = _start(*command, "--jobs", 2)
    assert len(_end_children(process, 1)) == 1
    assert process.communicate() == ("", "warning: 46 records rejected, see "
                                     f"{tmp_path}/o.jsonl.rejects.jsonl\n")  # fmt: skip
    _same(whole[0], tmp_path, "o.jsonl")
    for path in tmp_path.iterdir():
        path.unlink()
    process = _start(*command, "--jobs", 2)
    _end_children(process, 1_000)
    shown = process.communicate()[1]
    assert process.returncode == 2
    assert "ended 2 times (killed: was there enough memory?" in shown
    assert _run(*command, "--resume").returncode == 0
    _same(whole[0], tmp_path, "o.jsonl")


@contextlib.contextmanager
def _mounted(folder, *options):
    folder.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", folder],
                       check=True, capture_output=True)  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs the right to mount a file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["o.jsonl", "o.parquet"])
def test_a_full_disk(posts, whole, rules_folder, tmp_path, name):
    """Said so, nothing broken under the name of the output; with room, it goes on."""
    with _mounted(tmp_path / "disk", "size=300k") as disk:
        command = ("score", posts, "-o", disk / name, "--model", rules_folder, "-q")
        failed = _run(*command)
        assert failed.returncode == 2
        assert "No space left on device: make room, then --resume" in failed.shown
        assert not (disk / name).exists()
        subprocess.run(["mount", "-o", "remount,size=100m", disk], check=True)
        assert _run(*command, "--resume").returncode == 0
        _same(whole[0], disk, name)


@pytest.mark.slow
def test_a_read_only_output(posts, rules_folder, tmp_path):
    """Found before anything is scored."""
    with _mounted(tmp_path / "disk", "ro") as disk:
        failed = _run("score", posts, "-o", disk / "o.csv", "--model", rules_folder)
        assert failed.returncode == 2
        assert "o.csv: cannot write there: Read-only file system" in failed.shown


@pytest.mark.slow
def test_a_packed_input_cut_short_after_some_parts(posts, rules_folder, tmp_path):
    """Refused; the whole file is another input, and said to be one."""
    packed = gzip.compress(posts.read_bytes(), mtime=0)
    source = tmp_path / "in.jsonl.gz"
    source.write_bytes(packed[: len(packed) * 9 // 10])
    command = ("score", source, "-o", tmp_path / "o.jsonl", "--model", rules_folder, "-q")
    failed = _run(*command)
    assert failed.returncode == 2
    assert "damaged or cut short" in failed.shown
    assert not (tmp_path / "o.jsonl").exists()
    source.write_bytes(packed)
    refused = _run(*command, "--resume")
    assert refused.returncode == 2
    assert "in.jsonl.gz was changed" in refused.shown


@pytest.mark.slow
def test_an_input_changed_between_runs(posts, rules_folder, tmp_path):
    """Refused, and the work stays as it is."""
    source = tmp_path / "in.jsonl"
    shutil.copy(posts, source)
    command = ("score", source, "-o", tmp_path / "o.jsonl", "--model", rules_folder, "-q")
    process = _start(*command)
    _wait_for_parts(tmp_path / "o.jsonl.partial", process)
    process.kill()
    process.communicate()
    with source.open("a") as stream:
        stream.write('{"text": "one more"}\n')
    refused = _run(*command, "--resume")
    assert refused.returncode == 2
    assert "in.jsonl was changed; give what it had" in refused.shown
    assert (tmp_path / "o.jsonl.partial" / "data" / "part-000000.jsonl").exists()


def test_two_runs_on_one_output(rules_folder, tmp_path):
    """The second ends with 2, the first goes on."""
    command = ("score", "-", "-o", tmp_path / "o.jsonl", "--model", rules_folder, "-q")
    first = _start(*command, stdin=subprocess.PIPE)
    while not (tmp_path / "o.jsonl.partial" / "manifest.jsonl").exists():
        time.sleep(0.02)
    second = _start(*command, stdin=subprocess.PIPE)
    assert "another run is writing" in second.communicate('{"text": "late bus again"}\n')[1]
    assert second.returncode == 2
    first.communicate('{"text": "late bus again"}\n')
    assert first.returncode == 0
    assert len((tmp_path / "o.jsonl").read_text().splitlines()) == 1
