"""One part of the input to one part of the output: no files, no processes, no clock."""

from __future__ import annotations

from collections import Counter
from operator import attrgetter

from ...data.errors import Reject
from ...models.pipeline import Content, Pipeline
from ...models.scored_post import ScoredPost
from ..options import Options
from ..output.reject_line import reject_line
from ..output.row_encoder import RowEncoder
from ..output.scored_part import ScoredPart
from ..row_scorer import RowScorer
from ..summary import COUNTED, Summary
from .parts import Part


class PartScorer:
    """Scores parts with one model, each as if there were no other."""

    def __init__(self, pipeline: Pipeline, options: Options, encoder: RowEncoder) -> None:
        self._rows, self._encoder = RowScorer(pipeline, options), encoder

    def score(self, part: Part) -> ScoredPart:
        """Rows, rejects and counts of a part."""
        summary = Summary(rows=part.rows)
        rows = iter(self._rows.rows(_posts(part)))
        good, kept, rejects, authors = [], [], [], []
        for item in part.items:
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
        lines = "".join(rejects).encode("utf-8", "replace")
        return ScoredPart(part.number, self._encoder.encode(good, kept), lines, summary)


def _posts(part: Part) -> list[Content]:
    return [item.found for item in part.items if not isinstance(item.found, Reject)]


def _count(rows: list[ScoredPost], summary: Summary) -> None:
    summary.scored = len(rows)
    summary.truncated = sum(row.truncated for row in rows)
    for row in rows:
        if row.repairs:
            summary.repairs.update(row.repairs)
    for column in COUNTED:
        # Null is what a model was not trained on, or an item that could not be scored.
        said = Counter(map(attrgetter(column), rows))
        summary.labels[column].update(
            {str(value): n for value, n in said.items() if value is not None}
        )
