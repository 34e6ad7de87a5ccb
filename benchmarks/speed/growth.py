"""Measurements of ever larger files, kept as they are made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

# A small file takes hardly longer than a start; one measurement of it tells little.
SMALL, TIMES = 50_000, 5


class Plan(NamedTuple):
    """Files of a model.

    Attributes:
        sizes: posts of each.
        compared: posts of the file at which memory is compared with the other build's.
        cost: of a post, beside that of the other model, to do what is quick first.
    """

    sizes: tuple[int, ...]
    compared: int
    cost: float


GROWTH = {
    "default": Plan((10_000, 100_000), 100_000, 10),
    "linear": Plan((10_000, 1_000_000, 10_000_000), 1_000_000, 1),
}


class Task(NamedTuple):
    """A file to be scored.

    Attributes:
        model: ``default`` or ``linear``.
        posts: in the file.
        other: whether by the other build.
    """

    model: str
    posts: int
    other: bool

    @property
    def times(self) -> int:
        """How often it is measured."""
        return TIMES if self.posts < SMALL else 1

    @property
    def key(self) -> str:
        """In the file that measurements are kept in."""
        return f"{self.model} {self.posts}" + (" other" if self.other else "")


class Measurement(NamedTuple):
    """One run of a task.

    Attributes:
        seconds: wall, start-up counted.
        start: wall seconds of a process that scores one post.
        cpu: processor seconds, start-up not counted.
        largest_mb: peak of the largest process.
        together_mb: peak of all processes.
        load: of the machine at the end.
        build: that was measured.
    """

    seconds: float
    start: float
    cpu: float
    largest_mb: float
    together_mb: float
    load: float
    build: str


class Kept:
    """A file of measurements by task."""

    def __init__(self, path: Path) -> None:
        """Args: path: of a file that may not be there yet."""
        self._path = path
        self._found: dict[str, list[list[object]]] = {}
        if path.is_file():
            self._found = json.loads(path.read_text("utf-8"))

    def has(self, task: Task, number: int) -> bool:
        """Whether a task was measured more than ``number`` times."""
        return len(self._found.get(task.key, [])) > number

    def add(self, task: Task, number: int, measurement: Measurement) -> None:
        """Keep a measurement, at once; the file is never half written."""
        done = self._found.setdefault(task.key, [])
        done[number:] = [list(measurement)]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(self._found, indent=1), "utf-8")
        fresh.replace(self._path)

    def all(self) -> dict[Task, list[Measurement]]:
        """Everything that was measured, small files first."""
        tasks = {}
        for key, found in self._found.items():
            model, posts, *other = key.split()
            task = Task(model, int(posts), other=bool(other))
            tasks[task] = [Measurement(*one) for one in found]  # type: ignore[arg-type]
        return dict(sorted(tasks.items()))
