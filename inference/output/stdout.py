"""Write rows to standard output as they are scored, and rejects to standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ...data.errors import InputError
from .row_encoder import RowEncoder
from .scored_part import ScoredPart


@contextmanager
def to_stdout(encoder: RowEncoder) -> Iterator[Callable[[ScoredPart], None]]:
    """Make a function that writes a part; bytes are UTF-8 whatever the locale.

    Raises:
        InputError: Parquet, which needs a file.
    """
    if encoder.format == "parquet":
        raise InputError("Parquet cannot be written to standard output: name a file, or use jsonl")
    sys.stdout.flush()
    sys.stdout.buffer.write(encoder.header)

    def write(part: ScoredPart) -> None:
        sys.stdout.buffer.write(part.data)
        sys.stdout.buffer.flush()
        sys.stderr.write(part.rejects.decode("utf-8"))

    yield write
    # Here, where a closed pipe can still be told from a failure.
    sys.stdout.buffer.flush()
