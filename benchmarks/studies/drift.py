"""How often ``vet`` finds a change, and claims one where none is: ``drift.py [RUN]``.

All posts are scored by models that have not seen them (the fold models of a run, see
``vet_public.py``), and changes are looked for as ``vet`` does, over all creators of a file at once.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import numpy as np
from joined_creators import CHANGING, Cell, Found, Pool, Pools, found_in, joined, shuffled
from page import Stretch
from scipy.stats import binomtest
from unpolished.data.axes import PAID
from unpolished.data.dataset.build import build
from unpolished.data.dataset.own_posts import CORPUS
from unpolished.data.posts import Post
from unpolished.data.public.captions import COLUMNS
from unpolished.inference.options import Options
from unpolished.inference.vetting.creators import Creator, VettedPost
from unpolished.inference.vetting.drift import ENOUGH
from unpolished.inference.vetting.vet import vet_file, with_changes
from unpolished.models.fold_models.pipeline import FoldPipeline
from unpolished.training.tracking.runs import newest_run
from vet_public import write_posts

FLAGS = ("polished", "paid")
SIZES, RISES = (20, 40, 80), (0.1, 0.2, 0.4, 0.6)
FILES, SHUFFLES = 12, 200
PROCESSES = 2
# A drift of a creator of the corpus: so much more of the later half of posts is labelled so.
DRIFT = 0.3
_WINDOW = 2_000

# Post id to label of each flag: True, False, or None where there is no clear one.
Labels = Mapping[str, Mapping[str, bool | None]]


def corpus_labels() -> Labels:
    """Those of the shipped corpus."""
    style, paid = {"polished": True, "raw": False}, {"yes": True, "no": False}
    posts = map(json.loads, CORPUS.read_text("utf-8").splitlines())
    return {
        post["id"]: {
            "polished": style.get(post["label_style"]), "paid": paid.get(post["label_paid"]),
        }
        for post in posts
    }  # fmt: skip


def caption_pools(pipeline: FoldPipeline) -> Pools:
    """Public captions with votes: those of the training split, each by the model of its fold."""
    rows = build("public")["train"].to_pandas()
    rows = rows[rows["source"].isin(COLUMNS)]
    posts = [Post(id=f"p{i}", text=text) for i, text in enumerate(rows["text"])]
    if unseen := sum(pipeline.fold_of(post) is None for post in posts):
        raise ValueError(f"{unseen} training posts are unknown to the run: train it again")
    scored = [
        row
        for start in range(0, len(posts), _WINDOW)
        for row in pipeline.score(posts[start : start + _WINDOW], errors="raise")
    ]
    labels = {
        post.id: {"polished": {0.0: False, 1.0: True}.get(style),
                  "paid": {PAID.index("no"): False, PAID.index("yes"): True}.get(paid)}
        for post, style, paid in zip(posts, rows["style"], rows["paid"], strict=True)
    }  # fmt: skip
    vetted = [
        VettedPost(str(post.id), None, post.text, None, None, None, None, row)
        for post, row in zip(posts, scored, strict=True)
    ]
    return _pools("captions", vetted, labels)


def _pools(name: str, posts: Sequence[VettedPost], labels: Labels) -> Pools:
    judged = [post for post in posts if post.judged]
    return {
        (name, flag): Pool(*(
            [post for post in judged if labels[post.id][flag] is label] for label in (True, False)
        ))
        for flag in FLAGS
    }  # fmt: skip


def _file_of(pools: Pools, task: tuple[Cell, int]) -> Found:
    cell, number = task
    name = f"{tuple(cell)} {number}"
    rng = np.random.default_rng(list(name.encode()))
    return found_in(joined(pools[cell.posts, cell.flag], cell, rng, name), cell.flag)


def _claims_of_shuffle(creators: Sequence[Creator], number: int) -> int:
    moved = shuffled(creators, np.random.default_rng(number), f"shuffle {number}")
    return sum(len(creator.changes) for creator in with_changes(moved))


def _share(hits: int, n: int) -> str:
    low, high = binomtest(hits, n).proportion_ci(method="wilson")
    return f"{hits / n:.2f} [{low:.2f}, {high:.2f}]"


def _recall_lines(results: Mapping[Cell, Sequence[Found]], pools: Pools) -> Iterator[str]:
    yield (
        "| share, posts | a creator has | "
        + " | ".join(f"recall at {rise:+.1f} (by labels)" for rise in RISES)
        + " | false discoveries | error, posts |"
    )
    yield "|---|---|" + "---|" * (len(RISES) + 2)
    for (posts, flag), size in product(pools, SIZES):
        cells, files = [], list[Found]()
        for rise in RISES:
            of, labelled = (results[Cell(posts, flag, size, rise, by)] for by in (False, True))
            by_label = sum(one.true for one in labelled) / (CHANGING * len(labelled))
            cells.append(
                f"{_share(sum(one.true for one in of), CHANGING * len(of))} ({by_label:.2f})"
            )
            files += of
        discoveries = np.mean([one.false / max(one.true + one.false, 1) for one in files])
        errors = [error for one in files for error in one.errors]
        error = f"{median(errors):.0f}" if errors else "–"
        yield f"| {flag}, {posts} | {size} | {' | '.join(cells)} | {discoveries:.3f} | {error} |"


def _corpus_lines(creators: Sequence[Creator], labels: Labels) -> Iterator[str]:
    """Creators that drift by their labels, and how many posts they have."""
    for flag in FLAGS:
        drifting = []
        for creator in creators:
            said = [labels[post.id][flag] for post in creator.posts]
            known = [float(label) for label in said if label is not None]
            half = len(known) // 2
            if half and np.mean(known[half:]) - np.mean(known[:half]) >= DRIFT:
                drifting.append(creator)
        most = max(len(creator.judged) for creator in drifting)
        yield (
            f"- {flag}: {len(drifting)} of {len(creators)} creators of the corpus drift; they have "
            f"at most {most} judged posts, and a claim needs {ENOUGH}: "
            f"{sum(flag in creator.changes for creator in drifting)} claims."
        )


def main(run: str) -> None:
    """Score, join, shuffle, and keep the tables."""
    pipeline, labels = FoldPipeline.open(run), corpus_labels()
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "posts.jsonl"
        write_posts(path)
        creators = vet_file(pipeline, path, Options(reasons="none")).creators
    of_corpus = [one for one in creators if one.posts[0].id in labels]
    dated = {one.key: sum(post.posted_at is not None for post in one.judged) for one in creators}
    real = [one for one in creators if one.posts[0].id not in labels and dated[one.key] >= ENOUGH]
    posts = [post for creator in of_corpus for post in creator.posts]
    pools = {**_pools("corpus", posts, labels), **caption_pools(pipeline)}
    page = Stretch("drift")
    page.add(*_corpus_lines(of_corpus, labels), "")
    cells = [
        Cell(*kind, size, rise, by)
        for kind, size, rise, by in product(pools, SIZES, RISES, (False, True))
    ]
    tasks = list(product(cells, range(FILES)))
    with ProcessPoolExecutor(PROCESSES, get_context("fork")) as workers:
        files = list(workers.map(partial(_file_of, pools), tasks, chunksize=FILES))
        claims = list(workers.map(partial(_claims_of_shuffle, real), range(SHUFFLES), chunksize=10))
    results = {cell: files[i * FILES : (i + 1) * FILES] for i, cell in enumerate(cells)}
    page.add(*_recall_lines(results, pools), "")
    page.add(
        f"{len(real)} real accounts with {ENOUGH} judged and dated posts or more, shuffled "
        f"{SHUFFLES} times: {_share(sum(n > 0 for n in claims), SHUFFLES)} of files have a claim, "
        f"{sum(claims)} of {len(real) * len(FLAGS) * SHUFFLES:,} shares in all."
    )


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else newest_run("linear"))
