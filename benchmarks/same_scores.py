"""Whether two builds give the same rows: ``python benchmarks/same_scores.py BEFORE AFTER``.

BEFORE and AFTER are Python executables with a build installed, such as ``old/.venv/bin/python``.
Both score the corpus and 2,000 public posts (where they can be had) with the shipped models, from
JSONL, CSV and Parquet, here and with Spark (``--engine`` chooses one). Every column that both write
is compared, to the bit; columns that one alone has are named.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
from speed.posts import CORPUS, public_texts

N_PUBLIC = 2_000
MODELS = ("default", "linear")
FORMATS = ("jsonl", "csv", "parquet")
ENGINES = ("local", "spark")


def posts() -> pd.DataFrame:
    """The posts of the corpus with all their fields, then texts of the public sources."""
    corpus = pd.DataFrame([json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()])
    corpus = corpus[[name for name in corpus if not name.startswith("label_")]]
    texts, origin = public_texts()
    if origin != "public sources":
        return corpus
    public = pd.DataFrame({"text": texts[:N_PUBLIC]})
    public.insert(0, "id", [f"public-{i}" for i in range(len(public))])
    return pd.concat([corpus, public], ignore_index=True)


def write(frame: pd.DataFrame, folder: Path) -> dict[str, Path]:
    """The posts in each format."""
    # A folder for each: Spark reads folders.
    paths = {name: folder / name / f"posts.{name}" for name in FORMATS}
    for path in paths.values():
        path.parent.mkdir()
    frame = frame.convert_dtypes()
    frame.to_json(paths["jsonl"], orient="records", lines=True, force_ascii=False)
    frame.to_csv(paths["csv"], index=False)
    frame.to_parquet(paths["parquet"], index=False)
    return paths


def scored(python: str, source: Path, model: str, engine: str, folder: Path) -> pd.DataFrame:
    """The rows of one build, by id."""
    target = folder / ("spark" if engine == "spark" else f"scored.{source.suffix[1:]}")
    out = f"{target}/" if engine == "spark" else str(target)
    given = f"{source.parent}/" if engine == "spark" else str(source)
    command = [python, "-m", "unpolished.cli", "score", given, "-o", out, "-q", "--engine", engine,
               "--format", source.suffix[1:], "--max-rejects", "100%"]  # fmt: skip
    if model != "default":
        command += ["--model", model]
    # Outside of any checkout, whose folder would be imported in the place of the build.
    subprocess.run(command, check=True, cwd=folder, env=os.environ | {"PYTHONSAFEPATH": "1"})
    if engine == "spark" or source.suffix == ".parquet":
        rows = pd.read_parquet(target)
    elif source.suffix == ".csv":
        rows = pd.read_csv(target, dtype=str, keep_default_na=False)
    else:
        rows = pd.DataFrame([json.loads(line) for line in target.read_text("utf-8").splitlines()])
    return rows.sort_values("id", ignore_index=True).map(repr)


def differing(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, int]:
    """Rows that differ, by column that both have."""
    both = [name for name in before if name in after]
    if len(before) != len(after):
        return {"rows": abs(len(before) - len(after))}
    counts = {name: int((before[name] != after[name]).sum()) for name in both}
    return {name: n for name, n in counts.items() if n}


def main() -> int:
    """Print a line for each way; exit code 1 where any row differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--engine", choices=ENGINES, action="append", help="default: both")
    given = parser.parse_args()
    ways = [(m, f, e) for e in given.engine or ENGINES for m in MODELS for f in FORMATS]
    wrong = 0
    with tempfile.TemporaryDirectory() as scratch:
        paths = write(posts(), Path(scratch))
        for number, (model, kind, engine) in enumerate(ways):
            if engine == "spark" and kind == "csv":
                continue  # Spark reads CSV by rules of its own; the engine takes none
            found = []
            for name, python in (("before", given.before), ("after", given.after)):
                folder = Path(scratch, f"{name}-{number}")
                folder.mkdir()
                found.append(scored(python, paths[kind], model, engine, folder))
            counts = differing(*found)
            only = sorted(set(found[0]) ^ set(found[1]))
            said = f"differing: {counts or 'none'}, columns of one alone: {only or 'none'}"
            print(f"{model}, {kind}, {engine}: {len(found[1]):,} rows, {said}", flush=True)
            wrong += bool(counts)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
