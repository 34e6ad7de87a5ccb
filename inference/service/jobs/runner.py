"""Works on jobs one after the other, each in a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from ....models.pipeline import Pipeline
from ..logs import Log, where
from .store import OUTCOME, Job, Store, now

_TRIES = 3
_SWEEP_SECONDS = 600
_WORK = "unpolished.inference.service.jobs.work"


class Jobs:
    """The jobs of a service.

    Attributes:
        store: where they are.
    """

    def __init__(self, store: Store, pipeline: Pipeline, *, keep: float, log: Log) -> None:
        """Jobs of a folder; call ``start`` inside of a running loop.

        Args:
            store: the folder.
            pipeline: the model, opened from a folder.
            keep: seconds for which a job that has ended is kept.
            log: told of each job that begins and ends.
        """
        self.store, self._keep, self._log = store, keep, log
        self._model, self._digest = str(pipeline.folder), pipeline.digest
        self._known = {job.id: job for job in store.all()}
        self._progress: dict[str, dict[str, Any]] = {}
        self._waiting = asyncio.Event()
        self._process: Process | None = None
        self._current: str | None = None
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Take up what an earlier service left, and begin to work."""
        for job in list(self._known.values()):
            if job.state == "running":
                # That attempt ended with the service, and not by itself.
                self._change(job.id, state="queued", attempts=max(0, job.attempts - 1))
            elif job.ended is not None:
                self.store.forget_input(job)
        self._waiting.set()
        self._tasks = [asyncio.create_task(self._run()), asyncio.create_task(self._sweep())]

    async def stop(self) -> None:
        """End; a job that is worked on is taken up by the next service."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._end_process()
        self.store.close()

    @property
    def n_open(self) -> int:
        """Jobs that wait or are worked on."""
        return sum(job.state in ("queued", "running") for job in self._known.values())

    def add(self, job: Job) -> None:
        """Take a job that is on disk.

        Raises:
            OSError: it could not be made to last.
        """
        self.store.accept(job)
        self._known[job.id] = job
        self._waiting.set()

    def of(self, owner: str) -> list[Job]:
        """A client's jobs, the newest first."""
        found = [job for job in self._known.values() if job.owner == owner]
        return sorted(found, key=lambda job: job.created, reverse=True)

    def get(self, job_id: str, owner: str) -> Job | None:
        """A client's job; None where it has none of this id."""
        job = self._known.get(job_id)
        return job if job is not None and job.owner == owner else None

    def progress(self, job: Job) -> dict[str, Any]:
        """Records read, and in all, as far as they are known."""
        return self._progress.get(job.id, {})

    async def delete(self, job: Job) -> None:
        """Delete a job; one that is worked on ends."""
        self._known.pop(job.id, None)
        if self._current == job.id:
            await self._end_process()
        self._progress.pop(job.id, None)
        self.store.delete(job.id)

    async def _run(self) -> None:
        while True:
            job = self._next()
            if job is None:
                self._waiting.clear()
                await self._waiting.wait()
                continue
            try:
                await self._work_on(job)
            except Exception as error:
                # A full disk, above all: the other jobs go on.
                self._log("job", job=job.id, state="failed", error=where(error))
                with suppress(OSError):
                    self._end(job, error="it could not be worked on; the log says why")

    def _next(self) -> Job | None:
        queued = [job for job in self._known.values() if job.state == "queued"]
        return min(queued, key=lambda job: job.created, default=None)

    async def _work_on(self, job: Job) -> None:
        job = self._change(job.id, state="running", attempts=job.attempts + 1)
        self._log("job", job=job.id, state="running", kind=job.kind, attempt=job.attempts)
        folder = self.store.folder(job.id)
        outcome = folder / OUTCOME
        outcome.unlink(missing_ok=True)
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", _WORK, str(folder), job.kind, job.input,
            json.dumps(job.options), self._model, self._digest,
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True,
        )  # fmt: skip
        self._current = job.id
        try:
            await self._follow(job.id, self._process)
        finally:
            self._current = None
        if job.id not in self._known:
            return
        try:
            told = json.loads(outcome.read_text("utf-8"))
        except (OSError, ValueError):
            if job.attempts < _TRIES:
                self._change(job.id, state="queued")
            else:
                self._end(job, error="its process ended several times; is there enough memory?")
            return
        self._end(job, error=told.get("error"), counts=told.get("counts", {}))

    async def _follow(self, job_id: str, process: Process) -> None:
        """Read what the process tells until it ends."""
        if process.stdout is None:
            raise RuntimeError("no pipe")
        async for line in process.stdout:
            with suppress(ValueError):
                self._progress[job_id] = self._progress.get(job_id, {}) | json.loads(line)
        await process.wait()

    def _end(self, job: Job, *, error: str | None, counts: dict[str, Any] | None = None) -> None:
        self._progress.pop(job.id, None)
        if job.id not in self._known:
            return
        state = "failed" if error else "done"
        self._change(job.id, state=state, error=error, counts=counts or {}, ended=now())
        # Posts are kept no longer than they are needed; and so long, should this be cut short.
        self.store.forget_input(job)
        self._log("job", job=job.id, state=state, rows=(counts or {}).get("rows"))

    def _change(self, job_id: str, **changes: Any) -> Job:  # noqa: ANN401
        job = self._known[job_id] = replace(self._known[job_id], **changes)
        self.store.put(job)
        return job

    async def _end_process(self) -> None:
        process = self._process
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _sweep(self) -> None:
        """Delete jobs that ended long ago."""
        while True:
            at = datetime.fromisoformat(now())
            for job in list(self._known.values()):
                if job.ended is None:
                    continue
                if (at - datetime.fromisoformat(job.ended)).total_seconds() > self._keep:
                    with suppress(OSError):
                        await self.delete(job)
            await asyncio.sleep(_SWEEP_SECONDS)
