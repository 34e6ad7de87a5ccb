"""All posts, labelled or not, of the authors in the public sources of whom several are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..axes import KINDS, MISSING, PAID
from ..labelled_texts import LabelledTexts
from ..public.rows import source_rows
from ..public.sources import sources
from ..text.language.detect import detect_languages
from ..text.masking import mask
from ..text.repair.repair import repair
from .train_and_gold import SORT

if TYPE_CHECKING:
    import pandas as pd
    from datasets import DatasetDict

_SPLITS = ("train", "gold", "further")
_MIN_WORDS = 3


def author_posts(dataset: DatasetDict) -> pd.DataFrame:
    """Posts of authors who have a labelled post that promotes something, and another post.

    Only what a model reads: in English, of at least three words, not removed. Of posts of one
    author with the same text one is kept, a labelled one first. Reserved authors are left out, as
    everywhere.

    Args:
        dataset: the public one, with its splits train and gold, and further where it has it.

    Returns:
        Sorted by author, source and id, with columns ``source``, ``source_id``, ``author`` (a
        key), ``name``, ``text`` (repaired), ``masked``, ``masked_with_author``, ``group``,
        ``fold`` (those of the author's labelled posts, so that models of a fold have seen none of
        the author's), ``split`` (empty without a label) and ``kind``.

    Raises:
        SourceError: a source cannot be had.
    """
    import pandas as pd

    labelled = _labelled(dataset)
    used = [one for one in sources() if one.kind != "unused" and one.reading.names_authors]
    rows = pd.concat([source_rows(source) for source in used], ignore_index=True)
    rows = rows.drop_duplicates(SORT)[[*SORT, "author_key", "name", "text", "text_sha1"]]
    rows = rows.merge(labelled, on=SORT, how="left").rename(columns={"author_key": "author"})
    rows = rows.assign(split=rows["split"].fillna(""), kind=rows["kind"].fillna(MISSING))
    rows = _of_promoters(rows)
    places = rows.dropna(subset="group").groupby("author")
    if (places["fold"].nunique() > 1).any():
        raise ValueError("posts of one author are in two folds: rebuild the fold file")
    rows = rows.drop(columns=["group", "fold"]).join(places[["group", "fold"]].first(), on="author")
    rows = rows.sort_values(["author", "split", *SORT], ascending=[True, False, True, True])
    rows = _read(rows.drop_duplicates(["author", "text_sha1"]).drop(columns="text_sha1"))
    rows = _of_promoters(rows)
    several = rows.groupby("author")["source_id"].transform("size") > 1
    ordered = rows[several].sort_values(["author", *SORT], ignore_index=True)
    return ordered.astype({"fold": np.int8, "kind": np.int8})


def as_texts(posts: pd.DataFrame) -> LabelledTexts:
    """Posts of ``author_posts`` as models score them; their labels are left out."""
    n = len(posts)
    unknown = np.full(n, np.nan, np.float32)
    return LabelledTexts(
        texts=tuple(posts["masked"]),
        with_author=tuple(posts["masked_with_author"]),
        sources=posts["source"].to_numpy(np.str_),
        authors=posts["author"].to_numpy(np.str_),
        groups=posts["group"].to_numpy(np.str_),
        folds=posts["fold"].to_numpy(np.int8),
        style=unknown,
        paid=np.full(n, MISSING, np.int8),
        kinds=np.full((n, len(KINDS)), np.nan, np.float32),
        cause=np.full(n, MISSING, np.int8),
        weight=np.ones(n, np.float32),
    )


def _of_promoters(rows: pd.DataFrame) -> pd.DataFrame:
    promoting = rows["kind"].isin([KINDS.index("self"), KINDS.index("paid")])
    return rows[rows["author"].isin(rows.loc[promoting, "author"])]


def _labelled(dataset: DatasetDict) -> pd.DataFrame:
    import pandas as pd

    columns = [*SORT, "group", "fold", "paid", "kind"]
    parts = [
        dataset[name].select_columns(columns).to_pandas().assign(split=name)
        for name in _SPLITS
        if name in dataset
    ]
    found = pd.concat(parts, ignore_index=True)
    # As the evaluation has it: what is paid is never one's own.
    paid = found["paid"] == PAID.index("yes")
    found["kind"] = found["kind"].where(~paid, KINDS.index("paid"))
    kept: pd.DataFrame = found.drop(columns="paid")
    return kept


def _read(rows: pd.DataFrame) -> pd.DataFrame:
    texts = [repair(text) for text in rows["text"]]
    plain = [mask(text.text) for text in texts]
    named = [mask(text.text, name).text for text, name in zip(texts, rows["name"], strict=True)]
    languages = detect_languages(named)
    readable = [
        language.as_english and one.n_words >= _MIN_WORDS and not text.removed
        for language, one, text in zip(languages, plain, texts, strict=True)
    ]
    return rows.assign(
        text=[text.text for text in texts],
        masked=[one.text for one in plain],
        masked_with_author=named,
    )[readable]
