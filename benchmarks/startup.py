"""Start-up with a warm file cache: ``python benchmarks/startup.py [runs]``.

Whole processes are timed; the limits are those the project sets itself.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

LIMITS = {("--help",): 0.5, ("explain", "late bus again lol"): 3.0}
COMMAND = Path(sys.executable).parent / "unpolished"


def seconds(arguments: tuple[str, ...]) -> float:
    """Wall time of one process."""
    started = time.perf_counter()
    subprocess.run([COMMAND, *arguments], check=True, capture_output=True)
    return time.perf_counter() - started


def main() -> None:
    """Print median, lowest and highest of each command; one run before them does not count."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    for arguments, limit in LIMITS.items():
        seconds(arguments)
        times = [seconds(arguments) for _ in range(runs)]
        print(
            f"unpolished {' '.join(arguments)}: median {statistics.median(times):.2f} s "
            f"({min(times):.2f} to {max(times):.2f}, {runs} runs), limit {limit} s"
        )


if __name__ == "__main__":
    main()
