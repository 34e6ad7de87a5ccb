"""A whole process timed, with the processor time and peak memory of all it starts."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple


class Run(NamedTuple):
    """One process.

    Attributes:
        seconds: wall time.
        cpu: processor seconds, of all processes it started too.
        largest_mb: peak memory of the largest process.
        together_mb: peak memory of all of them at once.
        said: what it wrote to standard output, where that was a JSON object.
    """

    seconds: float
    cpu: float
    largest_mb: float
    together_mb: float
    said: dict[str, Any]


def timed(command: Sequence[str | Path], variables: Mapping[str, str] | None = None) -> Run:
    """Run a command to its end.

    Args:
        command: and its arguments.
        variables: of the environment, beside those of this process.

    Raises:
        SystemExit: it failed.
    """
    env = os.environ | dict(variables or {})
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    process = subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, env=env)
    peaks = [0.0, 0.0]
    watch = threading.Thread(target=_watch, args=(process.pid, peaks), daemon=True)
    watch.start()
    written, _ = process.communicate()
    seconds = time.perf_counter() - started
    watch.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}: ended with {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(seconds, cpu, *peaks, _last_object(written.decode()))


def _last_object(written: str) -> dict[str, Any]:
    lines = [line for line in written.splitlines() if line.startswith("{")]
    said: dict[str, Any] = json.loads(lines[-1]) if lines else {}
    return said


def _watch(pid: int, peaks: list[float]) -> None:
    while sizes := [size for one in _family(pid) if (size := _mb(one))]:
        peaks[0] = max(peaks[0], *sizes)
        peaks[1] = max(peaks[1], sum(sizes))
        time.sleep(0.05)


def _family(pid: int) -> list[int]:
    try:
        children = " ".join(p.read_text() for p in Path(f"/proc/{pid}/task").glob("*/children"))
    except OSError:
        children = ""
    return [pid, *(one for child in children.split() for one in _family(int(child)))]


def _mb(pid: int) -> float:
    """Resident memory that is the process's own, and its share of what it shares."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
