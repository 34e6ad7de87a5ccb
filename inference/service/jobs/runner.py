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
from .store import Job, Store, now

# Ends of its process, or of the whole service, without a word of why.
_TRIES = 5
_PAUSE_SECONDS = 5
_SWEEP_SECONDS = 600
_WORK = "unpolished.inference.service.jobs.work"


class Jobs:
    """The jobs of a service.

    Attributes:
        store: where they are.
        stands_still: why no job is worked on any more; empty as long as they are.
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
        # An argument of a command; empty where the model runs in its own.
        self._precision = pipeline.runtime.precision or ""
        self._known = {job.id: job for job in store.all()}
        self._progress: dict[str, dict[str, Any]] = {}
        self._waiting = asyncio.Event()
        self._process: Process | None = None
        self._current: str | None = None
        self.stands_still = ""
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Take up what an earlier service left, and begin to work."""
        for job in list(self._known.values()):
            if job.state == "running":
                self._change(job.id, state="queued")
            elif job.ended is not None:
                self.store.forget_input(job)
        self._waiting.set()
        self._tasks = [asyncio.create_task(self._run()), asyncio.create_task(self._sweep())]

    async def stop(self) -> None:
        """End; a job that is worked on is taken up by the next service."""
        current = self._current
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._end_process()
        if current in self._known:
            # That attempt ended with the service, and for no fault of the job's.
            job = self._known[current]
            with suppress(OSError):
                self._change(job.id, state="queued", attempts=job.attempts - 1)
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
        while not self.stands_still:
            job = self._next()
            if job is None:
                self._waiting.clear()
                await self._waiting.wait()
                continue
            try:
                await self._work_on(job)
            except Exception as error:
                # A full disk, above all: its posts stay, and it is tried again.
                self._log("job", job=job.id, state="queued", error=where(error))
                if job.id in self._known:
                    self._known[job.id] = replace(self._known[job.id], state="queued")
                await asyncio.sleep(_PAUSE_SECONDS)

    def _next(self) -> Job | None:
        queued = [job for job in self._known.values() if job.state == "queued"]
        return min(queued, key=lambda job: job.created, default=None)

    async def _work_on(self, job: Job) -> None:
        # What was done to its end before the service was cut short is not done again.
        told = self.store.outcome(job.id)
        if told is None:
            if job.attempts >= _TRIES:
                self._end(job, error="its process ended several times; is there enough memory?")
                return
            job = self._change(job.id, state="running", attempts=job.attempts + 1)
            self._log("job", job=job.id, state="running", kind=job.kind, attempt=job.attempts)
            await self._process_of(job)
            told = self.store.outcome(job.id)
        if job.id not in self._known:
            return
        if told is None:
            self._change(job.id, state="queued")
        elif "model" in told:
            self.store.forget_outcome(job.id)
            self._change(job.id, state="queued", attempts=job.attempts - 1)
            self.stands_still = "the model was changed while the service ran: restart it"
            self._log("jobs", state="stand still", error=told["model"])
        else:
            self._end(job, error=told.get("error"), counts=told.get("counts"))
            if "where" in told:
                self._log("job", job=job.id, state="failed", error=told["where"])

    async def _process_of(self, job: Job) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", _WORK, str(self.store.folder(job.id)), job.kind, job.input,
            json.dumps(job.options), self._model, self._precision, self._digest,
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True,
        )  # fmt: skip
        self._current = job.id
        try:
            await self._follow(job.id, self._process)
        finally:
            self._current = None

    async def _follow(self, job_id: str, process: Process) -> None:
        """Read what the process tells until it ends."""
        if process.stdout is None:
            raise RuntimeError("no pipe")
        async for line in process.stdout:
            with suppress(ValueError, TypeError):
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
                    try:
                        await self.delete(job)
                    except OSError as error:
                        self._log("job", job=job.id, state="not deleted", error=where(error))
            await asyncio.sleep(_SWEEP_SECONDS)
