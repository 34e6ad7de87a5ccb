"""Masked texts, kept in the cache: masking many posts takes seconds, and every run asks again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from .cache import cache_folder, replacing
from .readers import text_sha1

_HERE = Path(__file__).parent
_IMPORT = re.compile(r"^\s*from \.(\w+) import", re.MULTILINE)
_TABLE = re.compile(r"\w+\.toml")


def masking_files() -> list[Path]:
    """The code behind ``mask`` and the tables it names, found by following its imports."""
    found: set[Path] = set()
    waiting = {_HERE / "masking.py"}
    while waiting:
        path = waiting.pop()
        found.add(path)
        if path.suffix == ".py":
            code = path.read_text(encoding="utf-8")
            names = {f"{name}.py" for name in _IMPORT.findall(code)} | set(_TABLE.findall(code))
            waiting |= {_HERE / name for name in names if (_HERE / name).is_file()} - found
    return sorted(found)


@cache
def masking_version() -> str:
    """SHA-256 of the code and tables behind ``mask``: changes when a masked text may change."""
    digest = hashlib.sha256()
    for path in masking_files():
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def masked_texts(texts: Sequence[str], *, keep: bool = True) -> list[str]:
    """The masked view of each text.

    Args:
        texts: original texts.
        keep: read from and write to the cache; off for people's own posts, which stay theirs.
    """
    from .masking import mask

    if not keep:
        return [mask(text).text for text in texts]
    import pyarrow as pa
    import pyarrow.parquet as pq

    digest = hashlib.sha256("\n".join(map(text_sha1, texts)).encode()).hexdigest()
    name = f"{masking_version()[:12]}-{digest[:20]}.parquet"
    path = cache_folder() / "masked" / name
    if path.is_file():
        return list(pq.read_table(path)["masked"].to_pylist())
    masked = [mask(text).text for text in texts]
    with replacing(path) as file:
        pq.write_table(pa.table({"masked": pa.array(masked, pa.string())}), file)
    return masked
