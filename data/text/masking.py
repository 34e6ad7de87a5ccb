"""The one masked view of a post that every model sees, in training and in scoring.

URLs become ``<url>``, e-mail and phone ``<contact>``, coupon values ``<code>``, handles ``@user1``,
``@user2`` in order of appearance (``handles.py``). What bears the name of the author is ``@self``,
``#self``, ``<url-self>`` or ``<self>`` (``own_name.py``), where the author is given. Disclosure
terms of every jurisdiction are deleted and the gap is closed, so that a probability cannot depend
on them.
"""

from __future__ import annotations

import re
import string
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from .aligned import Edit, Edited
from .disclosure.matches import disclosure_spans
from .handles import MARK, mask_handles, mask_hashtag_matches
from .links_and_codes import CODE, LOOSE_CODE, URL, has_discount, may_have_link
from .normalise import normalise
from .own_name import LINK, NAME, OwnName, own_name

# Longer posts keep head and tail: a closing line often says what the post is for.
HEAD_CHARS, TAIL_CHARS = 3000, 1000
_MAX_PASSES = 12
# Of a text, in which a few words are looked for first.
_FEW_CHARS = 48

# In every e-mail address, and found faster.
_EMAIL_SIGN = re.compile(r"@[\w-]+\.")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MIN_DIGITS, _MAX_DIGITS = 9, 15
_ASCII_DIGITS = string.digits.encode()
_PHONE = re.compile(r"(?<![\w.,$£€₹/-])\+?\(?\d[\d\s().-]{7,18}\d(?![\w/-])")
_THOUSANDS = re.compile(r"\d{1,3}(?:[ .]\d{3})+$")
_DATE = re.compile(r"\d{1,4}([.\- ])\d{1,2}\1\d{1,4}|(?:19|20)\d\d\b.*\b(?:19|20)\d\d")
_PLACEHOLDER = re.compile(r"<(?:url|url-self|self|contact|code|trade)>|[@#](?:user\d+|self\b)")
_WORD = re.compile(r"[^\W_]+")
_SPACE = re.compile(r"\s{2,}|[^\S \n]")
_CLOSERS = {"(": ")", "[": "]", "{": "}", "<": ">", "*": "*", "~": "~", "_": "_", '"': '"'}
# Left behind by a deleted "Ad:", "#ad," or "gifted |".
_AFTER_GAP = re.compile(r"[:;,.|/!&+~–—-]+(?=\s|$)|[ \t]*[|:~–—-]+(?=\s|$)")
_BEFORE_GAP = re.compile(r"(?:^|(?<=\s))[|:~–—/&+-]+[ \t]*$")


@dataclass(frozen=True, slots=True)
class Masked:
    """The masked view of one post.

    Attributes:
        text: what models see.
        truncated: whether the middle of the post was cut out.
    """

    text: str
    truncated: bool
    _edited: Edited

    @property
    def n_words(self) -> int:
        """Words in ``text``; placeholders are no words."""
        words = self.text
        if "<" in words or "@" in words or "#" in words:
            words = _PLACEHOLDER.sub(" ", words)
        return len(_WORD.findall(words))

    def has_words(self, n: int) -> bool:
        """Whether there are at least so many words, told without counting all of them."""
        if n <= 0:
            return True
        start = self.text[:_FEW_CHARS]
        if "<" not in start and "@" not in start and "#" not in start:
            # The last one may go on, but is a word.
            for number, _ in enumerate(_WORD.finditer(start), 1):
                if number == n:
                    return True
        return self.n_words >= n

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A non-empty span of ``text`` as half-open code-point offsets into the original post."""
        return self._edited.span(start, end)


def mask(text: str, author: str | None = None) -> Masked:
    """Mask one post; never raises. Masking a masked text changes nothing more.

    Args:
        text: of the post.
        author: handle or name of whoever posted it. Without one, and for a post that neither names
            its author nor holds ``@self``, the view is the same.

    Examples:
        >>> mask("new gloves from @velmora, use code ANA15 #ad").text
        'new gloves from @user1, use code <code>'
        >>> mask("new gloves at #velmora, tag @ana.k", author="@velmora").text
        'new gloves at #self, tag @user1'
    """
    cut = _cut(Edited(text))
    normal = normalise(cut.text)
    edited = Edited(normal.text, (*cut.steps, *normal.steps))
    names: dict[str, int] = {}
    own = own_name(author)
    if own is not None and not own.may_be_in(edited.text):
        own = None
    for _ in range(_MAX_PASSES):
        # Deleting a term may bring another together ("paid #ad partnership").
        again = _one_pass(edited, names, own)
        if again.text == edited.text:
            break
        edited = again
    # Last, so that a term that matches a handle ("@giftedco #gifted") is gone by now.
    edited = mask_hashtag_matches(edited, names, own)
    if own is not None and own.in_text is not None:
        # Compiled here alone: few posts name their author.
        edited = edited.substitute(re.compile(own.in_text, re.IGNORECASE), lambda _: NAME)
    return Masked(edited.text, len(text) > HEAD_CHARS + TAIL_CHARS, edited)


def _one_pass(edited: Edited, names: dict[str, int], own: OwnName | None) -> Edited:
    text = edited.text
    lowered = text.lower()
    if "@" in text and _EMAIL_SIGN.search(text):
        edited = edited.substitute(_EMAIL, lambda _: "<contact>")
    if may_have_link(text, lowered):
        edited = edited.substitute(URL, lambda m: LINK if own and own.is_link(m[0]) else "<url>")
    if _may_have_phone(text):
        edited = edited.substitute(_PHONE, _phone)
    if "@" in text:
        edited = mask_handles(edited, names, own)
    if has_discount(text, lowered):
        edited = edited.substitute(CODE, _code)
        edited = edited.substitute(LOOSE_CODE, lambda _: "<code>")
    if spans := _terms(edited.text):
        gaps = [(*_widened(edited.text, *span), " ") for span in spans]
        edited = edited.edit(_merged(gaps))
    if " ".join(edited.text.split()) == edited.text:
        return _cut(edited)
    edited = edited.substitute(_SPACE, _space)
    stripped = edited.text.strip()
    if len(stripped) != len(edited.text):
        start = len(edited.text) - len(edited.text.lstrip())
        ends: list[Edit] = [(0, start, ""), (start + len(stripped), len(edited.text), "")]
        edited = edited.edit([edit for edit in ends if edit[0] < edit[1]])
    return _cut(edited)


def _terms(text: str) -> list[tuple[int, int]]:
    """Spans of disclosure terms, found as if no name were marked as that of a trade.

    What follows a name ("@shop gave me") counts in many terms. A mark at the end of a span belongs
    to the name before it, and so to the span.
    """
    if MARK not in text:
        return disclosure_spans(text)
    parts = text.split(MARK)
    # Where each mark stood once all are gone; each shifts what follows by its own length.
    marks = list(accumulate(len(part) for part in parts[:-1]))

    def before(position: int) -> int:
        return position + len(MARK) * bisect_right(marks, position)

    return [(before(start), before(end)) for start, end in disclosure_spans("".join(parts))]


def _cut(edited: Edited) -> Edited:
    length = len(edited.text)
    if length <= HEAD_CHARS + TAIL_CHARS:
        return edited
    # One character more than is kept, so that the result is within the limit itself.
    return edited.edit([(HEAD_CHARS - 1, length - TAIL_CHARS, "\n")])


def _may_have_phone(text: str) -> bool:
    """Whether a text has as many digits as a number to call."""
    if text.isascii():
        return len(text) - len(text.encode().translate(None, _ASCII_DIGITS)) >= _MIN_DIGITS
    return sum(map(str.isdigit, text)) >= _MIN_DIGITS


def _phone(match: re.Match[str]) -> str | None:
    digits = sum(c.isdigit() for c in match.group())
    plain = match.group().strip()
    if not _MIN_DIGITS <= digits <= _MAX_DIGITS or _THOUSANDS.match(plain) or _DATE.match(plain):
        return None
    return "<contact>"


def _code(match: re.Match[str]) -> str:
    return match.group(1) + "<code>"


def _space(match: re.Match[str]) -> str:
    return "\n" if "\n" in match.group() or "\r" in match.group() else " "


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """Take brackets and separators along that the term leaves orphaned."""
    before, after = text[:start].rstrip(" \t"), text[end:].lstrip(" \t")
    if before and after and _CLOSERS.get(before[-1]) == after[0]:
        return len(before) - 1, len(text) - len(after) + 1
    orphan = _AFTER_GAP.match(text, end)
    at_start = start == 0 or text[start - 1].isspace()
    if orphan and at_start:
        end = orphan.end()
    line_ends = not text[end:].strip(" \t") or text[end:].lstrip(" \t").startswith(("\n", "\r"))
    if line_ends and (dangling := _BEFORE_GAP.search(text[:start])):
        start = dangling.start()
    return start, end


def _merged(edits: list[Edit]) -> list[Edit]:
    merged: list[Edit] = []
    for start, end, replacement in sorted(edits):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]), replacement)
        else:
            merged.append((start, end, replacement))
    return merged
