"""Masked texts, kept in the cache: masking many posts takes seconds, and every run asks again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from ..cache import cache_folder, replacing
from ..hashing import text_sha1

# What a text is repaired and masked to; counted up whenever any masked text may change.
MASKING_VERSION = 8


def masked_texts(
    texts: Sequence[str], authors: Sequence[str | None] | None = None, *, keep: bool = True
) -> list[str]:
    """The masked view of each text, made from the repaired text as in scoring.

    Args:
        texts: original texts.
        authors: names of those who posted them, for the view with the author; None for the view
            without.
        keep: read from and write to the cache; off for people's own posts, which stay theirs.
    """
    from .masking import mask
    from .repair.repair import repair

    names = [None] * len(texts) if authors is None else authors
    if not keep:
        pairs = zip(texts, names, strict=True)
        return [mask(repair(text).text, name).text for text, name in pairs]
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = cache_folder() / "masked" / f"{MASKING_VERSION}-{_digest(texts, names)[:20]}.parquet"
    if path.is_file():
        return list(pq.read_table(path)["masked"].to_pylist())
    masked = masked_texts(texts, names, keep=False)
    with replacing(path) as file:
        pq.write_table(pa.table({"masked": pa.array(masked, pa.string())}), file)
    return masked


def _digest(texts: Sequence[str], names: Sequence[str | None]) -> str:
    digest = hashlib.sha256("\n".join(map(text_sha1, texts)).encode())
    if any(names):
        digest.update("\n".join(text_sha1(name or "") for name in names).encode())
    return digest.hexdigest()
