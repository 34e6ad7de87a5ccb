"""Hashes of texts, authors and files."""

from __future__ import annotations

import hashlib
from pathlib import Path


def text_sha1(text: str) -> str:
    """SHA-1 of the UTF-8 text: the hash that label files join by."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def author_sha1(author: str) -> str:
    """First 12 hex digits of the author's SHA-1."""
    return text_sha1(author)[:12]


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
