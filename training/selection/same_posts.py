"""Whether runs were measured on the same posts, labels and folds; if not, the posts of all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...data.row_id import is_row_id
from ..tracking.runs import FinishedRun

_KEY = ["source", "source_id"]
_LABELS = ("style", "paid", "kind", "cause", "undisclosed")
_FOLD = ("fold",)
_FOLD_FILE = "folds.sha256"


@dataclass(frozen=True)
class Measured:
    """A run with its out-of-fold table of one split.

    Attributes:
        run: as read back.
        name: that it is shown by.
        table: labels missing as NaN; posts of a user's own file have no source.
    """

    run: FinishedRun
    name: str
    table: pd.DataFrame


def measured(run: FinishedRun, name: str, predictions: pd.DataFrame, split: str) -> Measured:
    """Take one split of a run's predictions, indexed by post.

    Raises:
        ValueError: the run was not scored on that split.
    """
    table = predictions[predictions["split"] == split]
    if table.empty:
        scored = ", ".join(map(str, predictions["split"].unique()))
        raise ValueError(f"run {run.run_id} ({name}) was not scored on {split}: it has {scored}")
    # Runs of earlier versions did not store all labels.
    table = table.assign(**{label: np.nan for label in _LABELS if label not in table})
    # A file of one's own names its posts' source: the next version of it may be called otherwise.
    own = table["source"] == run.tags.get("data.name")
    key = table.assign(source=table["source"].mask(own, ""))[_KEY]
    times = key.groupby(_KEY).cumcount()
    index = pd.MultiIndex.from_arrays([key["source"], key["source_id"], times])
    return Measured(run, name, table.set_axis(index).sort_index(kind="stable"))


def what_differs(runs: Sequence[Measured]) -> Iterator[str]:
    """Sentences on what forbids comparing runs with the first: folds, posts, labels."""
    first, *others = runs
    for other in others:
        pair = f"{first.name} and {other.name}"
        ours, theirs = (run.run.tags.get(_FOLD_FILE, "none") for run in (first, other))
        if ours != theirs:
            yield f"{pair}: fold file ({_FOLD_FILE}) {ours[:8]} and {theirs[:8]}"
        both = first.table.index.intersection(other.table.index)
        only = [f"{len(run.table) - len(both):,} only in {run.name}" for run in (first, other)
                if len(run.table) > len(both)]  # fmt: skip
        if only:
            fingerprints = " and ".join(
                run.run.tags.get("data.fingerprint", "none")[:8] for run in (first, other)
            )
            what = ", ".join([f"{len(both):,} posts in both", *only])
            yield f"{pair}: {what} (data.fingerprint {fingerprints})"
        a, b = first.table.loc[both], other.table.loc[both]
        for what, unlike in (("labels", _unlike(a, b, _LABELS)), ("folds", _unlike(a, b, _FOLD))):
            if unlike.any():
                yield f"{pair}: other {what} of {int(unlike.sum()):,} posts that both hold"


def same_posts(runs: Sequence[Measured]) -> list[pd.DataFrame]:
    """The tables of runs between which nothing differs, in the same order."""
    return _joined([run.table for run in runs])


def common_posts(runs: Sequence[Measured]) -> tuple[list[pd.DataFrame], list[str]]:
    """The tables of the posts that all runs hold with the same labels, in the same order.

    Left out is what cannot be told to be the same post: where it has no id of its own, or shares
    it with another.

    Returns:
        The tables, and sentences on what was left out.

    Raises:
        ValueError: no post is left.
    """
    index = runs[0].table.index
    for run in runs[1:]:
        index = index.intersection(run.table.index)
    index = index.sort_values()
    repeated = {key[:2] for run in runs for key in run.table.index if key[2]}
    unnamed = np.array(
        [is_row_id(str(key[1])) or key[:2] in repeated for key in index], dtype=np.bool_
    )
    tables = [run.table.loc[index] for run in runs]
    relabelled = np.zeros(len(index), np.bool_)
    for table in tables[1:]:
        relabelled |= ~unnamed & _unlike(tables[0], table, _LABELS)
    kept = ~(unnamed | relabelled)
    if not kept.any():
        raise ValueError(
            "no post is held by all of these runs with an id of its own and the same labels"
        )
    notes = [
        f"{int(out.sum()):,} posts {why} are left out"
        for out, why in (
            (unnamed, "whose id is made of their line, or is not theirs alone,"),
            (relabelled, "whose labels differ"),
        )
        if out.any()
    ]
    return _joined([table[kept] for table in tables]), notes


def _joined(tables: Sequence[pd.DataFrame]) -> list[pd.DataFrame]:
    """Sources are called as in the first; posts of one group in any table are of one group."""
    groups = _joined_groups([table["group"].to_numpy(np.str_) for table in tables])
    source = tables[0]["source"].to_numpy()
    return [table.assign(group=groups, source=source) for table in tables]


def _unlike(a: pd.DataFrame, b: pd.DataFrame, columns: Sequence[str]) -> NDArray[np.bool_]:
    found = np.zeros(len(a), np.bool_)
    for column in columns:
        ours, theirs = (table[column].to_numpy(np.float64) for table in (a, b))
        found |= ~((ours == theirs) | (np.isnan(ours) & np.isnan(theirs)))
    return found


def _joined_groups(groups: Sequence[NDArray[np.str_]]) -> NDArray[np.str_]:
    """Names of groups such that posts of one group in any run are of one group."""
    if all(np.array_equal(groups[0], other) for other in groups[1:]):
        return groups[0]
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n, ties, past = len(groups[0]), [], len(groups[0])
    for named in groups:
        _, member = np.unique(named, return_inverse=True)
        ties.append(past + member)
        past += int(member.max()) + 1
    posts = np.tile(np.arange(n), len(groups))
    graph = coo_array((np.ones(len(posts)), (posts, np.concatenate(ties))), shape=(past, past))
    _, component = connected_components(graph, directed=False)
    return np.array([f"{number:09d}" for number in component[:n]])
