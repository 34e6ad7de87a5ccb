"""Reading back what ``score`` wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from ..data.reading import InputError


def scored_rows(path: Path) -> Iterator[dict[str, object]]:
    """Rows of a scored JSONL file.

    Raises:
        InputError: not found, or a line that ``score`` did not write.
    """
    try:
        with path.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                row = json.loads(line)
                if not isinstance(row, dict) or not {"id", "style", "paid"} <= row.keys():
                    raise InputError(f"{path}, line {number}: not a scored row")
                yield row
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path}: not a scored JSONL file") from error
