"""Vet the corpus and the public captions: ``python benchmarks/studies/vet_public.py [RUN]``.

The posts of the shipped corpus and the captions of public accounts, without reserved authors, go
through ``unpolished vet`` with the fold models of a run on the public data, by default the newest
of ``linear``, which has to have some (``unpolished train --keep-folds``). Posts and report stay
in a temporary folder, or in the one that ``--keep`` names. Where Playwright and Chromium are
installed, the time to open the report is measured.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median

import pandas as pd
from chromium import seconds_to_open
from page import Stretch
from unpolished.data.dataset.own_posts import CORPUS
from unpolished.data.public.captions import captions
from unpolished.inference.vetting.drift import ENOUGH
from unpolished.training.tracking.runs import newest_run

OPENINGS = 5


def write_posts(path: Path) -> None:
    """Write both as JSON Lines; the labels of the corpus stay out."""
    with path.open("w", encoding="utf-8") as file:
        for line in CORPUS.read_text("utf-8").splitlines():
            post = json.loads(line)
            kept = {name: value for name, value in post.items() if not name.startswith("label_")}
            file.write(json.dumps(kept) + "\n")
        file.writelines(json.dumps(post) + "\n" for post in captions())


def vet(posts: Path, folder: Path, run: str) -> float:
    """Vet by the command line; the seconds it took."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "unpolished.cli", "vet", str(posts), "-o", str(folder)]
    if code := subprocess.run([*command, "--folds", run], check=False).returncode:
        sys.exit(code)  # it has said why
    return time.perf_counter() - start


def main(run: str, folder: Path) -> None:
    """Vet, measure, print and keep the figures."""
    posts, report = folder / "posts.jsonl", folder / "report"
    write_posts(posts)
    seconds = vet(posts, report, run)
    table = pd.read_parquet(report / "creators.parquet")
    changed = Counter(
        flag for flag in ("polished", "paid") for p in table[f"{flag}_change_p"] if not pd.isna(p)
    )
    lines = [
        "| vetted with the fold models of `linear` | |",
        "|---|---|",
        f"| creators | {len(table):,} |",
        f"| of these with {ENOUGH} judged posts or more | {table['enough_posts'].sum():,} |",
        f"| posts | {table['posts'].sum():,} |",
        f"| of these scored by fold models | {table['posts_by_fold_models'].sum():,} |",
        f"| creators whose share of polished posts changed | {changed['polished']} |",
        f"| creators whose share of paid posts changed | {changed['paid']} |",
        f"| seconds to vet | {seconds:.0f} |",
        f"| size of the report | {(report / 'report.html').stat().st_size / 1e6:.1f} MB |",
    ]
    opened = seconds_to_open(report / "report.html", OPENINGS)
    if opened:
        lines.append(
            f"| seconds to open in Chromium, median (longest) of {OPENINGS} | "
            f"{median(opened):.2f} ({max(opened):.2f}) |"
        )
    else:
        print("Playwright or Chromium is not installed: opening was not measured", file=sys.stderr)
    Stretch("vet-public").add(*lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", nargs="?", help="id of a run with fold models")
    parser.add_argument("--keep", type=Path, help="a new folder for posts and report")
    given = parser.parse_args()
    chosen = given.run or newest_run("linear")
    if given.keep:
        given.keep.mkdir(parents=True)
        main(chosen, given.keep)
    else:
        with tempfile.TemporaryDirectory() as scratch:
            main(chosen, Path(scratch))
