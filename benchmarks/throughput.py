"""How fast posts are scored: ``python benchmarks/throughput.py [--quick] [--against BUILD]``.

Every row scores the same posts (texts of the public sources in a mixed order, each another one, so
that nothing is gained from duplicates; without a mirror of them, the corpus), reasons off, in a
process of its own. Rows take turns, round after round; figures are medians over the rounds, ratios
those of rows of the same round. Start-up is a process that scores one post; it is taken off. Peers
get texts masked already and read at most as many tokens as ours. Memory is proportional set size.

BUILD is a wheel of another build, a checkout of it, or a folder in whose ``.venv`` it is installed:
its rows take turns with ours, and goals are ratios to it. Beside the rows: how starts share their
time, what each stage costs a post, and areas under the curve of the light model and its peer.

The page docs/throughput.md is rewritten after each measurement, so an interrupted run keeps what it
has; it has a section for each kind of machine. Needs the extra ``bench``.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from itertools import islice
from pathlib import Path

from rich.console import Console
from speed.areas import areas
from speed.builds import Build, commit_of, other_build, this_build
from speed.files import counted, write_files
from speed.machine import KINDS, kind
from speed.measure import Files, Measured, measure
from speed.models import Models, prepare
from speed.posts import different, public_texts
from speed.process import timed
from speed.report import Findings
from speed.rows import Row, all_rows
from speed.starts import measured_starts
from unpolished.inference.batch.pool import processors
from unpolished.training.reports.markers import write_between

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "throughput.md"
STARTS, STAGES, AREAS = "starts", "stages", "areas"
WHERE = Path(__file__).parent / "speed" / "where.py"


def markers(machine: str) -> tuple[str, str]:
    """Around the section of a kind of machine."""
    return f"<!-- {machine}:begin -->", f"<!-- {machine}:end -->"


def chosen(only: str | None, rows: list[Row]) -> set[str]:
    """Names of what is to be run.

    Raises:
        SystemExit: there is no such row.
    """
    known = [*(row.name for row in rows), STARTS, STAGES, AREAS]
    names = set(only.split(",")) if only else set(known)
    if unknown := sorted(names - set(known)):
        raise SystemExit(f"--only {unknown[0]}: no such row; there are {', '.join(known)}")
    return names


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="under eight minutes, on two cores")
    parser.add_argument("--against", type=Path, metavar="BUILD", help="see above")
    parser.add_argument("--only", help="rows, separated by commas")
    parser.add_argument("--posts", type=int, help="posts of the rows that are compared")
    parser.add_argument("--rounds", type=int, help="times that every row is run at most")
    parser.add_argument("--minutes", type=float, help="after which no round begins that would be "
                        "longer; one round is run in any case")  # fmt: skip
    parser.add_argument("--page", type=Path, default=PAGE, help="where the tables are written")
    given = parser.parse_args()
    asked = ("against", "only", "posts", "rounds", "minutes")
    given.mode = " ".join([
        "benchmarks/throughput.py", *(["--quick"] if given.quick else []),
        *(f"--{name} {getattr(value, 'name', value)}" for name in asked
          if (value := getattr(given, name)) is not None),
    ])  # fmt: skip
    given.posts = given.posts or (8_000 if given.quick else 20_000)
    given.rounds = given.rounds or (3 if given.quick else 5)
    given.minutes = given.minutes or (7 if given.quick else 23)
    return given


def run(given: argparse.Namespace, folder: Path, found: Findings) -> None:
    """Measure, and write the page after each measurement."""
    from unpolished.data.text.masking import mask

    threads, began = processors(), time.monotonic()
    other = other_build(given.against, folder) if given.against else None
    rows = all_rows(threads, this_build(), other)
    names = chosen(given.only, rows)
    rows = [row for row in rows if row.name in names]
    texts, origin = public_texts()
    counts = counted(given.posts)
    masked = [mask(text).text for text in islice(different(texts), max(counts.values()))]
    files = write_files(folder, texts, masked, counts)
    length = sum(map(len, masked)) / len(masked)
    found.about += [
        f"this build: {commit_of(ROOT) or 'no checkout'}; other build: {_named(other)}",
        f"posts of the {origin}, {length:.0f} characters masked; {threads} threads",
    ]
    builds = [this_build(), *([other] if other else [])]
    beside_rows(given, names, builds, files, found)
    say("models of the peers, a minute")
    models = prepare(folder, {row.name for row in rows})
    found.rows |= {row.name: Measured(row, counts[row.kind]) for row in rows}
    rounds(given, rows, models, files, found, began)


def _named(other: Build | None) -> str:
    return other.name if other else "none"


def beside_rows(given: argparse.Namespace, names: set[str], builds: list[Build], files: Files,
                found: Findings) -> None:  # fmt: skip
    """Starts, stages and areas, those that were asked for."""
    if STARTS in names:
        turns = 3 if given.quick else 5
        for starts in measured_starts(builds, files.one["posts"], turns):
            found.starts = starts
            say(f"starts, round {len(starts[0].seconds)} of {turns}")
            keep(given.page, found)
    if STAGES in names:
        for model, posts in (("linear", "posts"), ("default", "some")):
            for build in reversed(builds):
                n, path = files.counts[posts], files.many[posts]
                command = [build.python, "-P", WHERE, model, path, str(n)]
                said = timed(command, {**build.variables, "OMP_NUM_THREADS": "1"}).said
                found.stages[model, build] = said
                say(f"stages of {model}, {build.name}: {sum(said.values()):,.0f} µs a post")
                keep(given.page, found)
    if AREAS in names and not (given.quick and not given.only):
        say("areas under the curve, some minutes")
        found.areas = areas()
        keep(given.page, found)


def rounds(given: argparse.Namespace, rows: list[Row], models: Models, files: Files,
           found: Findings, began: float) -> None:  # fmt: skip
    """Every row in turn, the order turned around every other round, as often as time allows."""
    longest = 0.0
    for turn in range(given.rounds):
        started = time.monotonic()
        if turn and started - began + longest > 60 * given.minutes:
            say(f"{turn} rounds; another one would take more than {given.minutes:g} minutes")
            return
        for row in rows if turn % 2 == 0 else reversed(rows):
            measured = found.rows[row.name]
            measured.samples.append(measure(row, models, files, files.many["posts"].parent))
            rate = measured.samples[-1].rate
            say(f"round {turn + 1}, {row.name}: {rate:,.0f} posts/s")
            keep(given.page, found)
        longest = max(longest, time.monotonic() - started)


def keep(page: Path, found: Findings) -> None:
    """Write what there is into the page; a new page is begun like the one of the project."""
    if not page.exists():
        shutil.copyfile(PAGE, page)
    title = f"## On a machine {KINDS[kind()]}"
    write_between(page, *markers(kind()), f"{title}\n\n{found.markdown()}")


def say(line: str) -> None:
    """How it goes, on standard error."""
    Console(stderr=True).print(line, markup=False, highlight=False)


def main() -> None:
    """Measure and show; what there is is shown after Ctrl-C too."""
    given = arguments()
    found = Findings(given.mode)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        try:
            run(given, Path(folder), found)
        except KeyboardInterrupt:
            say("interrupted")
        finally:
            print(found.markdown())
    say(f"{(time.monotonic() - started) / 60:.1f} minutes; {given.page}")


if __name__ == "__main__":
    main()
