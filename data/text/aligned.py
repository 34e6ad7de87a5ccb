"""Texts that remember where they came from: spans of the new text found again in the old."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

# (start, end, replacement), half-open in the text before; sorted, not overlapping.
Edit = tuple[int, int, str]


class Edited(NamedTuple):
    """A text after some steps of edits.

    Attributes:
        text: after all steps.
        steps: edits of each step, the first on the original text.
    """

    text: str
    steps: tuple[Sequence[Edit], ...] = ()

    def edit(self, edits: Sequence[Edit]) -> Edited:
        """One step more; no edits, no step."""
        if not edits:
            return self
        parts, last = [], 0
        for start, end, replacement in edits:
            parts += [self.text[last:start], replacement]
            last = end
        parts.append(self.text[last:])
        return Edited("".join(parts), (*self.steps, edits))

    def substitute(
        self, pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str | None]
    ) -> Edited:
        """Replace every match; None leaves a match as it is."""
        edits: list[Edit] = []
        for match in pattern.finditer(self.text):
            new = replacement(match)
            if new is not None and new != match.group():
                edits.append((*match.span(), new))
        return self.edit(edits)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A non-empty span of ``text`` as a half-open span of the original text.

        A span that cuts into a replacement covers all that was replaced.
        """
        for edits in reversed(self.steps):
            start, end = _start_before(edits, start), _end_before(edits, end)
        return start, end


def _start_before(edits: Sequence[Edit], position: int) -> int:
    shift = 0
    for start, end, replacement in edits:
        now = start + shift
        if position < now:
            break
        if position < now + len(replacement):
            return start
        shift += len(replacement) - (end - start)
    return position - shift


def _end_before(edits: Sequence[Edit], position: int) -> int:
    shift = 0
    for start, end, replacement in edits:
        now = start + shift
        if position <= now:
            break
        if position <= now + len(replacement):
            return end
        shift += len(replacement) - (end - start)
    return position - shift
