"""Read rows that ``score`` wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from ...data.errors import InputError
from ...data.io.formats.bounded_lines import bounded_lines
from ...models.scored_post import ScoredPost, arrow_schema


def scored_rows(path: Path) -> Iterator[ScoredPost]:
    """Yield the rows of a scored JSONL file; columns kept from the input are ignored.

    Raises:
        InputError: not found, or a line that ``score`` did not write.
    """
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(bounded_lines(stream), 1):
                try:
                    yield _row(line or b"")
                except (ValueError, RecursionError):
                    what = "not a row of a scored JSONL file"
                    raise InputError(f"{path}, line {number}: {what}") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error


def _row(line: bytes) -> ScoredPost:
    found = json.loads(line)
    written = arrow_schema().names
    if isinstance(found, dict) and all(name in found for name in written):
        line = json.dumps({name: found[name] for name in written}).encode()
    return ScoredPost.model_validate_json(line)
