"""Reading back what ``score`` wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from ..data.lines import bounded_lines
from ..data.reading import InputError
from ..models.row import ScoredPost


def scored_rows(path: Path) -> Iterator[ScoredPost]:
    """Rows of a scored JSONL file.

    Raises:
        InputError: not found, or a line that ``score`` did not write.
    """
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(bounded_lines(stream), 1):
                try:
                    yield ScoredPost.model_validate_json(line or b"")
                except ValidationError:
                    what = "not a row of a scored JSONL file"
                    raise InputError(f"{path}, line {number}: {what}") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
