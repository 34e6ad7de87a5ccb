"""Signals that wait while a step is taken that must be known to have been taken."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_HELD = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def held_signals() -> Iterator[Callable[[], None]]:
    """Hold back interrupts and requests to end; in the main thread, which alone receives them.

    Yields:
        A function that lets them through again, and first hands on one that came meanwhile. It is
        called at the end at the latest.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    came: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        del frame
        came.append(number)

    # None stands for a handler that Python could not put back.
    numbers = [number for number in _HELD if signal.getsignal(number) is not None]
    before = {number: signal.signal(number, note) for number in numbers}

    def release() -> None:
        while before:
            signal.signal(*before.popitem())
        if came:
            signal.raise_signal(came.pop(0))

    try:
        yield release
    finally:
        release()
