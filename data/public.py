"""Rows of the public sources: those that the label files name, and weakly labelled ones."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from .cache import cache_folder, replacing
from .converted import WEAK, source_fingerprint, source_rows
from .join import JoinReport, check_joined, join_labels
from .label_files import GOLD, TRAIN, read_labels
from .masked import masked_texts, masking_version
from .sources import Source, sources

if TYPE_CHECKING:
    import pandas as pd

_SORT = ["source", "source_id"]


def join_reports() -> dict[str, JoinReport]:
    """How many rows of each label file find their text; nothing is refused."""
    rows = _vote_rows()
    return {
        path.name: join_labels(read_labels(path, passes), rows)[1]
        for path, passes in ((TRAIN, 1), (GOLD, 3))
    }


def labelled_rows() -> pd.DataFrame:
    """All rows of ``train.csv`` and ``gold-dev.csv`` with text, masked text and targets.

    Returns:
        Sorted by ``split`` (gold, train), source and id.

    Raises:
        SourceError: a source cannot be had.
        JoinError: a labelled row does not find its text.
    """
    import pandas as pd

    rows, parts = _vote_rows(), []
    for split, path, passes in (("gold", GOLD, 3), ("train", TRAIN, 1)):
        joined, report = join_labels(read_labels(path, passes), rows)
        check_joined(path.name, report)
        parts.append(joined.sort_values(_SORT).assign(split=split))
    labelled = pd.concat(parts, ignore_index=True)
    return labelled.assign(masked=masked_texts(labelled["text"].tolist()))


def weak_rows(labelled: pd.DataFrame) -> pd.DataFrame:
    """Rows with a weak target on some axis that no label file names, grouped and folded.

    A row tied to labelled groups of two folds (its author in one, a near-duplicate in another)
    is left out: it could carry a held-out post into training.
    """
    import pandas as pd

    from .folds import folds

    weak_sources = [source for source in sources() if source.weak]
    digest = hashlib.sha256(f"1 {masking_version()} {folds().sha256}".encode())
    for source in weak_sources:
        digest.update(source_fingerprint(source).encode())
    path = cache_folder() / "weak" / f"{digest.hexdigest()[:20]}.parquet"
    if path.is_file():
        return pd.read_parquet(path)
    rows = pd.concat([_weak_of(source, labelled) for source in weak_sources], ignore_index=True)
    rows = rows.assign(masked=masked_texts(rows["text"].tolist(), keep=False))
    rows = _placed(rows, labelled).sort_values(_SORT, ignore_index=True)
    with replacing(path) as file:
        rows.to_parquet(file, index=False)
    return rows


def _vote_rows() -> pd.DataFrame:
    import pandas as pd

    return pd.concat([source_rows(source) for source in sources() if source.kind == "votes"])


def _weak_of(source: Source, labelled: pd.DataFrame) -> pd.DataFrame:
    rows = source_rows(source)
    known = labelled.loc[labelled["source"] == source.repository, "source_id"]
    rows = rows[rows[list(WEAK.values())].notna().any(axis=1) & ~rows["source_id"].isin(known)]
    if source.english_only:
        from .language import detect_language

        rows = rows[[detect_language(text) == "en" for text in rows["text"]]]
    rows = rows.drop_duplicates("source_id")
    axes = {name: axis for axis, name in WEAK.items()}
    return rows.rename(columns=axes).assign(weight=source.weak_weight)


def _placed(rows: pd.DataFrame, labelled: pd.DataFrame) -> pd.DataFrame:
    from .folds import fold_of, folds
    from .weak_groups import Tied, place_weak

    places = folds().places
    known = Tied(
        author_keys=labelled["author_key"].tolist(),
        texts=labelled["masked"].tolist(),
        groups=[places[key].group for key in zip(*(labelled[c] for c in _SORT), strict=True)],
    )
    keys = (rows["source"] + "\t" + rows["source_id"]).tolist()
    groups = place_weak(
        keys, rows["author_key"].tolist(), rows["masked"].tolist(), known, folds().of_group
    )
    rows = rows.assign(group=list(groups))
    rows = rows[rows["group"] != ""]
    return rows.assign(fold=rows["group"].map(fold_of))
