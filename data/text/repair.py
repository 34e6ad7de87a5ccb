"""The text that a reader of the post would see, with a code for everything that was mended.

Damage comes from exports and scrapers, not from authors. Labels, hashes, joins and folds keep to
the text as it came; the masked view and the disclosure rules read the repaired text, in training as
in scoring.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from .breaks import mend_breaks, mend_glued
from .cells import mend_cell
from .cut import is_cut
from .encoding import SIGN, mend_encoding
from .entities import mend_entities
from .escapes import mend_escapes
from .frames import unframe
from .markup import mend_markup
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
# Without any of these no step changes a text, which a test holds. A class of characters is looked
# for at the speed of the text; what is rarer or longer comes after it.
_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f"
_SIGN = re.compile(rf"[{{\\{_CONTROLS}]")
_WIDE = re.compile(
    rf"[{{\\{_CONTROLS}\x80-\u0192\u0370-\u045f\u2028\u2029\ud800-\udfff\ufffd\uf8ff‚‰√≈∆┬├≡]"
)
_WIDE_SIGN = re.compile(rf"[{{\\{_CONTROLS}\u2028\u2029\ud800-\udfff\ufffd·âÕ]|{SIGN}")
_FIRST = frozenset("'=\"[ \n\tb")
_AND = re.compile("&[#A-Za-z]")
_ANGLE = re.compile("<[A-Za-z0-9/!]")
_QUESTION = re.compile(r"\?[smdrvltSMDRVLT]")
_LINK = re.compile(r"http(?<=\w\whttp)|//t\.co/\w{10}[#@]")
_QUOTED_PRINTABLE = re.compile("=[89A-F][0-9A-F]")
_FRAME = re.compile(':[ \xa0]?["“„«]')
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
    """Mend a text; never raises, linear time. Repairing a repaired text changes nothing more."""
    if _is_plain(text):
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


def _is_plain(text: str) -> bool:
    """Whether no step has anything to do, in a few microseconds."""
    if text.isascii():
        if _SIGN.search(text):
            return False
    elif _WIDE.search(text) and _WIDE_SIGN.search(text):
        return False
    if text[:1] in _FIRST and (text[:1] != "b" or text[1:2] in ("'", '"')):
        return False
    return not (
        ("?" in text and _QUESTION.search(text))
        or ("http" in text and _LINK.search(text))
        or (":" in text and _FRAME.search(text))
        or ("&" in text and _AND.search(text))
        or ("<" in text and _ANGLE.search(text))
        or ("=" in text and _QUOTED_PRINTABLE.search(text))
        or "39;" in text
        or "%2" in text
        or "u2019" in text
        or "_x" in text
        or "-->" in text
        or "@[" in text
        or "\n'" in text
        or "pic.twitter" in text
        or "Reddit:" in text
        or "Facebook " in text
    )
