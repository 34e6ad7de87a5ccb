"""One part of the input to one part of the output: no files, no processes, no clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from ...data.errors import Reject
from ...data.io.read import Item
from ...models.pipeline import Content, Pipeline
from ...models.scored_post import ScoredPost
from ..options import Options
from ..output.reject_line import reject_line
from ..output.row_encoder import RowEncoder
from ..output.scored_part import ScoredPart
from ..row_scorer import SMALL_WINDOW, RowScorer
from ..summary import COUNTED, Summary
from .parts import Part


class PartScorer:
    """Scores parts with one model, each as if there were no other."""

    def __init__(self, pipeline: Pipeline, options: Options, encoder: RowEncoder) -> None:
        self._rows, self._encoder = RowScorer(pipeline, options), encoder
        # Rows take more memory than what is written of them, so few are there at once: where a
        # model scores no window at once, and where what is written of some stands before the rest.
        piecewise = pipeline.independent_rows and encoder.format != "parquet"
        self._piece = SMALL_WINDOW if piecewise else None

    def score(self, part: Part) -> ScoredPart:
        """Rows, rejects and counts of a part."""
        summary, rejects = Summary(rows=part.rows), list[str]()
        size = self._piece or max(part.rows, 1)
        pieces = [part.items[i : i + size] for i in range(0, part.rows, size)] or [()]
        data = b"".join([self._encoded(items, summary, rejects) for items in pieces])
        lines = "".join(rejects).encode("utf-8", "replace")
        return ScoredPart(part.number, data, lines, summary)

    def _encoded(self, items: Sequence[Item[Any]], summary: Summary, rejects: list[str]) -> bytes:
        """The rows of some items as bytes; adds to the counts and the rejects."""
        rows = iter(self._rows.rows(_posts(items)))
        good, kept, authors = [], [], []
        for item in items:
            if isinstance(item.found, Reject):
                rejects.append(reject_line(item.file, item.found))
                summary.rejected[item.found.code] += 1
                continue
            row = next(rows)
            if item.found.passed_over:
                summary.passed_over.update(item.found.passed_over)
            if row.error is None:
                good.append(row)
                authors.append(item.found.author)
                kept.append(self._rows.kept(item, row))
            else:
                _, _, message = row.error.partition(": ")
                reject = Reject(item.line, row.id, "text", "model", message)
                rejects.append(reject_line(item.file, reject))
                summary.rejected[reject.code] += 1
        _count(good, summary)
        summary.by_author.count(zip(authors, good, strict=True))
        return self._encoder.encode(good, kept)


def _posts(items: Sequence[Item[Any]]) -> list[Content]:
    return [item.found for item in items if not isinstance(item.found, Reject)]


def _count(rows: list[ScoredPost], summary: Summary) -> None:
    summary.scored += len(rows)
    summary.truncated += sum(row.truncated for row in rows)
    for row in rows:
        if row.repairs:
            summary.repairs.update(row.repairs)
    for column in COUNTED:
        # Null is what a model was not trained on, or an item that could not be scored.
        said = Counter(map(attrgetter(column), rows))
        summary.labels[column].update(
            {str(value): n for value, n in said.items() if value is not None}
        )
