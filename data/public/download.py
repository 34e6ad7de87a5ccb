"""Fetch a file of a public source at its commit, checked by size and SHA-256."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import BinaryIO
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import urlopen

from ..cache import cache_folder, replacing
from .sources import Source, SourceError, SourceFile

BASE_URL = "https://raw.githubusercontent.com"
TIMEOUT_S = 30.0
_CHUNK = 1 << 16


def cached_path(source: Source, file: SourceFile) -> Path:
    """Where the file is in the cache once fetched."""
    return cache_folder() / "sources" / source.repository / source.commit / file.path


def fetch(source: Source, file: SourceFile, *, base_url: str = BASE_URL) -> Path:
    """Return the file's path in the cache, fetching it first where it is not there yet.

    With ``UNPOLISHED_MIRROR`` set it is read from
    ``<mirror>/<owner>/<repo>/<commit>/<path>``, otherwise from its repository.

    Raises:
        SourceError: missing file, wrong size or hash, no network. Nothing is left half-written.
    """
    target = cached_path(source, file)
    if target.is_file() and _sha256(target) == file.sha256:
        return target
    with replacing(target) as out, _opened(source, file, base_url) as stream:
        _copy_checked(source, file, stream, out)
    return target


def _name(source: Source, file: SourceFile) -> str:
    return f"{source.repository} at {source.commit[:12]}, file {file.path}"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _opened(source: Source, file: SourceFile, base_url: str) -> Iterator[BinaryIO]:
    mirror = os.environ.get("UNPOLISHED_MIRROR")
    if mirror:
        path = Path(mirror).expanduser() / source.repository / source.commit / file.path
        if not path.is_file():
            raise SourceError(
                f"{_name(source, file)}: not in the mirror {mirror}. Complete the mirror, or unset "
                "UNPOLISHED_MIRROR to download from the repository."
            )
        with path.open("rb") as stream:
            yield stream
        return
    if not base_url.startswith(("https://", "http://127.0.0.1:")):
        raise ValueError(f"base_url must be https, not {base_url!r}")
    url = f"{base_url}/{source.repository}/{source.commit}/{quote(file.path)}"
    try:
        with urlopen(url, timeout=TIMEOUT_S) as stream:  # noqa: S310  (scheme checked above)
            yield stream
    except HTTPError as error:
        with error:
            reason = f"the server answered {error.code}"
        raise SourceError(
            f"{_name(source, file)}: {reason}. The repository may be gone or moved: give a copy "
            "of its files by UNPOLISHED_MIRROR=<folder>."
        ) from None
    except (URLError, TimeoutError, ConnectionError, HTTPException) as error:
        reason = str(getattr(error, "reason", error)) or type(error).__name__
        raise SourceError(
            f"{_name(source, file)}: cannot be downloaded ({reason}). Check the network, or give "
            "a copy of the files by UNPOLISHED_MIRROR=<folder>."
        ) from None


def _copy_checked(source: Source, file: SourceFile, stream: BinaryIO, out: BinaryIO) -> None:
    digest, size = hashlib.sha256(), 0
    with _progress(file) as advance:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > file.bytes:
                break  # a larger file is a wrong file: do not read on
            digest.update(chunk)
            out.write(chunk)
            advance(len(chunk))
    if size != file.bytes or digest.hexdigest() != file.sha256:
        found = "more bytes" if size > file.bytes else f"{size} bytes"
        raise SourceError(
            f"{_name(source, file)}: not the file that sources.toml describes ({file.bytes} bytes, "
            f"SHA-256 {file.sha256[:12]}...; got {found}, or another SHA-256). Nothing was kept. "
            "Fetch again; if it stays so, the copy was changed and must not be used."
        )


@contextmanager
def _progress(file: SourceFile) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    # Only for people who watch: nothing is drawn into pipes and logs.
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(Path(file.path).name, total=file.bytes)
        yield lambda n: progress.advance(task, n)
