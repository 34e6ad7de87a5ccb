"""The committed fold file made anew."""

from __future__ import annotations

from pathlib import Path

from ..folds.assign import assign_folds
from ..folds.fold_file import FOLDS, Folds, folds, read_folds, strata, write_folds
from ..folds.near_duplicates import group_posts
from .train_and_gold import labelled_rows


def build_folds(path: Path = FOLDS) -> Folds:
    """Group and fold all rows of the label files anew and write the fold file.

    Changes what every tracked number was measured on: run it only when the label files, the
    sources or the masking change, and say so.

    Raises:
        SourceError: a source cannot be had.
        JoinError: a labelled row does not find its text.
    """
    rows = labelled_rows()
    keys = (rows["source"] + "\t" + rows["source_id"]).tolist()
    groups = group_posts(keys, rows["author_key"].tolist(), rows["masked"].tolist())
    fold = assign_folds(groups, strata(rows))
    write_folds(
        path,
        zip(rows["source"], rows["source_id"], groups, (fold[g] for g in groups), strict=True),
    )
    folds.cache_clear()
    return read_folds(path)
