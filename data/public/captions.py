"""Captions of public accounts as posts to vet, with dates, likes and followers where they are said.

Models are trained on rows of 25 to 1,500 characters; who vets an account reads all of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..hashing import author_sha1
from ..labels.reserved_authors import reserved_authors
from .download import fetch
from .parse_files import read_table
from .sources import Source, SourceError, sources

# Field of a post -> column, beside the text, the id and the author that ``sources.toml`` names.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "ArafatAhmed00/Social-Media-Engagement-Analytics-on-Instagram": {
        "posted_at": "DATE", "followers": "FOLLOWERS", "likes": "LIKES", "comments": "COMMENTS",
    },
    "atmikshetty/jagran-hackathon": {"likes": "like_count", "comments": "comments_count"},
    "hpazerf/instagram-topic_modeling": {"likes": "like_num", "comments": "comment_num"},
    "khuynh012/Insta_caption_generator": {
        "posted_at": "Date", "likes": "Likes", "comments": "Comments",
    },
}  # fmt: skip


def captions() -> Iterator[dict[str, Any]]:
    """Posts of named accounts, without those of reserved authors.

    Yields:
        Fields of ``data.posts.Post`` with JSON values; what a source does not say is left out.

    Raises:
        SourceError: a source cannot be had, or lacks a column.
    """
    for source in sources():
        if source.repository in COLUMNS:
            yield from _posts(source, COLUMNS[source.repository])


def _posts(source: Source, columns: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    reading = source.reading
    for file in source.used_files:
        table = read_table(fetch(source, file), source, file.path)
        if missing := {*columns.values()} - {*table.columns}:
            raise SourceError(
                f"{source.repository}, file {file.path}: no column {sorted(missing)[0]!r}"
            )
        for row in table.to_dict("records"):
            text = row[reading.text]
            name = str(row[reading.author]) if reading.author_from == "column" else reading.author
            if not isinstance(text, str) or not text.strip():
                continue
            if author_sha1(name) in reserved_authors():
                continue
            link = str(row[reading.id]).strip()
            said = {field: _json(row[column]) for field, column in columns.items()}
            yield {
                "id": link, "url": link, "author": name, "platform": source.platform,
                "text": text.strip(),
                **{field: value for field, value in said.items() if value is not None},
            }  # fmt: skip


def _json(value: Any) -> Any:  # noqa: ANN401
    import pandas as pd

    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    if isinstance(value, str):
        return value
    # A count that the platform hides stands as -1.
    return int(value) if value >= 0 else None
