"""One part of the input to one part of the output: no files, no processes, no clock."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ...data.errors import Reject
from ...data.io.fields.columns import TEXT, plain
from ...data.text.repair.repair import repair
from ...models.isolate import failure, score_each
from ...models.scored_post import ScoredPost
from ..options import Options
from ..output.row_encoder import Encoder
from ..output.scored_part import ScoredPart
from ..scorer import Scorer
from ..summary import LABELS, Summary
from .parts import Part
from .row_cache import Key, RowCache

# Posts that are scored at once: a window in which a neural model sorts them by length. Models of
# n-grams need no window, and take less memory without one.
WINDOW = 10_000
SMALL_WINDOW = 2_000


class PartScorer:
    """Scores parts with one model, each as if there were no other.

    Rows of texts seen before are remembered over parts only where a row does not depend on what
    it was scored beside; so the bytes of a part are the same whatever came before it.
    """

    def __init__(self, scorer: Scorer, options: Options, encoder: Encoder) -> None:
        self._scorer, self._options, self._encoder = scorer, options, encoder
        self._cache = RowCache() if scorer.independent_rows else None
        kept = options.columns.kept
        self._text = kept.index(TEXT) if TEXT in kept else None

    def score(self, part: Part) -> ScoredPart:
        """Rows, rejects and counts of a part."""
        rows = self.rows(part)
        failed = [i for i, row in enumerate(rows) if not isinstance(row, ScoredPost)]
        good = [i for i, row in enumerate(rows) if isinstance(row, ScoredPost)]
        scored = [row for row in rows if isinstance(row, ScoredPost)]
        kept = [self.kept(part, i, row) for i, row in zip(good, scored, strict=True)]
        data = self._encoder.encode([part.ids[i] for i in good], scored, kept)
        rejects = [*part.rejects, *(_failure(part, i, str(rows[i])) for i in failed)]
        rejects.sort(key=lambda placed: placed[0])
        summary = Summary(rows=part.rows, scored=len(scored))
        summary.rejected.update(reject.code for _, _, reject in rejects)
        summary.truncated = sum(row.truncated for row in scored)
        summary.passed_over.update(part.passed_over)
        for row in scored:
            if row.repairs:
                summary.repairs.update(row.repairs)
        for column in LABELS:
            summary.labels[column].update(str(getattr(row, column)) for row in scored)
        lines = "".join(_line(file, reject) for _, file, reject in rejects)
        return ScoredPart(part.number, data, lines.encode("utf-8", "replace"), summary)

    def kept(self, part: Part, i: int, row: ScoredPost) -> tuple[Any, ...]:
        """The kept columns of a post, the text among them as it was scored."""
        values = part.kept[i]
        if self._text is None:
            return values
        text = repair(part.texts[i]).text if row.repairs else part.texts[i]
        return (*values[: self._text], plain(text), *values[self._text + 1 :])

    def rows(self, part: Part) -> list[ScoredPost | str]:
        """A row per post, or the name of the error it makes the model end with."""
        keys = list(map(Key, part.texts, part.labelled, part.truncated, part.repairs))
        known: dict[Key, ScoredPost | str] = {}
        new: list[Key] = []
        for key in dict.fromkeys(keys):
            remembered = self._cache.get(key) if self._cache is not None else None
            if remembered is None:
                new.append(key)
            else:
                known[key] = remembered
        window = SMALL_WINDOW if self._scorer.independent_rows else WINDOW
        for start in range(0, len(new), window):
            some = new[start : start + window]
            for key, row in zip(some, self._scored(some), strict=True):
                known[key] = row
                if self._cache is not None and isinstance(row, ScoredPost):
                    self._cache.put(key, row)
        return [known[key] for key in keys]

    def _scored(self, keys: Sequence[Key]) -> list[ScoredPost | str]:
        def score(some: Sequence[Key]) -> list[ScoredPost]:
            return self._scorer.score_posts(
                some,
                [""] * len(some),
                jurisdiction=self._options.jurisdiction,
                prevalence=self._options.prevalence,
                reasons=self._options.reasons,
            )

        return score_each(score, keys)


def _failure(part: Part, i: int, error: str) -> tuple[int, str, Reject]:
    return i, part.files[i], Reject(part.lines[i], part.ids[i], "text", "model", failure(error))


def _line(file: str, reject: Reject) -> str:
    line = {"file": file, "line": reject.line, "id": reject.id, "field": reject.field,
            "code": reject.code, "message": reject.message}  # fmt: skip
    return json.dumps(line) + "\n"
