"""Posts that models are fitted on and never judged by: further votes, the corpus, weak labels.

Further votes (``further.csv``) were given to posts chosen because a model was unsure of them: no
fair sample of anything. They and the posts with weak labels, those of their source, are grouped
beside the labelled posts, whose folds are fixed. The corpus shares no author with them.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from ..axes import KINDS, MISSING, PAID
from ..cache import cache_folder, replacing
from ..folds.fold_file import fold_of, folds
from ..folds.groups import Tied, place_weak
from ..labels.attach_texts import check_joined, join_labels
from ..labels.label_files import FURTHER, read_labels
from ..public.rows import WEAK, source_fingerprint, source_rows
from ..public.sources import Source, sources
from ..text.masked_cache import MASKING_VERSION, masked_texts
from .train_and_gold import SORT, vote_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd


# Of posts that every fold is fitted on.
NO_FOLD = -1


def further_rows(labelled: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``further.csv`` with text, masked text, targets, group and fold.

    A row tied to labelled groups of two folds (its author in one, a near-duplicate in another)
    is left out: it could carry a held-out post into training.

    Args:
        labelled: rows of the other label files, as ``train_and_gold.labelled_rows`` gives them.

    Raises:
        SourceError: a source cannot be had.
        JoinError: a labelled row does not find its text.
    """

    def joined() -> pd.DataFrame:
        rows, report = join_labels(read_labels(FURTHER, 1), vote_rows())
        check_joined(FURTHER.name, report)
        return _new(rows, labelled).assign(weight=1.0)

    used = [source for source in sources() if source.kind == "votes"]
    return _kept("further", used, FURTHER.read_bytes(), lambda: _placed(joined(), labelled))


def weak_rows(labelled: pd.DataFrame) -> pd.DataFrame:
    """Rows with a weak target on some axis that no label file names, grouped and folded.

    Rows tied to two folds are left out, as by ``further_rows``.

    Args:
        labelled: rows of all label files, ``further.csv`` included.
    """
    import pandas as pd

    used = [source for source in sources() if source.weak]

    def found() -> pd.DataFrame:
        return pd.concat([_weak_of(source, labelled) for source in used], ignore_index=True)

    ids = "".join(labelled["source_id"]).encode()
    return _kept("weak", used, ids, lambda: _placed(found(), labelled))


def corpus_rows() -> pd.DataFrame:
    """The shipped corpus, in no fold; whether a post is paid is left out.

    Invented posts help to tell style and causes, but the advertisements among them are better
    hidden than real ones: learnt from, they ranked the public ones worse.
    """
    from .own_posts import CORPUS, own_rows

    rows = own_rows(CORPUS, "corpus")
    return rows.assign(fold=NO_FOLD, paid=MISSING, kind=MISSING, commercial="")


def _kept(
    name: str, used: Iterable[Source], made_from: bytes, make: Callable[[], pd.DataFrame]
) -> pd.DataFrame:
    """Rows from the cache, or made and put there: placing compares all texts with all others."""
    import pandas as pd

    digest = hashlib.sha256(f"4 {MASKING_VERSION} {folds().sha256}".encode() + made_from)
    for source in used:
        digest.update(source_fingerprint(source).encode())
    path = cache_folder() / name / f"{digest.hexdigest()[:20]}.parquet"
    if path.is_file():
        return pd.read_parquet(path)
    rows = make()
    with replacing(path) as file:
        rows.to_parquet(file, index=False)
    return rows


def _new(rows: pd.DataFrame, labelled: pd.DataFrame) -> pd.DataFrame:
    """Rows that do not stand among the labelled ones."""
    known = set(zip(*(labelled[column] for column in SORT), strict=True))
    keys = zip(*(rows[column] for column in SORT), strict=True)
    return rows[[key not in known for key in keys]]


def _weak_of(source: Source, labelled: pd.DataFrame) -> pd.DataFrame:
    rows = source_rows(source)
    rows = _new(rows[rows[list(WEAK.values())].notna().any(axis=1)], labelled)
    if source.english_only:
        from ..text.language.detect import detect_languages

        told = detect_languages(rows["text"].tolist())
        rows = rows[[language.code == "en" for language in told]]
    rows = rows.drop_duplicates("source_id")
    axes = {name: axis for axis, name in WEAK.items()}
    rows = rows.rename(columns=axes).assign(weight=source.weak_weight)
    is_paid = rows["paid"] == PAID.index("yes")
    return rows.assign(kind=np.where(is_paid, KINDS.index("paid"), MISSING))


def _placed(rows: pd.DataFrame, labelled: pd.DataFrame) -> pd.DataFrame:
    rows = rows.assign(masked=masked_texts(rows["text"].tolist(), keep=False))
    known = Tied(
        author_keys=labelled["author_key"].tolist(),
        texts=labelled["masked"].tolist(),
        groups=labelled["group"].tolist(),
    )
    keys = (rows["source"] + "\t" + rows["source_id"]).tolist()
    of_group = dict(zip(labelled["group"], labelled["fold"], strict=True))
    groups = place_weak(keys, rows["author_key"].tolist(), rows["masked"].tolist(), known, of_group)
    rows = rows.assign(group=list(groups))
    rows = rows[rows["group"] != ""]
    return rows.assign(fold=rows["group"].map(fold_of)).sort_values(SORT, ignore_index=True)
