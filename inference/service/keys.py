"""API keys: a file of names and hashes, from which no key can be had back."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

from ...data.errors import InputError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_PREFIX = "unp_"


class Keys:
    """The keys of a file, read anew when it changes: who deletes a line revokes a key.

    A line is a name and the SHA-256 of the key. A key is 32 random bytes, so there is nothing to
    guess that a slow hash would have to protect.
    """

    def __init__(self, path: Path) -> None:
        """Read a file.

        Raises:
            InputError: it cannot be read, or a line is faulty.
        """
        self._path = path
        self._stamp: tuple[int, ...] | None = None
        self._hashes: dict[str, str] = {}
        self._read()

    def name_of(self, key: str) -> str | None:
        """Whose key it is; None for an unknown one.

        Raises:
            InputError: the file can no longer be read: nobody is let in.
        """
        self._read()
        given = _hash(key)
        found = None
        # All are compared, so that the time tells nothing of which.
        for name, known in self._hashes.items():
            if hmac.compare_digest(known, given):
                found = name
        return found

    def _read(self) -> None:
        try:
            status = self._path.stat()
            # Not by time and size alone, which a file that is put in its place may share.
            stamp = status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
            if stamp == self._stamp:
                return
            text = self._path.read_text("utf-8")
        except OSError as error:
            raise InputError(f"{self._path}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise InputError(f"{self._path}: not a file of API keys") from None
        found = _parsed(text, self._path)
        if not found:
            raise InputError(
                f"{self._path}: no API key in it; make one with unpolished api-key NAME --keys "
                f"{self._path}"
            )
        self._hashes, self._stamp = found, stamp


def _parsed(text: str, path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for n, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) != 2 or not _NAME.fullmatch(words[0]) or not _HASH.fullmatch(words[1]):
            raise InputError(
                f"{path}, line {n}: not a name and the hash of a key; make keys with unpolished "
                f"api-key NAME --keys {path}"
            )
        if words[0] in found:
            raise InputError(f"{path}, line {n}: the name {words[0]} appears twice")
        found[words[0]] = words[1]
    return found


def add_key(path: Path, name: str) -> str:
    """Make a key, and add its hash to a file that only its owner reads.

    Args:
        path: of the file, which is made where there is none.
        name: whose key it is.

    Returns:
        The key, which is nowhere else.

    Raises:
        InputError: no name, one that is taken, or a file that cannot be written.
    """
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r}: a name has letters, digits, dots, - and _, at most 64")
    key = _PREFIX + secrets.token_urlsafe(32)
    try:
        before = path.read_text("utf-8") if path.exists() else ""
        if name in _parsed(before, path):
            raise InputError(f"{path}: the name {name} is taken; delete its line to revoke its key")
        line = f"{name} {_hash(key)}\n"
        if before and not before.endswith("\n"):
            line = "\n" + line
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(line)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    return key


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
