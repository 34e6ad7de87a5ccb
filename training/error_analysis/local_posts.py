"""Texts of the posts of a run, read from where they lie; a run stores none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from ...data.dataset.build import build
from ..splits import Data

_POST = ["split", "source", "source_id"]
# What a run does not store and errors are counted by.
LOCAL = ("text", "masked", "author", "platform", "followers")


def with_posts(predictions: pd.DataFrame, data: Data) -> pd.DataFrame:
    """Out-of-fold predictions with the columns of ``LOCAL``, None where a post is not here.

    Args:
        predictions: of a run.
        data: where its posts are.

    Raises:
        SourceError: public data cannot be had.
        OwnPostsError: a labelled file is at fault.
    """
    dataset = build(data)
    parts = [
        dataset[name].select_columns(["source", "source_id", "text", "masked", "author"])
        .to_pandas().assign(split=name)
        for name in dataset
    ]  # fmt: skip
    local = _numbered(_with_platform(pd.concat(parts, ignore_index=True), data))
    joined = _numbered(predictions).merge(local, on=[*_POST, "_again"], how="left")
    # Masked anew, a post of another length is not the one that was scored.
    lost = (joined["masked"].isna() | (joined["masked"].str.len() != joined["n_chars"])).tolist()
    for name in LOCAL:
        values = zip(lost, joined[name].tolist(), strict=True)
        told = [None if gone or pd.isna(value) else value for gone, value in values]
        joined[name] = pd.Series(told, index=joined.index, dtype=object)
    return joined.drop(columns="_again")


def _numbered(table: pd.DataFrame) -> pd.DataFrame:
    """Ids may repeat: which post of its id each is."""
    return table.assign(_again=table.groupby(_POST).cumcount())


def _with_platform(local: pd.DataFrame, data: Data) -> pd.DataFrame:
    if data == "public":
        from ...data.public.sources import sources

        platforms = {source.repository: source.platform for source in sources()}
        return local.assign(platform=local["source"].map(platforms), followers=None)
    known = {(key, text): (platform, n) for key, text, platform, n in _own(data)}
    keys = zip(local["source_id"], local["text"], strict=True)
    found = pd.DataFrame(
        [known.get(key, (None, None)) for key in keys],
        columns=["platform", "followers"], index=local.index, dtype=object,
    )  # fmt: skip
    return local.join(found)


def _own(data: Data) -> Iterator[tuple[str, str, str | None, Any]]:
    from ...data.dataset.own_posts import CORPUS, read_own_posts

    path = CORPUS if data == "corpus" else Path(data)
    for _, post in read_own_posts(path):
        yield post.row_id, post.text, post.platform, post.followers
