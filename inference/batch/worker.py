"""A process that scores parts for another: ``python -m unpolished.inference.batch.worker FD``."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection

from ...models.fingerprint import changed, program
from ...models.pipeline import Pipeline
from ...models.saved_model import ModelError
from ..output.scored_part import ScoredPart
from .allocator import spare_memory
from .gc_tuning import spare_collector
from .part_scorer import PartScorer
from .parts import Part


def work(connection: Connection) -> None:
    """Load the model named first, then answer each part with what became of it."""
    folder, digest, started, options, encoder = connection.recv()
    answer: Callable[[Part], ScoredPart | Exception]
    try:
        pipeline = Pipeline.load(folder, options.runtime)
        if pipeline.digest != digest:
            raise ModelError(f"{folder}: the model was changed while it was in use")
        if what := changed(started, program()):
            raise ModelError(f"while it was in use, {what}")
        answer = PartScorer(pipeline, options, encoder).score
        spare_collector()
    except Exception as error:
        failure = _sendable(error)
        answer = lambda _: failure  # noqa: E731
    while True:
        # Nothing is given a name: it would be kept until the next part has come.
        connection.send(_answered(answer, connection.recv()))


def _answered(
    answer: Callable[[Part], ScoredPart | Exception], part: Part
) -> ScoredPart | Exception:
    try:
        return answer(part)
    except Exception as error:
        return _sendable(error)


def _sendable(error: Exception) -> Exception:
    if isinstance(error, MemoryError | ImportError | ModelError):
        return type(error)(str(error))
    return RuntimeError(f"{type(error).__name__} in a process that scores")


def main() -> None:
    """Work until whoever started this process closes the connection or is gone."""
    # Ctrl-C reaches every process of the terminal; the one that started this one decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    spare_memory()
    with suppress(EOFError, OSError), Connection(int(sys.argv[1])) as connection:
        work(connection)


if __name__ == "__main__":
    main()
