"""Settings of the garbage collector in a process that only scores."""

from __future__ import annotations

import gc

_OBJECTS, _TIMES = 50_000, 20


def spare_collector() -> None:
    """Exempt loaded objects from garbage collection, and collect posts and rows seldom.

    These hold no cycles, so that they go without the collector; looking through them took a tenth
    of the processor time. Not for a process of somebody else's program.
    """
    gc.freeze()
    gc.set_threshold(_OBJECTS, _TIMES, _TIMES)
