"""Whether ever larger files take ever longer a post: ``python benchmarks/growth.py``.

This build alone scores the default model's 10,000 and 100,000 posts, and the light model's 10,000,
1,000,000 and once 10,000,000, all different, with all processors. Every measurement is kept in a
file of JSON once it is done, and one that is there is not made again: interrupt at will, and go on.
``--against BUILD`` also takes the peak memory of another build at the largest sizes but the last.
``--sizes 1000,4000`` and ``--model linear`` try it with fewer. The section of growth in
docs/throughput.md is rewritten after each measurement; ``--fresh`` forgets what there is.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from speed.builds import Build, commit_of, other_build, this_build
from speed.growth import GROWTH, Kept, Measurement, Task
from speed.growth_report import report
from speed.posts import different, public_texts, write_posts
from speed.process import timed
from unpolished.inference.batch.pool import processors
from unpolished.training.reports.markers import write_between

ROOT = Path(__file__).parents[1]
PAGE, STATE = ROOT / "docs" / "throughput.md", ROOT / "outputs" / "growth.json"
BEGIN, END = "<!-- growth:begin -->", "<!-- growth:end -->"


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--against", type=Path, metavar="BUILD", help="for its memory alone")
    parser.add_argument("--model", choices=[*GROWTH], action="append", help="default: both")
    parser.add_argument("--sizes", help="numbers of posts, separated by commas")
    parser.add_argument("--fresh", action="store_true", help="forget what was measured before")
    parser.add_argument("--state", type=Path, default=STATE, help="where measurements are kept")
    parser.add_argument("--page", type=Path, default=PAGE, help="where the table is written")
    return parser.parse_args()


def asked_tasks(given: argparse.Namespace) -> Iterator[Task]:
    """What is to be measured, the smaller files of every model first."""
    sizes = [int(one) for one in given.sizes.split(",")] if given.sizes else None
    tasks = [
        Task(model, n, other=False) for model in given.model or GROWTH
        for n in sizes or GROWTH[model].sizes
    ]  # fmt: skip
    if given.against:
        tasks += [Task(model, (sizes or [GROWTH[model].compared])[-1], other=True)
                  for model in given.model or GROWTH]  # fmt: skip
    return iter(sorted(tasks, key=lambda task: task.posts * GROWTH[task.model].cost))


def measured(task: Task, build: Build, texts: list[str], folder: Path) -> Measurement:
    """Score a file of one post, and one of as many as the task has."""
    source, out = folder / "posts.jsonl", folder / "scored.jsonl"
    named = [] if task.model == "default" else ["--model", task.model]
    jobs = str(processors())
    command = [build.command, "score", source, "-o", out, "--force", "--quiet", "--jobs", jobs]
    write_posts(source, iter(texts), 1)
    start = timed([*command, *named], build.variables)
    write_posts(source, different(texts), task.posts)
    run = timed([*command, *named], build.variables)
    commit = build.name if task.other else commit_of(ROOT) or "no checkout"
    return Measurement(
        seconds=run.seconds, start=start.seconds, cpu=run.cpu - start.cpu,
        largest_mb=run.largest_mb, together_mb=run.together_mb, load=os.getloadavg()[0],
        build=commit,
    )  # fmt: skip


def main() -> None:
    """Measure what is missing, and write the table."""
    given = arguments()
    if given.fresh:
        given.state.unlink(missing_ok=True)
    kept, console = Kept(given.state), Console(stderr=True)
    texts, origin = public_texts()
    head = f"Posts of the {origin}, {processors()} processors."
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        builds = {False: this_build()}
        if given.against:
            builds[True] = other_build(given.against, folder)
        for task in asked_tasks(given):
            for again in range(task.times):
                if kept.has(task, again):
                    continue
                console.print(f"{task.model}, {task.posts:,} posts, {builds[task.other].name}"
                              f" ({again + 1} of {task.times})")  # fmt: skip
                kept.add(task, again, measured(task, builds[task.other], texts, folder))
                write_between(given.page, BEGIN, END, f"{head}\n\n{report(kept.all())}")
    print(report(kept.all()))


if __name__ == "__main__":
    main()
