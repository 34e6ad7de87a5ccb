"""What measurements of ever larger files say."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from .growth import Measurement, Task
from .tables import markdown_table

# Of a rate, that it may change by.
FLAT = 0.1
# Of the other build's memory, at most.
MEMORY = 0.6
HEADER = ("model", "build", "posts", "posts/s", "CPU µs a post", "largest process MB",
          "all processes MB", "load", "measured")  # fmt: skip


def rate(task: Task, found: Sequence[Measurement]) -> float:
    """Posts a second, start-up not counted, median."""
    return statistics.median(task.posts / max(one.seconds - one.start, 1e-9) for one in found)


def report(found: Mapping[Task, Sequence[Measurement]]) -> str:
    """A table and whether each model's rate is flat, as Markdown."""
    lines = []
    for task, runs in found.items():
        middle = [statistics.median(column) for column in list(zip(*runs, strict=True))[:-1]]
        builds = ", ".join(dict.fromkeys(one.build for one in runs))
        lines.append([task.model, builds, f"{task.posts:,}", f"{rate(task, runs):,.0f}",
                      f"{cost(task, runs):,.0f}", f"{middle[3]:,.0f}", f"{middle[4]:,.0f}",
                      f"{middle[5]:.1f}", str(len(runs))])  # fmt: skip
    said = [f"- {line}" for line in verdicts(found)]
    return "\n".join([*markdown_table(HEADER, lines), "", *said])


def cost(task: Task, found: Sequence[Measurement]) -> float:
    """Processor µs a post, start-up not counted, median."""
    return statistics.median(1e6 * one.cpu / task.posts for one in found)


def verdicts(found: Mapping[Task, Sequence[Measurement]]) -> list[str]:
    """Whether rates are flat, and memory small enough."""
    ours = [task for task in found if not task.other]
    lines = []
    for first in ours:
        larger = [one for one in ours if one.model == first.model and one.posts > first.posts]
        # Beside the smallest file of a model.
        if any(one.model == first.model and one.posts < first.posts for one in ours):
            continue
        for task in larger:
            share = rate(task, found[task]) / rate(first, found[first])
            dearer = cost(task, found[task]) / cost(first, found[first])
            lines.append(f"{task.model}: {task.posts:,} posts at {share:.2f} of the posts/s of "
                         f"{first.posts:,} ({dearer:.2f} of its processor time a post), asked at "
                         f"least {1 - FLAT:g}: **{_word(share >= 1 - FLAT)}**")  # fmt: skip
    for task in ours:
        twin = task._replace(other=True)
        if twin in found:
            mine, theirs = (statistics.median(one.together_mb for one in found[key])
                            for key in (task, twin))  # fmt: skip
            lines.append(f"{task.model}: memory of all processes at {task.posts:,} posts "
                         f"{mine / theirs:.2f} of that of {found[twin][0].build}, asked at most "
                         f"{MEMORY:g}: **{_word(mine <= MEMORY * theirs)}**")  # fmt: skip
    return lines


def _word(met: bool) -> str:
    return "met" if met else "MISSED"
