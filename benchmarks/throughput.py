"""How fast posts are scored, ours beside its peers: ``python benchmarks/throughput.py [--quick]``.

Every row scores the same posts (texts of the public sources in a mixed order, each another one, so
that nothing is gained from duplicates; without a mirror of them, the corpus), reasons off, in a
process of its own. Rows take turns, round after round; figures are medians over the rounds, ratios
those of rows of the same round. Start-up is a process that scores one post; it is taken off. Peers
get texts masked already and read at most as many tokens as ours. Memory is proportional set size.

The page docs/throughput.md is rewritten after each measurement, so an interrupted run keeps what it
has. Models: ``--encoder`` and ``--cascade`` (a folder, an address or a run), else the newest of the
registry, else made of the shipped model; speed does not depend on which. Needs the extra ``bench``.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from itertools import islice
from pathlib import Path

from rich.console import Console
from speed.memory import peaks
from speed.models import Models, prepare
from speed.posts import different, public_texts, write_posts, write_tokens
from speed.report import Findings, show
from speed.rows import Files, Measured, Row, all_rows, measure, shares_of
from unpolished.inference.batch.pool import processors
from unpolished.models.families.encoder import read_tokenizer, tokenized
from unpolished.models.saved_model import ModelError
from unpolished.training.reports.markers import write_between

PAGE = Path(__file__).parents[1] / "docs" / "throughput.md"
BEGIN, END = "<!-- throughput:begin -->", "<!-- throughput:end -->"
SHARES, MEMORY = "shares", "memory"
# Rows of ours whose time is looked into: model, and which posts.
LOOKED_AT = {"encoder": ("whole", "posts"), "compact": ("compact", "posts"),
             "cascade": ("cascade", "posts"), "linear": ("linear", "more")}  # fmt: skip
MAX_TOKENS = 128
# Of a row whose rate does not depend on how many there are.
FEW = 1_000


def write_files(
    folder: Path, texts: list[str], masked: list[str], models: Models, more: int
) -> Files:
    """The same posts in each form that a row reads."""
    n = len(masked)
    counts = {"posts": n, "masked": n, "more": more, "few": min(n, FEW), "tokens": n}
    one, many = {}, {}
    for kind, n in counts.items():
        one[kind], many[kind] = folder / f"one-{kind}.jsonl", folder / f"many-{kind}.jsonl"
        if kind == "tokens":
            continue
        source = masked if kind == "masked" else texts
        write_posts(one[kind], iter(source), 1)
        write_posts(many[kind], different(source), n)
    ids = tokenized(read_tokenizer(models.whole), masked, MAX_TOKENS)
    one["tokens"], many["tokens"] = folder / "one.npz", folder / "many.npz"
    write_tokens(one["tokens"], ids[:1])
    write_tokens(many["tokens"], ids)
    return Files(one, many, counts)


def chosen(only: str | None, rows: list[Row]) -> set[str]:
    """Names of what is to be run.

    Raises:
        SystemExit: there is no such row.
    """
    known = [*(row.name for row in rows), SHARES, MEMORY]
    names = set(only.split(",")) if only else set(known)
    if unknown := sorted(names - set(known)):
        raise SystemExit(f"--only {unknown[0]}: no such row; there are {', '.join(known)}")
    return names


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="under ten minutes on two processors")
    parser.add_argument("--only", help="rows, separated by commas")
    parser.add_argument("--posts", type=int, help="posts of most rows")
    parser.add_argument("--more", type=int, help="posts of the linear rows")
    parser.add_argument("--rounds", type=int, help="times that every row is run")
    parser.add_argument("--memory", type=int, help="posts of the largest file of the memory rows")
    parser.add_argument("--encoder", help="a model folder, an address or a run")
    parser.add_argument("--cascade", help="a model folder, an address or a run")
    parser.add_argument("--page", type=Path, default=PAGE, help="where the tables are written")
    given = parser.parse_args()
    asked = ("only", "posts", "more", "rounds", "memory")
    given.mode = " ".join([
        "benchmarks/throughput.py", *(["--quick"] if given.quick else []),
        *(f"--{name} {value}" for name in asked if (value := getattr(given, name)) is not None),
    ])  # fmt: skip
    quick = given.quick
    given.posts = given.posts or (2_000 if quick else 10_000)
    given.more = given.more or (30_000 if quick else 100_000)
    given.rounds = given.rounds or (3 if quick else 5)
    given.memory = given.memory or (100_000 if quick else 1_000_000)
    return given


def run(given: argparse.Namespace, folder: Path, found: Findings) -> None:
    """Measure, and write the page after each measurement."""
    from unpolished.data.text.masking import mask

    threads = processors()
    rows = all_rows(threads)
    names = chosen(given.only, rows)
    rows = [row for row in rows if row.name in names]
    texts, origin = public_texts()
    masked = [mask(text).text for text in islice(different(texts), given.posts)]
    peers = "pipeline" in names
    models = prepare(folder, masked, given.encoder, given.cascade, peers=peers)
    files = write_files(folder, texts, masked, models, given.more)
    length = sum(map(len, masked)) / len(masked)
    found.about += [f"{len(masked):,} posts of the {origin}, {length:.0f} characters masked, "
                    f"{threads} threads, {given.rounds} rounds", *models.notes]  # fmt: skip
    found.rows |= {row.name: Measured(row, files.counts[row.kind]) for row in rows}
    measure_all(given, rows, models, files, folder, found)


def measure_all(given: argparse.Namespace, rows: list[Row], models: Models, files: Files,
                folder: Path, found: Findings) -> None:  # fmt: skip
    """Every row in turn, round after round; then what was asked for beside them."""
    names = chosen(given.only, all_rows(1))
    for turn in range(given.rounds):
        for row in rows:
            measured = found.rows[row.name]
            measured.samples.append(measure(row, models, files, folder))
            rate = measured.samples[-1].rate
            say(f"round {turn + 1}, {row.name}: {rate:,.0f} posts/s")
            keep(given.page, found)
    if SHARES in names:
        for name, (model, kind) in LOOKED_AT.items():
            found.shares[name] = shares_of(getattr(models, model), files.many[kind])
            keep(given.page, found)
    if MEMORY in names:
        for peak in peaks(
            public_texts()[0], models.linear, folder, given.memory, quick=given.quick
        ):
            found.memory.append(peak)
            say(f"memory, {peak.posts:,} posts, --jobs {peak.jobs}: {peak.together_mb:,.0f} MB")
            keep(given.page, found)


def keep(page: Path, found: Findings) -> None:
    """Write what there is into the page; a new page is begun like the one of the project."""
    if not page.exists():
        shutil.copyfile(PAGE, page)
    write_between(page, BEGIN, END, found.markdown())


def say(line: str) -> None:
    """How it goes, on standard error."""
    Console(stderr=True).print(line, markup=False, highlight=False)


def main() -> None:
    """Measure and show; what there is is shown after Ctrl-C too."""
    given = arguments()
    found = Findings(given.mode, given.rounds)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        try:
            run(given, Path(folder), found)
        except ModelError as error:
            raise SystemExit(str(error)) from None
        except KeyboardInterrupt:
            say("interrupted")
        finally:
            show(found)
    say(f"{(time.monotonic() - started) / 60:.1f} minutes; {given.page}")


if __name__ == "__main__":
    main()
