"""Converted sources: fetched, read, without reserved authors, kept as Parquet in the cache."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ..axes import Target
from ..cache import cache_folder, replacing
from ..labels.reserved_authors import reserved_authors
from .download import fetch
from .parse_files import READER_VERSION, read_rows
from .sources import Source
from .weak_labels import weak_targets

if TYPE_CHECKING:
    import pandas as pd

# Target -> its column.
WEAK: dict[Target, str] = {"style": "weak_style", "paid": "weak_paid", "cause": "weak_cause"}


def source_fingerprint(source: Source) -> str:
    """Changes with the source's entry, the reader and the reserved list."""
    digest = hashlib.sha256(source.model_dump_json().encode())
    digest.update(f"reader {READER_VERSION}".encode())
    digest.update("".join(sorted(reserved_authors())).encode())
    return digest.hexdigest()


def source_rows(source: Source) -> pd.DataFrame:
    """All rows of a source that may be trained on, downloading and converting what is missing.

    Returns:
        Columns ``source``, ``source_id``, ``author``, ``author_key`` (comparable across
        sources), ``name`` (of the author, None where the source has none), ``text``,
        ``text_sha1`` and ``weak_style``, ``weak_paid``, ``weak_cause``
        (NaN where the source says nothing).

    Raises:
        SourceError: as ``fetch`` and ``read_rows``.
    """
    import pandas as pd

    name = f"{source.repository.replace('/', '--')}-{source_fingerprint(source)[:16]}.parquet"
    path = cache_folder() / "converted" / name
    if path.is_file():
        return pd.read_parquet(path)
    rows = _converted(source)
    with replacing(path) as file:
        rows.to_parquet(file, index=False)
    return rows


def _converted(source: Source) -> pd.DataFrame:
    rows = read_rows(source, {file.path: fetch(source, file) for file in source.used_files})
    rows = rows[~rows["author"].isin(reserved_authors())].reset_index(drop=True)
    # An account is the same one in every source of its platform; a row number or an event is not.
    scope = source.platform if source.reading.names_authors else source.repository
    weak = weak_targets(source, rows)
    columns = {column: weak[axis] for axis, column in WEAK.items()}
    rows = rows.assign(author_key=scope + ":" + rows["author"], **columns)
    return rows[
        ["source", "source_id", "author", "author_key", "name", "text", "text_sha1", *WEAK.values()]
    ]
