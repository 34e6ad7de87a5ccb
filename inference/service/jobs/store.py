"""Jobs on disk: a folder each, whole or not there, so that what was accepted is never lost."""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal

from pydantic import TypeAdapter

from ....data.errors import InputError
from ....data.io.fields.columns import plain
from ...output.workdir import sync, write

State = Literal["queued", "running", "done", "failed"]
Kind = Literal["score", "vet"]
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+", re.ASCII)
# Such as .csv.gz.
_ENDINGS = re.compile(r".*?((?:\.[A-Za-z0-9]{1,8}){1,2})", re.ASCII | re.DOTALL)
_RECORD, OUTCOME, _OUT, _INCOMING = "job.json", "outcome.json", "out", ".incoming"
_CHUNK = 1 << 20
_TITLE_CHARS = 200
# No API key has this name.
_NOBODY = "?"


@dataclass(frozen=True)
class Job:
    """A file of posts and what has become of it; ``job.json`` holds the same.

    Attributes:
        id: 32 hexadecimal digits that nobody can guess.
        owner: name of the API key; empty where none was asked for.
        kind: ``score`` or ``vet``.
        input: name of the file, as it is kept.
        options: how it is scored, as ``options.JobOptions`` has them.
        state: see ``schemas.JobResponse``.
        created: ISO 8601, UTC.
        title: name of the file, as it was sent.
        ended: likewise.
        attempts: times that it was begun.
        counts: of the summary, once it is done.
        error: why it failed.
    """

    id: str
    owner: str
    kind: Kind
    input: str
    options: dict[str, Any]
    created: str
    title: str = ""
    state: State = "queued"
    ended: str | None = None
    attempts: int = 0
    counts: dict[str, Any] = field(default_factory=dict)
    error: str | None = None


_JOB = TypeAdapter(Job)


class Store:
    """The folder of jobs, of one service at a time."""

    def __init__(self, root: Path) -> None:
        """Claim a folder.

        Raises:
            InputError: it cannot be made, or another service uses it.
        """
        try:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = (root / ".lock").open("w")
        except OSError as error:
            raise InputError(f"{root}: {error.strerror}") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise InputError(
                f"{root}: another service uses this folder; give --jobs another"
            ) from None
        self._lock = lock
        self._root = root
        for left in root.glob(f"*{_INCOMING}"):
            shutil.rmtree(left, ignore_errors=True)

    def close(self) -> None:
        """Let another service have the folder."""
        self._lock.close()

    def begin(self, owner: str, kind: Kind, name: str, options: dict[str, Any]) -> tuple[Job, Path]:
        """A job whose file is still to come, and the path for it.

        Raises:
            OSError: no room.
        """
        kept, title = safe_name(name), str(plain(name))[:_TITLE_CHARS]
        job = Job(secrets.token_hex(16), owner, kind, kept, options, now(), title)
        folder = self._root / (job.id + _INCOMING)
        folder.mkdir(mode=0o700)
        return job, folder / job.input

    def accept(self, job: Job) -> None:
        """Make a job last, once its file is there.

        Raises:
            OSError: no room.
        """
        folder = self._root / (job.id + _INCOMING)
        write(folder / _RECORD, _record(job))
        folder.rename(self._root / job.id)
        sync(self._root)

    def drop(self, job: Job) -> None:
        """Forget a job whose file did not come."""
        shutil.rmtree(self._root / (job.id + _INCOMING), ignore_errors=True)

    def folder(self, job_id: str) -> Path:
        """Where a job is."""
        return self._root / job_id

    def all(self) -> list[Job]:
        """Every job, in the order in which they came; one whose record is damaged has failed."""
        found = [self._read(path) for path in self._root.iterdir() if _ID.fullmatch(path.name)]
        return sorted(found, key=lambda job: job.created)

    def get(self, job_id: str) -> Job | None:
        """A job; None where there is none of this id."""
        if not _ID.fullmatch(job_id) or not (self._root / job_id).is_dir():
            return None
        return self._read(self._root / job_id)

    def _read(self, folder: Path) -> Job:
        try:
            job = _JOB.validate_json((folder / _RECORD).read_bytes())
            for moment in (job.created, job.ended or job.created):
                datetime.fromisoformat(moment).astimezone(UTC)
        except (OSError, ValueError, TypeError):
            # Nobody's, and deleted like any other that has ended.
            return Job(
                folder.name, _NOBODY, "score", "", {}, now(), state="failed", ended=now(),
                error="its record cannot be read",
            )  # fmt: skip
        return job

    def outcome(self, job_id: str) -> dict[str, Any] | None:
        """What the process of a job has written at its end; None where it has not."""
        try:
            told = json.loads((self._root / job_id / OUTCOME).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return told if isinstance(told, dict) else None

    def forget_outcome(self, job_id: str) -> None:
        """Let a job be worked on again."""
        (self._root / job_id / OUTCOME).unlink(missing_ok=True)

    def put(self, job: Job) -> None:
        """Write a job that has changed; one that was deleted meanwhile stays away.

        Raises:
            OSError: no room.
        """
        if (self._root / job.id).is_dir():
            write(self._root / job.id / _RECORD, _record(job))

    def change(self, job_id: str, **changes: Any) -> Job | None:  # noqa: ANN401
        """Change some of a job; None where it is no longer there.

        Raises:
            OSError: no room.
        """
        job = self.get(job_id)
        if job is not None:
            job = replace(job, **changes)
            self.put(job)
        return job

    def forget_input(self, job: Job) -> None:
        """Delete the posts of a job that has ended."""
        if job.input:
            (self._root / job.id / job.input).unlink(missing_ok=True)

    def delete(self, job_id: str) -> None:
        """Delete a job with all its files."""
        gone = self._root / (job_id + _INCOMING)
        with suppress(FileNotFoundError):
            (self._root / job_id).rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def files(self, job: Job) -> Iterator[Path]:
        """The files that a job has written."""
        out = self._root / job.id / _OUT
        if job.state == "done" and out.is_dir():
            yield from sorted(path for path in out.iterdir() if path.is_file())

    def out(self, job_id: str) -> Path:
        """The folder that a job writes into."""
        return self._root / job_id / _OUT


def safe_name(name: str) -> str:
    """The name of an upload as one of a file: letters, digits, dots, and its endings.

    >>> safe_name("../My posts (1).csv.gz"), safe_name("job.json"), safe_name("\u65e5\u672c.csv")
    ('My-posts-1.csv.gz', 'posts-job.json', 'posts.csv')
    """
    base = name.replace("\\", "/").rpartition("/")[2][-100:]
    found = _ENDINGS.fullmatch(base)
    endings = found[1] if found else ""
    stem = _UNSAFE.sub("-", base.removesuffix(endings)).strip(".-") or "posts"
    whole = stem + endings
    return f"posts-{whole}" if whole.casefold() in (_RECORD, OUTCOME, _OUT) else whole


def copy(source: BinaryIO, target: Path) -> int:
    """Write an upload so that it is on disk when this returns; its size in bytes.

    Raises:
        OSError: no room.
    """
    with target.open("xb") as file:
        shutil.copyfileobj(source, file, _CHUNK)
        file.flush()
        os.fsync(file.fileno())
        return file.tell()


def now() -> str:
    """ISO 8601, UTC."""
    return datetime.now(UTC).isoformat()


def _record(job: Job) -> bytes:
    return json.dumps(asdict(job), ensure_ascii=False).encode("utf-8", "replace")
