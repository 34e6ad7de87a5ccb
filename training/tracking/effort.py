"""What a run costs: the time it takes, the processors' time, and what the machine does meanwhile.

Energy is not told: most machines let nobody but root read what they draw, and an estimate from
their type would look like a measurement. Seconds of the processors can be compared in its place.
"""

from __future__ import annotations

import os
import platform
import time
from importlib.util import find_spec

from ...models.runtime import processors


class Effort:
    """The time since it was made."""

    def __init__(self) -> None:
        self._seconds, self._cpu_seconds = time.monotonic(), _cpu_seconds()

    def so_far(self) -> dict[str, float]:
        """Seconds on the clock and of all processors, by the name of the metric.

        The latter are those of this process and of those that it started and that have ended;
        Windows tells of this process alone.
        """
        return {
            "duration_seconds": time.monotonic() - self._seconds,
            "cpu_seconds": _cpu_seconds() - self._cpu_seconds,
        }


def machine() -> str:
    """What the seconds are those of: ``Linux x86_64, 2 processors``."""
    count = processors()
    return f"{platform.system()} {platform.machine()}, {count} processor{'s' * (count > 1)}"


def log_system_metrics() -> bool:
    """Whether MLflow shall log processors, memory, disk, network and accelerators every 10 seconds.

    Where ``psutil`` is there, unless ``MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING`` says no.
    """
    from mlflow.environment_variables import MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING as WANTED

    return find_spec("psutil") is not None and (WANTED.get() if WANTED.is_set() else True)


def _cpu_seconds() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system
