"""The text that a reader of the post would see, with a code for everything that was mended.

Damage comes from exports and scrapers, not from authors. Labels, hashes, joins and folds keep to
the text as it came; the masked view and the disclosure rules read the repaired text, in training as
in scoring.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text as it is scored.

    Attributes:
        text: after all repairs; the text itself where nothing had to be mended.
        repairs: codes of what was mended, each once, in the order of the steps.
        truncated: whether the text ends in a mark that its source has cut it off.
        removed: whether the text is the notice of a platform that a post was taken down.
    """

    text: str
    repairs: tuple[str, ...] = ()
    truncated: bool = False
    removed: bool = False


def repair(text: str) -> Repaired:
    """Mend a text; never raises, linear time."""
    return Repaired(text)
