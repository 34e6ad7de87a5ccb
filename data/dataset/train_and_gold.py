"""Rows of the public sources that are evaluated on: those of ``train.csv`` and ``gold-dev.csv``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..labels.attach_texts import JoinReport, check_joined, join_labels
from ..labels.label_files import FURTHER, GOLD, TRAIN, read_labels
from ..public.rows import source_rows
from ..public.sources import sources
from ..text.masked_cache import masked_texts

if TYPE_CHECKING:
    import pandas as pd

SORT = ["source", "source_id"]


def join_reports() -> dict[str, JoinReport]:
    """How many rows of each label file find their text; nothing is refused."""
    rows = vote_rows()
    return {
        path.name: join_labels(read_labels(path, passes), rows)[1]
        for path, passes in ((TRAIN, 1), (GOLD, 3), (FURTHER, 1))
    }


def labelled_rows() -> pd.DataFrame:
    """All rows of ``train.csv`` and ``gold-dev.csv`` with text, both masked views and targets.

    Returns:
        Sorted by ``split`` (gold, train), source and id.

    Raises:
        SourceError: a source cannot be had.
        JoinError: a labelled row does not find its text.
    """
    import pandas as pd

    rows, parts = vote_rows(), []
    for split, path, passes in (("gold", GOLD, 3), ("train", TRAIN, 1)):
        joined, report = join_labels(read_labels(path, passes), rows)
        check_joined(path.name, report)
        parts.append(joined.sort_values(SORT).assign(split=split))
    labelled = pd.concat(parts, ignore_index=True)
    texts = labelled["text"].tolist()
    return labelled.assign(
        masked=masked_texts(texts),
        masked_with_author=masked_texts(texts, labelled["name"].tolist()),
    )


def vote_rows() -> pd.DataFrame:
    """All rows, labelled or not, of the sources that label files name."""
    import pandas as pd

    return pd.concat([source_rows(source) for source in sources() if source.kind == "votes"])
