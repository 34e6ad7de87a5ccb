"""Letters that were written in one encoding and read in another (mojibake).

What library ftfy (Speer 2019, "ftfy", Zenodo) takes for mojibake is undone where it decodes: UTF-8
read as Latin-1, Windows code pages, Mac Roman or code page 437, once or several times, in all of a
text or in some words. Its other changes to a text (quotes, widths, ligatures) are not made.
"""

from __future__ import annotations

import re

from .apostrophes import mend_apostrophes
from .mac_roman import mend_mac_roman
from .sequences import mend_sequences

# One of these is in whatever is mended beside apostrophes: a control character of Latin-1, or a
# letter that the first byte of a sequence of UTF-8 is in some encoding of one byte, before another
# sign; behind three of them a space or nothing may stand for the second byte. A pattern that begins
# with one class is looked for many times faster than one of several.
_LEADS = "\xc0-\u0192\u0370-\u045f‚‰√≈∆\uf8ff┬├≡¬"
SIGN_CHARS = f"\x80-\x9f{_LEADS}_"
SIGN_ENDS = f"(?<=[\x80-\x9f])|(?<=[{_LEADS}])[^\x00-\x7f]|(?<=[ÃÂâ])(?![a-zA-Z])|(?<=_)Ù"
_SIGN = re.compile(f"[{SIGN_CHARS}](?:{SIGN_ENDS})")
SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
# Of dashes and quotes (U+2013 to U+201D) the lower byte may be left; 1A takes a letter's place.
_CONTROLS = dict.fromkeys((*range(9), *range(0x0E, 0x20), 0x7F), "") | dict(
    zip((0x13, 0x14, 0x18, 0x19, 0x1A, 0x1C, 0x1D), "–—‘’\ufffd“”", strict=True)
)


def mend_encoding(text: str) -> str:
    """Undo wrong decoding; lost letters become U+FFFD. Linear time."""
    if not text.isprintable() and _CONTROL.search(text):
        text = text.translate(_CONTROLS)
    if text.isascii():
        return mend_apostrophes(text)
    if SURROGATE.search(text):
        text = joined_surrogates(text)
    if _SIGN.search(text):
        from ftfy import fix_encoding

        text = mend_sequences(fix_encoding(mend_mac_roman(text)))
    return mend_apostrophes(text)


def joined_surrogates(text: str) -> str:
    """The characters that pairs of surrogates stand for; U+FFFD for one that stands alone."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
