"""Who scores the parts: this process, threads of it, or processes of their own; in order again."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import chain, islice
from multiprocessing import Pipe
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import NamedTuple, Protocol, Self, TypeVar

from ...data.errors import InputError
from ...models.fingerprint import program
from ...models.pipeline import Pipeline
from ...models.runtime import processors
from ..options import Options
from ..output.row_encoder import RowEncoder
from ..output.scored_part import ScoredPart
from .part_scorer import PartScorer
from .parts import Part

TRIES = 2
_PATIENCE_SECONDS = 5


class WorkerDiedError(InputError):
    """A part whose process ended twice."""


class _Packed(NamedTuple):
    """A part on its way to another process: while it waits, a tenth of what its posts take."""

    number: int
    rows: int
    data: bytes

    @classmethod
    def of(cls, part: Part) -> Self:
        return cls(part.number, part.rows, bytes(ForkingPickler.dumps(part)))

    def part(self) -> Part:
        """The part again, as another process has it."""
        found: Part = ForkingPickler.loads(self.data)
        return found


T = TypeVar("T")
P = TypeVar("P", Part, _Packed, contravariant=True)


class Job(Protocol[P]):
    """Scores one part."""

    def __call__(self, part: P) -> ScoredPart:
        """Rows, rejects and counts of a part."""
        ...


def score_parts(
    parts: Iterable[Part], pipeline: Pipeline, options: Options, encoder: RowEncoder
) -> Generator[ScoredPart, None, None]:
    """Score parts on as many processors as ``options.jobs`` says; results come in order.

    Models of n-grams run in processes; neural models have threads of their own, so there two parts
    are worked on at once: one is read and cut into tokens while the other is in the network.

    Raises:
        WorkerDiedError: a process ended while it scored a part, and so did the one after it.
    """
    jobs = options.jobs or processors()
    here = PartScorer(pipeline, options, encoder).score
    if jobs == 1:
        yield from map(here, parts)
    elif not pipeline.independent_rows:
        one_part, parts = _counted(iter(parts))
        if one_part:
            yield from map(here, parts)
        else:
            yield from _in_order(parts, here, threads=2, ahead=1)
    elif pipeline.folder is None:
        yield from map(here, parts)
    else:
        one_part, packed = _counted(map(_Packed.of, parts))
        if one_part:
            yield from map(here, map(_Packed.part, packed))
            return
        with _processes(pipeline.folder, pipeline.digest, options, encoder) as job:
            yield from _in_order(packed, job, threads=jobs, ahead=jobs)


def _counted(parts: Iterator[T]) -> tuple[bool, Iterator[T]]:
    """Whether there is but one, which is done before a process would have started; and all."""
    first = list(islice(parts, 2))
    # Not kept: both would stay in memory to the end.
    return len(first) < 2, chain(_given_away(first), parts)


def _given_away(parts: list[T]) -> Iterator[T]:
    while parts:
        yield parts.pop(0)


def _in_order(parts: Iterator[P], job: Job[P], threads: int, ahead: int) -> Iterator[ScoredPart]:
    """Results in order; at most ``threads + ahead`` parts are in memory."""
    waiting: deque[Future[ScoredPart]] = deque()
    executor = ThreadPoolExecutor(threads)
    unreadable: InputError | None = None
    try:
        while True:
            try:
                part = next(parts)
            except StopIteration:
                break
            except InputError as error:
                # What was read before is scored first, so that it is not lost.
                unreadable = error
                break
            waiting.append(executor.submit(job, part))
            if len(waiting) >= threads + ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
    if unreadable is not None:
        raise unreadable


@contextmanager
def _processes(
    folder: Path, digest: str, options: Options, encoder: RowEncoder
) -> Iterator[Job[_Packed]]:
    """A job that each thread gives to a process of its own."""
    owned = threading.local()
    workers: list[_Worker] = []
    lock = threading.Lock()
    closed = False

    def worker() -> _Worker:
        if not hasattr(owned, "worker"):
            with lock:
                if closed:
                    raise CancelledError
                owned.worker = _Worker(folder, digest, options, encoder)
                workers.append(owned.worker)
        found: _Worker = owned.worker
        return found

    def job(part: _Packed) -> ScoredPart:
        for _ in range(TRIES):
            current = worker()
            try:
                return current.score(part)
            except (EOFError, OSError):
                code = current.exit_code()
                del owned.worker
        raise WorkerDiedError(
            f"the process that scored part {part.number} ({part.rows:,} rows) ended {TRIES} times "
            f"({_why(code)})"
        )

    try:
        yield job
    finally:
        with lock:
            closed = True
        for one in workers:
            one.kill()


def _why(code: int) -> str:
    if code == -9:
        return "killed: was there enough memory? Fewer --jobs take less"
    return f"signal {-code}" if code < 0 else f"exit code {code}"


class _Worker:
    """A process with the model loaded; ends when its pipe closes, so also when this one is killed.

    It is not forked: threads of this process would be lost in it, and locks kept.
    """

    def __init__(self, folder: Path, digest: str, options: Options, encoder: RowEncoder) -> None:
        self._connection, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  (this program itself)
                [sys.executable, "-P", "-m", f"{__package__}.worker", str(theirs.fileno())],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                env=os.environ | {"OMP_NUM_THREADS": "1"},
            )  # fmt: skip
        # Sent with the first part: a process may be gone before it is told anything.
        self._setup: object = (folder, digest, program(), options, encoder)

    def score(self, part: _Packed) -> ScoredPart:
        """Let the process score a part.

        Raises:
            EOFError: the process ended.
            OSError: the process cannot be reached.
        """
        if self._setup is not None:
            self._connection.send(self._setup)
            self._setup = None
        self._connection.send_bytes(part.data)
        answer = self._connection.recv()
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, ScoredPart)  # noqa: S101
        return answer

    def exit_code(self) -> int:
        """How the process ended, given that it closed its end of the pipe."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_PATIENCE_SECONDS)
        self.kill()
        return self._process.wait()

    def kill(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        self._connection.close()
