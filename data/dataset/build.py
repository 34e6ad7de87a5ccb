"""The labelled posts as one typed, deterministic ``datasets.DatasetDict``."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..axes import CAUSES, KINDS, MISSING, PAID
from ..labelled_texts import LabelledTexts

if TYPE_CHECKING:
    import pandas as pd
    from datasets import Dataset, DatasetDict, Features

# Columns that follow from ``commercial`` and ``paid``: votes are merged once, when they are read.
DERIVED = ("kind", "kind_contested", "undisclosed")


def features() -> Features:
    """The columns of every split."""
    from datasets import ClassLabel, Features, Value

    return Features(
        {
            "source": Value("string"),
            "source_id": Value("string"),
            "text": Value("string"),
            "masked": Value("string"),
            "masked_with_author": Value("string"),
            "author": Value("string"),
            "group": Value("string"),
            "fold": Value("int8"),
            "style": Value("float32"),
            "style_mean": Value("float32"),
            "style_contested": Value("bool"),
            "paid": ClassLabel(names=list(PAID)),
            "paid_contested": Value("bool"),
            "kind": ClassLabel(names=list(KINDS)),
            "kind_contested": Value("bool"),
            "undisclosed": Value("float64"),
            "commercial": Value("string"),
            "read_paid": Value("float32"),
            "read_self": Value("float32"),
            "cause": ClassLabel(names=list(CAUSES)),
            "cause_contested": Value("bool"),
            "weight": Value("float32"),
        }
    )


def build(
    which: Literal["public", "corpus"] | Path,
    *,
    further: bool = False,
    corpus: bool = False,
    weak: bool = False,
    read: bool = False,
    unlabelled: bool = False,
) -> DatasetDict:
    """Build the data set that a recipe's ``DATA`` names.

    Args:
        which: ``public`` (splits train and gold), ``corpus`` (train) or a file of one's own
            labelled posts (train).
        further: with ``public``, also the split further: posts of ``further.csv``, for training
            alone.
        corpus: with ``public``, also the split corpus: the shipped posts, for training alone.
        weak: with ``public``, also the split weak: posts labelled by rules of ``sources.toml``.
        read: with ``public``, also the split read: posts of ``promotion_readings.csv``, for
            training alone.
        unlabelled: with ``public``, also the split unlabelled: English posts without any label,
            for a teacher to label.

    Returns:
        Rows sorted by source and id, own posts without ids by a hash of their texts; a missing
        label is -1 where it is a class, null where it is a number.

    Raises:
        SourceError: a public source cannot be had.
        OwnPostsError: a labelled file is at fault; names file, line and field.
    """
    from datasets import DatasetDict

    if which == "public":
        splits = _public(further, weak, read, unlabelled)
        if corpus:
            from .extra_posts import corpus_rows

            splits["corpus"] = corpus_rows()
        return DatasetDict({name: _typed(rows) for name, rows in splits.items()})
    if further or corpus or weak or read or unlabelled:
        raise ValueError("only the public data takes posts beside its train and gold")
    from .own_posts import CORPUS, own_rows

    path, source = (CORPUS, "corpus") if which == "corpus" else (Path(which), Path(which).stem)
    return DatasetDict({"train": _typed(own_rows(path, source))})


def labelled_texts(split: Dataset, soft_label_weight: float = 0) -> LabelledTexts:
    """A split as the arrays that models are fitted on.

    Args:
        split: of what ``build`` gives.
        soft_label_weight: of second readings beside the votes on what kind of promotion a post is.
    """
    from ..labels.votes import soft_kinds

    table = split.with_format("arrow")[:]
    columns = {
        name: table[name].to_numpy()
        for name in ("fold", "style", "paid", "kind", "cause", "weight", "read_paid", "read_self")
    }
    return LabelledTexts(
        texts=tuple(table["masked"].to_pylist()),
        with_author=tuple(table["masked_with_author"].to_pylist()),
        sources=np.array(table["source"].to_pylist(), dtype=np.str_),
        authors=np.array(table["author"].to_pylist(), dtype=np.str_),
        groups=np.array(table["group"].to_pylist(), dtype=np.str_),
        folds=columns["fold"].astype(np.int8),
        style=columns["style"].astype(np.float32),
        paid=columns["paid"].astype(np.int8),
        kinds=soft_kinds(
            columns["kind"].astype(np.int8),
            np.stack([columns["read_paid"], columns["read_self"]], axis=1),
            soft_label_weight,
        ),
        cause=columns["cause"].astype(np.int8),
        weight=columns["weight"].astype(np.float32),
    )


def fingerprint(dataset: DatasetDict) -> str:
    """SHA-256 over every column of every row of every split, whatever the order of the rows.

    Columns that follow from others are left out, and the view with the author where no post names
    its own.
    """
    digest = hashlib.sha256()
    for name in sorted(dataset):
        table = dataset[name].remove_columns(DERIVED).with_format("arrow")[:]
        if table["masked_with_author"].equals(table["masked"]):
            table = table.drop_columns("masked_with_author")
        digest.update(f"{name} {table.num_rows} {','.join(table.column_names)}\n".encode())
        rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
        for row in sorted(hashlib.sha256(_json(row)).digest() for row in rows):
            digest.update(row)
    return digest.hexdigest()


def _json(row: tuple[Any, ...]) -> bytes:
    return json.dumps(row, ensure_ascii=True).encode()


def _public(further: bool, weak: bool, read: bool, unlabelled: bool) -> dict[str, pd.DataFrame]:
    import pandas as pd

    from ..folds.fold_file import FOLDS, folds
    from ..labels.folder import LabelFileError
    from ..labels.soft_labels import readings
    from .train_and_gold import SORT, labelled_rows

    labelled = labelled_rows()
    places = folds().places
    keys = list(zip(labelled["source"], labelled["source_id"], strict=True))
    if missing := [key for key in keys if key not in places]:
        raise LabelFileError(
            f"{FOLDS.name}: {len(missing)} labelled rows have no fold, the first is "
            f"{missing[0][1]!r} of {missing[0][0]}. Rebuild the fold file after changing labels."
        )
    labelled = labelled.assign(
        group=[places[key].group for key in keys],
        fold=[places[key].fold for key in keys],
        weight=1.0,
    )
    splits = {name: labelled[labelled["split"] == name] for name in ("train", "gold")}
    if further or weak or read or unlabelled:
        from .extra_posts import further_rows, read_rows, unlabelled_rows, weak_rows

        chosen = further_rows(labelled)
        known = pd.concat([labelled, chosen], ignore_index=True)
        if further:
            splits["further"] = chosen
        # Each is placed beside all before it, so that no post stands in two.
        for name, asked, rows_of in (
            ("read", read, read_rows),
            ("weak", weak, weak_rows),
            ("unlabelled", unlabelled, unlabelled_rows),
        ):
            if asked:
                splits[name] = rows_of(known)
                known = pd.concat([known, splits[name]], ignore_index=True)
    again = pd.DataFrame(
        [(*key, *shares) for key, shares in readings().items()],
        columns=[*SORT, "read_paid", "read_self"],
    )
    return {
        name: rows if "read_paid" in rows else rows.merge(again, on=SORT, how="left")
        for name, rows in splits.items()
    }


def _typed(rows: pd.DataFrame) -> Dataset:
    import pyarrow as pa
    from datasets import Dataset

    columns = features()
    defaults: dict[str, Any] = {
        "style_mean": None,
        "style_contested": False,
        "paid_contested": False,
        "kind_contested": False,
        "undisclosed": None,
        "commercial": "",
        "read_paid": None,
        "read_self": None,
        "cause_contested": False,
        "weight": 1.0,
    }
    rows = rows.assign(**{n: value for n, value in defaults.items() if n not in rows.columns})
    rows = rows.assign(
        style=rows["style"].astype("float32"),
        style_mean=rows["style_mean"].astype("float32"),
        read_paid=rows["read_paid"].astype("float32"),
        read_self=rows["read_self"].astype("float32"),
        paid=rows["paid"].fillna(MISSING).astype("int64"),
        undisclosed=rows["undisclosed"].astype("float64"),
        cause=rows["cause"].fillna(MISSING).astype("int64"),
    )[list(columns)]
    table = pa.Table.from_pandas(rows, schema=columns.arrow_schema, preserve_index=False)
    return Dataset(table)
