"""Posts that models are fitted on and never judged by: further votes, the corpus, weak labels.

Further votes (``further.csv``) were given to posts chosen because a model was unsure of them: no
fair sample of anything. They and the posts with weak labels, those of their source, are grouped
beside the labelled posts, whose folds are fixed. The corpus shares no author with them.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from ..axes import KINDS, MISSING, PAID
from ..cache import cache_folder, replacing
from ..folds.fold_file import NO_FOLD, fold_of, folds
from ..folds.groups import Tied, place_weak
from ..labels.attach_texts import JoinReport, check_joined, join_labels
from ..labels.label_files import FURTHER, READINGS, read_labels, read_readings
from ..public.rows import WEAK, source_fingerprint, source_rows
from ..public.sources import Source, sources
from ..text.masked_cache import MASKING_VERSION, masked_texts
from .train_and_gold import SORT, vote_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Set

    import pandas as pd


# Before all names of groups.
_FIRST = "!"


def further_rows(labelled: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``further.csv`` with text, both masked views, targets, group and fold.

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


def read_rows(labelled: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``promotion_readings.csv``: whose product they promote is all that is known of them.

    Rows tied to two folds, or to a group of gold, are left out.

    Args:
        labelled: rows of all other label files.
    """
    import pandas as pd

    readings = pd.DataFrame(read_readings())
    used = [source for source in sources() if source.kind != "unused"]
    gold = set(labelled.loc[labelled["split"] == "gold", "group"])

    def joined() -> pd.DataFrame:
        rows = pd.concat([source_rows(source) for source in used], ignore_index=True)
        keys = [*SORT, "author", "text_sha1"]
        found = readings.merge(rows.drop_duplicates(keys), on=keys, how="left")
        check_joined(READINGS.name, _report(found))
        found = found.rename(columns={"paid": "read_paid", "own": "read_self"})
        missing = {"style": np.nan, "paid": MISSING, "kind": MISSING, "cause": MISSING}
        rows = _new(found, labelled).assign(weight=1.0, **missing)
        placed = _placed(rows, labelled, first=gold)
        return placed[~placed["group"].isin(gold)].reset_index(drop=True)

    ids = "".join(labelled["source_id"]).encode()
    return _kept("read", used, READINGS.read_bytes() + ids, joined)


def _report(found: pd.DataFrame) -> JoinReport:
    known = found["text"].notna()
    missing = Counter(map(str, found.loc[~known, "source"]))
    return JoinReport(len(found), int(known.sum()), dict(missing))


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


def unlabelled_rows(labelled: pd.DataFrame) -> pd.DataFrame:
    """English posts of all sources that no label file names, grouped and folded.

    Posts of gold authors, or near-duplicates of gold posts, are left out, and those tied to two
    folds; of posts with the same masked view, one is kept.

    Args:
        labelled: rows of all label files.
    """
    import pandas as pd

    used = [source for source in sources() if source.kind != "unused"]
    of_gold = labelled[labelled["split"] == "gold"]

    def found() -> pd.DataFrame:
        rows = pd.concat([_unlabelled_of(source, labelled) for source in used], ignore_index=True)
        rows = rows[~rows["author_key"].isin(set(of_gold["author_key"]))]
        placed = _placed(rows.drop_duplicates("text"), labelled, first=set(of_gold["group"]))
        placed = placed[~placed["group"].isin(set(of_gold["group"]))]
        return placed.drop_duplicates("masked", ignore_index=True)

    ids = "".join(labelled["source_id"]).encode()
    return _kept("unlabelled", used, ids, found)


def _unlabelled_of(source: Source, labelled: pd.DataFrame) -> pd.DataFrame:
    rows = _new(source_rows(source), labelled).drop_duplicates("source_id")
    rows = rows[_english(rows["text"].tolist())]
    missing = {"style": np.nan, "paid": MISSING, "kind": MISSING, "cause": MISSING}
    return rows.drop(columns=list(WEAK.values())).assign(weight=1.0, **missing)


def _english(texts: list[str]) -> list[bool]:
    from ..text.language.detect import detect_languages

    return [language.code == "en" for language in detect_languages(texts)]


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

    digest = hashlib.sha256(f"6 {MASKING_VERSION} {folds().sha256}".encode() + made_from)
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
        rows = rows[_english(rows["text"].tolist())]
    rows = rows.drop_duplicates("source_id")
    axes = {name: axis for axis, name in WEAK.items()}
    rows = rows.rename(columns=axes).assign(weight=source.weak_weight)
    is_paid = rows["paid"] == PAID.index("yes")
    return rows.assign(kind=np.where(is_paid, KINDS.index("paid"), MISSING))


def _placed(
    rows: pd.DataFrame, labelled: pd.DataFrame, first: Set[str] = frozenset()
) -> pd.DataFrame:
    """Rows with masked views, group and fold; of several groups of a fold, one of ``first``."""
    # The smallest name counts.
    names = [f"{_FIRST}{group}" if group in first else group for group in labelled["group"]]
    texts = rows["text"].tolist()
    rows = rows.assign(
        masked=masked_texts(texts, keep=False),
        masked_with_author=masked_texts(texts, rows["name"].tolist(), keep=False),
    )
    known = Tied(
        author_keys=labelled["author_key"].tolist(),
        texts=labelled["masked"].tolist(),
        groups=names,
    )
    keys = (rows["source"] + "\t" + rows["source_id"]).tolist()
    of_group = dict(zip(names, labelled["fold"], strict=True))
    groups = place_weak(keys, rows["author_key"].tolist(), rows["masked"].tolist(), known, of_group)
    rows = rows.assign(group=[group.removeprefix(_FIRST) for group in groups])
    rows = rows[rows["group"] != ""]
    return rows.assign(fold=rows["group"].map(fold_of)).sort_values(SORT, ignore_index=True)
