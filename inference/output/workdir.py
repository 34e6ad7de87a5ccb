"""The work folder of a run: locked by one run, each step on disk before the next.

``OUT.partial/`` holds ``manifest.jsonl``, ``data/part-000000.jsonl`` and so on, ``rejects/`` with a
file for each part that has any, and in the end ``whole``, the output itself.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...data.errors import InputError
from .manifest import Manifest, line, read_manifest, sha256
from .paths import Layout
from .scored_part import ScoredPart

_MANIFEST = "manifest.jsonl"
_FULL = (errno.ENOSPC, errno.EDQUOT)


class Partial:
    """A locked work folder; see ``claimed``.

    Attributes:
        layout: of the output.
        path: the folder.
        manifest: what is complete.
    """

    def __init__(self, layout: Layout, *, keep: bool) -> None:
        self.layout, self.path, self._keep = layout, layout.partial, keep
        self.manifest = read_manifest(self._manifest)
        self._check()

    @property
    def resume_hint(self) -> str:
        """The message that is shown when a run stops; empty if nothing of it is kept."""
        rows = sum(entry["rows"] for entry in self.manifest.parts)
        done = self._keep and self.manifest.parts
        return f"{rows:,} rows are done: --resume continues" if done else ""

    @property
    def whole(self) -> Path:
        """Path of the whole output before it is renamed into place."""
        return self.path / ("data" if self.layout.is_folder else "whole")

    @property
    def whole_rejects(self) -> Path:
        """Path of the rejects before they are renamed into place."""
        return self.path / "rejects.jsonl"

    @property
    def _manifest(self) -> Path:
        return self.path / _MANIFEST

    def part_path(self, number: int) -> Path:
        """Path of the rows of a part."""
        return self.path / "data" / f"part-{number:06d}{self.layout.part_extension}"

    def rejects_path(self, number: int) -> Path:
        """Path of the rejects of a part."""
        return self.path / "rejects" / f"part-{number:06d}.jsonl"

    def begin(self, run: Mapping[str, Any]) -> None:
        """Start again from the beginning: nothing was complete."""
        for name in ("data", "rejects"):
            shutil.rmtree(self.path / name, ignore_errors=True)
        self._manifest.unlink(missing_ok=True)
        self.manifest = Manifest()
        self.record(run)
        self.manifest.run = dict(run)
        for name in ("data", "rejects"):
            (self.path / name).mkdir()

    def go_on(self) -> None:
        """Continue an interrupted run: drop what was cut short, check what is complete.

        Raises:
            InputError: a complete part is not as it was written.
        """
        os.truncate(self._manifest, self.manifest.size)
        for entry in self.manifest.parts:
            for path, digest in (
                (self.part_path(entry["number"]), entry["sha256"]),
                (self.rejects_path(entry["number"]), entry["rejects_sha256"]),
            ):
                if digest is not None and not _has(path, digest):
                    raise InputError(
                        f"{path} was changed after it was written: remove {self.path} and start "
                        "again"
                    )

    def add(self, part: ScoredPart, header: bytes, seconds: float) -> None:
        """Write a part, then record in the manifest that it is complete."""
        data = header + part.data
        path = self.part_path(part.number)
        write(path, data)
        if part.rejects:
            write(self.rejects_path(part.number), part.rejects)
        entry = {
            "kind": "part",
            "number": part.number,
            "file": path.name,
            "sha256": sha256(data),
            "rejects_sha256": sha256(part.rejects) if part.rejects else None,
            **part.summary.counts(),
            "seconds": round(seconds, 3),
        }
        # Known as complete first: whoever stops this run in between keeps the part.
        self.manifest.parts.append(entry)
        try:
            self.record(entry)
        except OSError:
            self.manifest.parts.pop()
            raise

    def record(self, entry: Mapping[str, Any]) -> None:
        """Append a line to the manifest."""
        with self._manifest.open("ab") as file:
            file.write(line(entry))
            file.flush()
            os.fsync(file.fileno())
        sync(self.path)

    def remove(self) -> None:
        """Remove the folder; the manifest, which marks it as ours, goes last."""
        for path in self.path.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path != self._manifest:
                path.unlink()
        self._manifest.unlink(missing_ok=True)
        self.path.rmdir()

    def _check(self) -> None:
        # A run writes its manifest first, so a folder without one was made by something else.
        if self.manifest.run is None and (
            any(path != self._manifest for path in self.path.iterdir())
            or (self._manifest.exists() and b"\n" in self._manifest.read_bytes())
        ):
            raise InputError(
                f"{self.path} already exists and was not made by this program: remove it, or "
                "choose another output"
            )


@contextmanager
def claimed(layout: Layout, *, keep: bool) -> Iterator[Partial]:
    """Make and lock the work folder; without a complete part in it, it is removed afterwards.

    Args:
        layout: of the output.
        keep: the input can be read again, so complete parts are worth keeping.

    Raises:
        InputError: another run writes this output, or nothing can be written there.
    """
    path = layout.partial
    try:
        handle = _locked(path)
    except OSError as error:
        raise InputError(f"{layout.target}: cannot write there: {error.strerror}") from error
    if handle is None:
        raise InputError(f"another run is writing {layout.target}: wait for it, or choose another")
    try:
        partial = Partial(layout, keep=keep)
        try:
            yield partial
        finally:
            if path.is_dir() and not partial.resume_hint:
                partial.remove()
    except OSError as error:
        # Full disks and quotas come up at any write.
        hint = ": make room, then --resume" if error.errno in _FULL else ""
        raise InputError(f"{path}: {error.strerror or error}{hint}") from error
    finally:
        os.close(handle)


def _locked(path: Path) -> int | None:
    """Return a handle that holds the lock of a folder, or None if another process holds it."""
    import fcntl

    while True:
        path.mkdir(exist_ok=True)
        try:
            handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever held it before may have removed the folder between the two calls.
            if path.exists() and os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        except BlockingIOError:
            os.close(handle)
            return None
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def write(path: Path, data: bytes) -> None:
    """Write a file completely or not at all, also when the power fails."""
    scratch = path.with_name(f".{path.name}")
    try:
        with scratch.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync(folder: Path) -> None:
    """Flush the names in a folder to disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _has(path: Path, digest: str) -> bool:
    try:
        return sha256(path.read_bytes()) == digest
    except FileNotFoundError:
        return False
