"""A cache of sentence embeddings by text hash, shared by folds and runs."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from ..tensors import load_tensors, save_tensors
from .sentence_encoder import Embeddings, Encoder

# Texts that are embedded before what is known is written, so that a run can be stopped.
BLOCK = 1_000

Told = Callable[[int, int], None]


class CachedEncoder:
    """A sentence encoder that remembers, across processes, what it has seen.

    A folder with a file for each block of new texts; the files hold hashes and vectors, no text.
    """

    def __init__(self, encoder: Encoder, cache: Path, key: str) -> None:
        """Args: the encoder, the cache folder, and a name of all that its embeddings depend on."""
        self._encoder = encoder
        self._folder = cache / "embeddings" / key
        self._known: dict[bytes, Embeddings] = {}
        self._read: set[str] = set()
        self._read_new()

    def encode(self, texts: Sequence[str], told: Told | None = None) -> Embeddings:
        """Embed texts as the encoder does; only texts that are not cached are computed.

        Args:
            texts: to embed.
            told: called with how many new texts are done, and how many there are.
        """
        hashes = [hashlib.sha256(t.encode("utf-8", "replace")).digest() for t in texts]
        if any(h not in self._known for h in hashes):
            # Another process may have been at the same texts.
            self._read_new()
        new = {h: t for h, t in zip(hashes, texts, strict=True) if h not in self._known}
        missing = list(new)
        for start in range(0, len(missing), BLOCK):
            block = missing[start : start + BLOCK]
            vectors = self._encoder.encode([new[h] for h in block])
            self._known.update(zip(block, vectors, strict=True))
            self._write(block, vectors)
            if told is not None:
                told(start + len(block), len(missing))
        if not texts:
            return self._encoder.encode([])
        return np.stack([self._known[h] for h in hashes])

    def save(self, folder: Path) -> None:
        """Save the encoder itself, not the cache."""
        self._encoder.save(folder)

    def _read_new(self) -> None:
        for path in sorted(self._folder.glob("*.safetensors")):
            if path.name in self._read:
                continue
            tensors = load_tensors(path)
            hashes = [row.tobytes() for row in tensors["hash"]]
            self._known.update(zip(hashes, tensors["vector"], strict=True))
            self._read.add(path.name)

    def _write(self, block: Sequence[bytes], vectors: Embeddings) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        joined = b"".join(block)
        name = f"{hashlib.sha256(joined).hexdigest()[:32]}.safetensors"
        with tempfile.TemporaryDirectory(dir=self._folder.parent) as scratch:
            written = Path(scratch) / "new"
            hashes = np.frombuffer(joined, np.uint8).reshape(-1, 32)
            save_tensors(written, {"hash": hashes, "vector": np.ascontiguousarray(vectors)})
            written.replace(self._folder / name)
        self._read.add(name)
