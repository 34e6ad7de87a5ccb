"""Time the paired bootstrap beside a plain loop: ``python benchmarks/paired_bootstrap.py``.

On invented scores, as many posts, sources and groups as ``train.csv`` has: the difference of two
models on the same draws of groups, by ours and by a loop over the draws with scikit-learn's AUC,
source by source (as ours compares) and over all posts at once (the best case of the loop). The
95 % intervals have to agree to 1e-9; both are measured in processor time. Then the whole command
``unpolished compare`` on ten runs in a store of its own, start-up, plot and MLflow included. Takes
about a minute on an idle machine.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score
from unpolished.training.evaluation.bootstrap import group_weights
from unpolished.training.evaluation.paired_draws import Scored, paired_draws, within_source_auc

POSTS, SOURCES, GROUPS, RUNS = 4375, 10, 3300, 10
GOAL, SECONDS = 20, 10.0
AXES = ("polished", "paid", "performative", "committed", "self")


def invented(n_runs: int, seed: int = 0) -> list[pd.DataFrame]:
    """Out-of-fold tables of the same posts, their scores more or less telling."""
    rng = np.random.default_rng(seed)
    cause = rng.choice(3, POSTS, p=[0.5, 0.3, 0.2]).astype(float)
    kind = rng.choice(3, POSTS, p=[0.6, 0.2, 0.2]).astype(float)
    style = rng.choice(2, POSTS).astype(float)
    truths = (style, kind == 2, cause == 1, cause == 2, kind == 1)
    labels = pd.DataFrame(
        {
            "split": "train",
            "source": rng.choice([f"owner/source-{i}" for i in range(SOURCES)], POSTS),
            "source_id": [f"{i:05d}" for i in range(POSTS)],
            "group": [f"g{i:05d}" for i in rng.integers(0, GROUPS, POSTS)],
            "fold": rng.integers(0, 5, POSTS),
            "n_chars": rng.integers(20, 400, POSTS),
            "style": style, "paid": (kind == 2).astype(float), "kind": kind, "cause": cause,
            "undisclosed": (kind == 2).astype(float),
        }
    )  # fmt: skip
    shared = rng.normal(size=(len(AXES), POSTS))
    tables = []
    for run in range(n_runs):
        scores = {}
        for axis, truth, noise in zip(AXES, truths, shared, strict=True):
            odds = (1 + 0.05 * run) * truth + noise + rng.normal(0, 0.5, POSTS)
            scores |= {f"{prefix}_{axis}": 1 / (1 + np.exp(-odds)) for prefix in ("p", "loso")}
        tables.append(labels.assign(**scores))
    return tables


def looped(positive: np.ndarray, score: np.ndarray, source: np.ndarray, drawn: np.ndarray) -> float:
    """AUC within sources of one draw, as one would write it with scikit-learn."""
    right = pairs = 0.0
    for name in np.unique(source):
        part = (source == name) & (drawn > 0)
        weight, true = drawn[part], positive[part]
        n = weight[true].sum() * weight[~true].sum()
        if n:
            right += n * roc_auc_score(true, score[part], sample_weight=weight)
            pairs += n
    return right / pairs


def beside_a_loop(repeats: int, *, pooled: bool) -> float:
    """Print both times and how far the intervals are apart; returns the ratio of the times."""
    first, second = invented(2)
    positive = first["paid"].to_numpy() == 1
    scores = np.array([table["p_paid"].to_numpy() for table in (first, second)])
    source = first["source"].to_numpy(np.str_)
    source = np.full_like(source, "all") if pooled else source
    groups = first["group"].to_numpy(np.str_)

    began = time.process_time()
    scored = Scored(np.arange(POSTS), positive, source, scores)
    ((_, draws),) = paired_draws([within_source_auc(scored)], groups, repeats=repeats)
    ours = np.quantile(draws[0, 1] - draws[0, 0], [0.025, 0.975])
    took = time.process_time() - began

    began = time.process_time()
    differences = []
    for drawn in group_weights(groups, repeats=repeats):
        a, b = (looped(positive, score, source, drawn) for score in scores)
        differences.append(b - a)
    theirs = np.quantile(differences, [0.025, 0.975])
    loop = time.process_time() - began

    apart, what = np.abs(ours - theirs).max(), "over all posts" if pooled else "source by source"
    print(
        f"{what}: ours {took:.2f} s, loop {loop:.1f} s, {loop / took:.0f} times; interval "
        f"[{ours[0]:+.5f}, {ours[1]:+.5f}], at most {apart:.1e} apart"
    )
    if apart > 1e-9:
        sys.exit("the intervals differ")
    return loop / took


def processor() -> float:
    """Seconds of processor time of the processes that have been run."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ten_runs() -> float:
    """Seconds that the command takes on ten runs."""
    from unpolished.training.tracking.records import Table, Tags
    from unpolished.training.tracking.runs import started_run

    with tempfile.TemporaryDirectory() as folder:
        os.environ["MLFLOW_TRACKING_URI"] = f"sqlite:///{Path(folder) / 'mlflow.db'}"
        ids = []
        for i, table in enumerate(invented(RUNS)):
            with started_run("unpolished-public", f"invented-{i}") as run:
                tags = {"recipe": f"invented-{i}", "data.name": "public", "folds.sha256": "0" * 64}
                run.log([Tags(tags), Table("predictions.parquet", table)])
            ids.append(run.run_id)
        began, used = time.perf_counter(), processor()
        subprocess.run(
            [sys.executable, "-m", "unpolished.cli", "compare", *ids, "-o", f"{folder}/found.csv"],
            check=True, capture_output=True,
        )  # fmt: skip
        took, used = time.perf_counter() - began, processor() - used
        found = pd.read_csv(f"{folder}/found.csv")
        print(
            f"unpolished compare, {RUNS} runs, {len(found):,} differences: {took:.1f} s, of "
            f"processor time {used:.1f} s"
        )
        return took


def main() -> None:
    """Print all and exit with 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=1000)
    given = parser.parse_args()
    ratios = [beside_a_loop(given.draws, pooled=pooled) for pooled in (False, True)]
    seconds = ten_runs()
    met = min(ratios) >= GOAL and seconds < SECONDS
    print(f"goals (at least {GOAL} times, under {SECONDS:.0f} s): {'met' if met else 'MISSED'}")
    sys.exit(not met)


if __name__ == "__main__":
    main()
