"""The text that a reader of the post would see, with a code for everything that was mended.

Damage comes from exports and scrapers, not from authors. Labels, hashes, joins and folds keep to
the text as it came; the masked view and the disclosure rules read the repaired text, in training as
in scoring.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from .breaks import mend_breaks, mend_glued
from .cells import mend_cell
from .cut import is_cut
from .encodings.mend import mend_encoding
from .escapes import mend_escapes
from .frames import unframe
from .glance import is_plain
from .html.entities import mend_entities
from .html.markup import mend_markup
from .notation import mend_notation
from .removed import is_removed
from .wrapper import unwrap

DAMAGED = "damaged"
# Each a pure function that returns its text where there is nothing for it. What is inside of
# something else comes after it; so a repair may uncover another, and all are tried again.
STEPS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("wrapper", unwrap),
    ("spreadsheet", mend_cell),
    ("escapes", mend_escapes),
    ("line_breaks", mend_breaks),
    ("encoding", mend_encoding),
    ("markup", mend_markup),
    ("markup", mend_notation),
    ("entities", mend_entities),
    ("wrapper", unframe),
    ("glued", mend_glued),
)
CODES = (*dict.fromkeys(code for code, _ in STEPS), DAMAGED)
# Real damage has two or three layers.
MAX_ROUNDS = 8
# Of longer texts, which are no posts, head and tail are mended, and only these are scored: more
# than rules and models read.
MAX_CHARS, HEAD_CHARS, TAIL_CHARS = 120_000, 80_000, 20_000
_LOST = "\ufffd"


class Repaired(NamedTuple):
    """A text as it is scored.

    Attributes:
        text: after all repairs; the text itself where nothing had to be mended.
        repairs: codes of what was mended, each once, in the order of ``CODES``; ``damaged`` where
            letters are lost for good, or where repairs uncover others without an end.
        truncated: whether the text ends in a mark that its source has cut it off.
        removed: whether the text is the notice of a platform that a post was taken down.
    """

    text: str
    repairs: tuple[str, ...] = ()
    truncated: bool = False
    removed: bool = False


def repair(text: str) -> Repaired:
    """Repair a text; never raises, linear time. Repairing a repaired text changes nothing more.

    Examples:
        >>> repair("don&#39;t miss the bus")[:2]
        ("don't miss the bus", ('entities',))
    """
    if is_plain(text):
        return Repaired(text, (), is_cut(text), is_removed(text))
    long = len(text) > MAX_CHARS
    some = text[:HEAD_CHARS] + "\n" + text[-TAIL_CHARS:] if long else text
    mended, codes = _mended(some)
    if mended is some:
        mended = text
    if _LOST in mended:
        codes.add(DAMAGED)
    repairs = tuple(code for code in CODES if code in codes) if codes else ()
    return Repaired(mended, repairs, long or is_cut(mended), is_removed(mended))


def _mended(text: str) -> tuple[str, set[str]]:
    codes: set[str] = set()
    mended = text
    for _ in range(MAX_ROUNDS):
        before = mended
        for code, step in STEPS:
            after = step(mended)
            if after is not mended and after != mended:
                codes.add(code)
                mended = after
        if mended is before:
            return mended, codes
    # Somebody made it so. No reader sees through it either.
    return text, {DAMAGED}
