"""How two tracked runs differ on the same posts: ``python benchmarks/paired_runs.py RUN BEFORE``.

Differences of the AUC within sources, question by question, with 95 % intervals over groups, both
runs on the same draws: out of fold and, where both have such scores, with each post's source left
out. ``--split gold`` is for finalists alone. Runs are named by their ids or by how these begin.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd
from unpolished.training.evaluation.judged import JUDGED
from unpolished.training.selection.promote import SCORES, differences
from unpolished.training.tracking.runs import load_table, named_run


def predictions(name: str, split: str) -> pd.DataFrame:
    """Out-of-fold table of a run; columns that it does not have are NaN.

    Raises:
        ValueError: no run, or more than one, is called so.
    """
    table = load_table(named_run(name).run_id, "predictions.parquet")
    table = table[table["split"] == split]
    later = [f"{prefix}_self" for prefix, _ in SCORES] + ["kind", "undisclosed"]
    return table.assign(**{name: np.nan for name in later if name not in table})


def main() -> None:
    """Print the differences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run")
    parser.add_argument("before")
    parser.add_argument("--split", choices=["train", "gold"], default="train")
    given = parser.parse_args()
    try:
        run, before = (predictions(name, given.split) for name in (given.run, given.before))
    except ValueError as error:
        parser.error(str(error))
    for scores, where in SCORES:
        print(f"{given.split}, out of fold{where}" if scores == "p" else f"{given.split}{where}")
        told = [axis for axis in JUDGED if not np.isnan(axis.scores(run, "p")).all()]
        for found in differences(run, before, told, scores):
            mark = " worse" if found.worse else " better" if found.better else ""
            print(f"  {found}{mark}")


if __name__ == "__main__":
    main()
