"""How far labels agree, and what a reader of masked posts can tell: ``... [run]``.

Votes of ``train.csv`` against those given to the same posts a second time, unmarked among others
(``repeated.csv``); and ``paid`` by a reader who saw the masked view alone and gave a number from 0
to 100 (``masked_reading.csv``), beside a run's out-of-fold scores of the same posts. Last, readings
of the same kind of the posts that were voted paid or are hard to tell (``second_reading.csv``),
beside the votes and, where there are two, one another; and those of posts without votes
(``promotion_readings.csv``), of which some were read twice. The readers are language models as the
voters are, so their agreement flatters.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score, f1_score
from unpolished.data.labels.folder import LABEL_FOLDER
from unpolished.data.labels.label_files import FURTHER, READINGS, TRAIN
from unpolished.data.labels.votes import KIND_VOTES
from unpolished.training.evaluation.bootstrap import auc_draws, group_weights, interval
from unpolished.training.evaluation.metrics import within_source_auc
from unpolished.training.reports.metric_names import with_interval
from unpolished.training.tracking.runs import load_table, newest_run

KEY = ["source", "source_id"]
SURE = 50
PAID = tuple(vote for vote, kind in KIND_VOTES.items() if kind == "paid")


def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(LABEL_FOLDER / name, dtype=str, keep_default_na=False)


def repeated() -> None:
    """Print the agreement of two passes."""
    both = _table(TRAIN.name).merge(_table("repeated.csv"), on=KEY, suffixes=("", "_again"))
    style = both["style"].astype(int), both["style_again"].astype(int)
    paid = both["commercial"].isin(PAID), both["commercial_again"].isin(PAID)
    cause = both["cause"], both["cause_again"]
    kinds = ["low", "high"]
    committed = both[cause[0].isin(kinds) & cause[1].isin(kinds)]
    print(f"{len(both)} posts voted twice")
    print(f"style, quadratic kappa {cohen_kappa_score(*style, weights='quadratic'):.3f}")
    print(f"paid, kappa {cohen_kappa_score(*paid):.3f}, F1 {f1_score(*paid):.3f}")
    print(f"cause, kappa {cohen_kappa_score(*cause):.3f}")
    again = cohen_kappa_score(committed["cause"], committed["cause_again"])
    print(f"low against high, kappa {again:.3f} ({len(committed)} posts)")


def masked_reading(run: str) -> None:
    """Print the within-source AUC of the reader and of a run."""
    predicted = load_table(run, "predictions.parquet")
    read = _table("masked_reading.csv").rename(columns={"paid": "reader"})
    both = predicted[predicted["split"] == "train"].merge(read, on=KEY)
    both = both[both["paid"].notna()]
    positive = both["paid"].to_numpy() == 1
    source = both["source"].to_numpy(dtype=np.str_)
    weights = group_weights(both["group"].to_numpy(dtype=np.str_))
    print(f"paid from the masked view, {len(both)} posts, {positive.sum()} paid")
    for name, column in (("reader", "reader"), (f"run {run}", "p_paid")):
        score = both[column].to_numpy(np.float64)
        auc = within_source_auc(positive, score, source)
        bounds = interval(auc_draws(positive, score, source, weights), auc)
        print(f"{name}: AUC within sources {with_interval(auc, *bounds)}")


def second_reading() -> None:
    """Print how readings of hard posts go with their votes, and with one another."""
    read = _table("second_reading.csv")
    votes = pd.concat([_table(TRAIN.name), _table(FURTHER.name)])
    both = read.merge(votes[[*KEY, "commercial"]], on=KEY)
    both = both[both["commercial"] != "unsure"]
    voted, said = both["commercial"].isin(PAID).to_numpy(), both["paid_1"].astype(int).to_numpy()
    auc = within_source_auc(voted, said.astype(np.float64), both["source"].to_numpy(dtype=np.str_))
    print(f"{len(both)} posts voted paid or hard to tell, {voted.sum()} voted paid, read again")
    print(f"reading against vote: AUC within sources {auc:.3f}; "
          f"F1 at 50 {f1_score(voted, said >= SURE):.3f}")  # fmt: skip
    twice = read[read["paid_2"] != ""][["paid_1", "paid_2"]].astype(int)
    first, second = twice["paid_1"], twice["paid_2"]
    print(
        f"two readers, {len(twice)} posts: Spearman {first.corr(second, method='spearman'):.3f}, "
        f"kappa at 50 {cohen_kappa_score(first >= SURE, second >= SURE):.3f}"
    )


def promotion_readings() -> None:
    """Print whose product posts without votes promote, and how two readers agree on it."""
    read = _table(READINGS.name)
    first, kinds = _kinds(read, "1"), ("none", "self", "third party")
    counts = ", ".join(f"{kind} {(first == i).sum():,}" for i, kind in enumerate(kinds))
    print(f"{len(read):,} posts without votes read: {counts}")
    twice = read[read["paid_2"] != ""]
    one, other = _kinds(twice, "1"), _kinds(twice, "2")
    kappa = cohen_kappa_score(one, other)
    print(f"two readers, {len(twice)} posts: the same kind {(one == other).mean():.3f}, "
          f"kappa {kappa:.3f}")  # fmt: skip


def _kinds(read: pd.DataFrame, number: str) -> NDArray[np.intp]:
    """The surest of none, self and third party, shape (n_posts,)."""
    own, paid = (read[f"{name}_{number}"].astype(int).to_numpy() for name in ("self", "paid"))
    return np.stack([100 - own - paid, own, paid], axis=1).argmax(axis=1)


if __name__ == "__main__":
    repeated()
    second_reading()
    promotion_readings()
    masked_reading(sys.argv[1] if len(sys.argv) > 1 else newest_run("stack"))
