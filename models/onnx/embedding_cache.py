"""A cache of sentence embeddings by text hash, shared by folds and runs."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..tensors import load_tensors, save_tensors
from .sentence_encoder import Embeddings, Encoder


class CachedEncoder:
    """A sentence encoder that remembers, across processes, what it has seen.

    The file holds hashes and vectors, no text.
    """

    def __init__(self, encoder: Encoder, cache: Path, key: str) -> None:
        """Args: the encoder, the cache folder, and a name of all that its embeddings depend on."""
        self._encoder = encoder
        self._path = cache / "embeddings" / f"{key}.safetensors"
        self._known: dict[bytes, Embeddings] = {}
        if self._path.is_file():
            tensors = load_tensors(self._path)
            hashes = [row.tobytes() for row in tensors["hash"]]
            self._known = dict(zip(hashes, tensors["vector"], strict=True))

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Embed texts as the encoder does; only texts that are not cached are computed."""
        hashes = [hashlib.sha256(t.encode("utf-8", "replace")).digest() for t in texts]
        new = {h: t for h, t in zip(hashes, texts, strict=True) if h not in self._known}
        if new:
            vectors = self._encoder.encode(list(new.values()))
            self._known.update(zip(new, vectors, strict=True))
            self._write()
        if not texts:
            return self._encoder.encode([])
        return np.stack([self._known[h] for h in hashes])

    def save(self, folder: Path) -> None:
        """Save the encoder itself, not the cache."""
        self._encoder.save(folder)

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        hashes = np.frombuffer(b"".join(self._known), np.uint8).reshape(-1, 32)
        with tempfile.TemporaryDirectory(dir=self._path.parent) as scratch:
            written = Path(scratch) / "new"
            save_tensors(written, {"hash": hashes, "vector": np.stack(list(self._known.values()))})
            written.replace(self._path)
