"""What papers report, beside ours on the same data: ``python benchmarks/papers.py [--only NAME]``.

For each public source that holds the labels of a paper: the paper's figure, and what families that
are quick to fit reach under this project's protocol, with 95 % intervals over groups. Beside them a
plain baseline, and both on folds by post, so that a reader sees what the split alone is worth.
Rewrites the tables of docs/papers.md; with ``--only`` it prints and writes nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence

from paper_tables.disclosures import PINTEREST, YOUTUBE, Place, descriptions, figures, sentences_of
from paper_tables.metrics import Estimate, estimate
from paper_tables.posts import posts_of, rows_of
from paper_tables.scorers import SCORERS, flags, out_of_fold
from paper_tables.tasks import RANDOM, TASKS, Task
from rich.console import Console
from studies.page import PAGE, Stretch
from unpolished.data.public.sources import SourceError
from unpolished.training.reports.metric_names import with_interval

PAPERS = PAGE.with_name("papers.md")
HEADS = (
    ("papers", "data set and task", "metric", "paper", "ours", "posts", "why they may differ"),
    ("papers-splits", "data set", "split", "model", "judged", "metric", "beside it"),
    ("papers-disclosures", "platform", "figure", "value"),
)  # fmt: skip
# Embeddings take longest, and say no more of a split than the others do.
NOT_BY_POST = ("embed",)
PLACES = {"affiliate-youtube": YOUTUBE, "affiliate-pinterest": PINTEREST}
Cells = Sequence[str]


def shown(of: Estimate, form: str = "{:.3f}") -> str:
    """A figure with its interval."""
    return with_interval(of.value, *of.bounds, form=form)


def judged(task: Task, told: Console) -> Iterator[tuple[str, Cells]]:
    """Lines of a task, each with the name of its table; that of the first table comes last."""
    rows = rows_of(task.repository)
    posts = posts_of(rows, task.target(rows))
    truth = posts.positive if task.flagged else posts.target
    ours, n = [], 0
    for split, folds_of in task.splits.items():
        folds = folds_of(rows, posts)
        known = folds >= 0
        for model, scorer_of in SCORERS.items():
            if split == RANDOM and model in NOT_BY_POST:
                continue
            told.print(f"{task.name}, {split}, {model}", markup=False, highlight=False)
            scorer = scorer_of()
            scores = out_of_fold(scorer, posts, folds)
            (name, metric), (beside, second) = task.metric, task.second
            said = flags(scorer, metric, posts, folds, scores) if task.flagged else scores
            groups = posts.groups[known]
            first = shown(estimate(metric, truth[known], said[known], groups))
            other = shown(estimate(second, truth[known], scores[known], groups))
            yield "papers-splits", (
                task.name, split, model, f"{known.sum():,}", f"{name} {first}", f"{beside} {other}"
            )  # fmt: skip
            if split == task.headline:
                n = int(known.sum())
                ours.append(f"{model} {first}")
    yield "papers", (
        f"{task.name} ({task.headline})", task.metric[0], task.paper, "<br>".join(ours),
        f"{n:,}", task.differs,
    )  # fmt: skip


def disclosed(place: Place, told: Console) -> Iterator[tuple[str, Cells]]:
    """Lines of a platform, each with the name of its table."""
    told.print(f"disclosures on {place.name}", markup=False, highlight=False)
    found = descriptions(sentences_of(place), place)
    by_name = figures(found)
    for name, of in by_name.items():
        yield "papers-disclosures", (place.name, name, shown(of))
    yield "papers", (
        f"Affiliate content on {place.name}: share with a disclosure", "share", place.paper,
        f"rules {shown(by_name['share, rules'])}", f"{len(found.found):,}", place.differs,
    )  # fmt: skip


def lines(only: str | None, told: Console) -> Iterator[tuple[str, Cells]]:
    """All lines, or those of one task or platform."""
    for task in TASKS:
        if only in (None, task.key):
            yield from judged(task, told)
    for key, place in PLACES.items():
        if only in (None, key):
            yield from disclosed(place, told)


def main() -> None:
    """Print the tables, and write them to their page."""
    keys = [task.key for task in TASKS] + list(PLACES)
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: python benchmarks/papers.py --only bragging",
    )  # fmt: skip
    parser.add_argument("--only", choices=keys, help="one of the data sets; nothing is written")
    only = parser.parse_args().only
    tables = {name: Stretch(name, PAPERS) for name, *_ in HEADS} if only is None else {}
    for name, *heads in HEADS:
        if name in tables:
            tables[name].add("| " + " | ".join(heads) + " |", "|---" * len(heads) + "|")
    told = Console(stderr=True)
    try:
        for name, cells in lines(only, told):
            line = "| " + " | ".join(cells) + " |"
            if name in tables:
                tables[name].add(line)
            else:
                print(line, flush=True)
    except SourceError as error:
        sys.exit(f"papers: {error}")


if __name__ == "__main__":
    main()
