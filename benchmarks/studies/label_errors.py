"""Votes most likely to be wrong: ``python benchmarks/studies/label_errors.py [run] [-o FILE]``.

Confident learning (Northcutt et al. 2021, by cleanlab) on the out-of-fold probabilities that a run
stored for the training split. The list names source, id, axis, vote and what the model says, for a
person to read again under the guideline; nothing is relabelled.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from page import Stretch
from unpolished.data.axes import CAUSES, IS_PAID, PAID, POLISHED
from unpolished.training.tracking.runs import load_table, newest_run

STYLE = ("raw", "polished")
COLUMNS = ["source", "source_id", "axis", "vote", "model says", "quality"]


def axes(table: pd.DataFrame) -> Iterator[tuple[str, tuple[str, ...], np.ndarray, pd.DataFrame]]:
    """Axis, names of its classes, votes (NaN for none) and a probability for each class."""
    polished, paid = table["p_polished"], table["p_paid"]
    low, high = table["p_performative"], table["p_committed"]
    yield "style", STYLE, POLISHED(table), pd.concat([1 - polished, polished], axis=1)
    yield "paid", PAID, IS_PAID(table), pd.concat([1 - paid, paid], axis=1)
    yield "cause", CAUSES, table["cause"].to_numpy(), pd.concat([1 - low - high, low, high], axis=1)


def likely_errors(table: pd.DataFrame) -> pd.DataFrame:
    """Rows whose vote the model contradicts beyond its class rates, least likely right first."""
    found = []
    for axis, names, votes, probability in axes(table):
        rows = np.flatnonzero(~np.isnan(votes))
        given = votes[rows].astype(int)
        p = np.clip(probability.to_numpy(np.float64)[rows], 1e-6, None)
        p /= p.sum(axis=1, keepdims=True)
        quality = get_label_quality_scores(given, p)
        for i in np.flatnonzero(find_label_issues(given, p)):
            row = table.iloc[rows[i]]
            said = names[given[i]], names[int(p[i].argmax())]
            found.append((row["source"], row["source_id"], axis, *said, round(quality[i], 4)))
    return pd.DataFrame(found, columns=COLUMNS).sort_values("quality", kind="stable")


def main() -> None:
    """Write the list and print how many there are of each kind."""
    parser = argparse.ArgumentParser()
    parser.add_argument("run", nargs="?")
    parser.add_argument("-o", type=Path, default=Path("outputs/label_errors.csv"))
    given = parser.parse_args()
    run = given.run or newest_run("stack")
    table = load_table(run, "predictions.parquet")
    errors = likely_errors(table[table["split"] == "train"])
    given.o.parent.mkdir(parents=True, exist_ok=True)
    errors.to_csv(given.o, index=False)
    print(f"listed in {given.o}")
    page = Stretch("label-errors")
    counted = errors.groupby(["axis", "vote", "model says"]).size()
    page.add(f"Run {run}: {len(errors)} votes of `train.csv`.", "",
             "| axis | vote | model says | posts |", "|---|---|---|---|")  # fmt: skip
    for (axis, vote, said), n in counted.items():
        page.add(f"| {axis} | {vote} | {said} | {n} |")


if __name__ == "__main__":
    main()
