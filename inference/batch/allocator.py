"""Settings of the C library's memory allocator in a process that only scores."""

from __future__ import annotations

import ctypes
import os

# Of mallopt(3), in glibc's malloc.h.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_LARGE = 8 << 20


def spare_memory() -> None:
    """Keep little of what is free, as far as the C library can be told so; glibc can.

    By itself, it gives each thread a pool of its own and keeps in each the most that was ever
    needed there: a third of what the default model takes. Call it before threads are started. Not
    for a process of somebody else's program; and where MALLOC_... variables are set, these count.
    """
    if any(name.startswith("MALLOC_") for name in os.environ):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    for name, value in ((_ARENA_MAX, 1), (_MMAP_THRESHOLD, _LARGE), (_TRIM_THRESHOLD, _LARGE)):
        mallopt(ctypes.c_int(name), ctypes.c_int(value))
