"""Masked texts, kept in the cache: masking many posts takes seconds, and every run asks again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from ..cache import cache_folder, replacing
from ..hashing import text_sha1

# What a text is repaired and masked to; counted up whenever any masked text may change.
MASKING_VERSION = 6


def masked_texts(texts: Sequence[str], *, keep: bool = True) -> list[str]:
    """The masked view of each text, made from the repaired text as in scoring.

    Args:
        texts: original texts.
        keep: read from and write to the cache; off for people's own posts, which stay theirs.
    """
    from .masking import mask
    from .repair.repair import repair

    if not keep:
        return [mask(repair(text).text).text for text in texts]
    import pyarrow as pa
    import pyarrow.parquet as pq

    digest = hashlib.sha256("\n".join(map(text_sha1, texts)).encode()).hexdigest()
    path = cache_folder() / "masked" / f"{MASKING_VERSION}-{digest[:20]}.parquet"
    if path.is_file():
        return list(pq.read_table(path)["masked"].to_pylist())
    masked = masked_texts(texts, keep=False)
    with replacing(path) as file:
        pq.write_table(pa.table({"masked": pa.array(masked, pa.string())}), file)
    return masked
