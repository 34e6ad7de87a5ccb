"""Text for matching: compatible forms folded, invisible characters gone, places remembered.

NFKC, default-ignorable characters dropped, overlaid strike-through removed, small capitals and
letters white on black made plain, look-alikes folded to Latin inside tokens that mix scripts (a
wholly Cyrillic word stays: Unicode TR 39 says skeletons detect, they do not rewrite). Case and
white space are kept.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from .aligned import Edit, Edited

Normalised = Edited

# Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt, as ranges.
_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_OVERLAY = "\u0334-\u0338\u20d2\u20d3\u20d8-\u20da\u20e5\u20e6\u20ea\u20eb"
_MARKS = (
    f"\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f{_IGNORABLE}"
)
# Sorting a flood of marks takes quadratic time, and nobody reads the ninth.
_MAX_MARKS = 8
_FLOOD = re.compile(f"[{_MARKS}]{{{_MAX_MARKS + 1}}}")
_DROPPED = re.compile(f"[{_IGNORABLE}{_OVERLAY}]+")
# ASCII that carries marks belongs to the cluster; all else that is ASCII is left alone.
_RUN = re.compile(f"(?:[\x00-\x7f](?=[{_MARKS}]))?[^\x00-\x7f]+(?:[\x00-\x7f][{_MARKS}]+)*")
_CLUSTER = re.compile(f"[^{_MARKS}][{_MARKS}]*|[{_MARKS}]+", re.DOTALL)
_REPLACEMENT = "\ufffd"
_SURROGATE = re.compile("[\ud800-\udfff]")

# Cyrillic and Greek letters that Unicode's confusables.txt maps to one Latin letter.
_LOOKALIKES = str.maketrans(
    "асԁеһіјӏоԛрѕԝхуАВЕЅІЈКМНОРСТУХԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανυιϳгпкм",
    "acdehijloqpswxyABESIJKMHOPCTYXQWABEZHIKMNOPTYXoavuijrnkm",
)
# Letters drawn in another style that NFKC leaves alone: small capitals and white on black.
_SMALL_CAPITALS = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡ𐞎ʏᴢ"
_STYLED = {
    ord(styled): plain
    for plain, *styled_letters in zip(
        "abcdefghijklmnopqrstuvwxyz",
        _SMALL_CAPITALS,
        map(chr, range(0x1F150, 0x1F16A)),
        map(chr, range(0x1F170, 0x1F18A)),
        strict=True,
    )
    for styled in styled_letters
}
_STYLED_LETTER = re.compile(f"[{''.join(map(chr, _STYLED))}]")
_TOKEN = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[a-zA-Z]")
_LOOKALIKE_SCRIPTS = re.compile("[\u0370-\u03ff\u0400-\u052f]")


# A post is asked for twice, when it is masked and for what it discloses.
@lru_cache(maxsize=2)
def normalise(text: str) -> Normalised:
    """Fold a text for matching; never raises, linear time.

    Lone surrogates become U+FFFD. ``span`` of the result leads back into ``text``.
    """
    if text.isascii():
        return Edited(text)
    edits: list[Edit] = []
    for run in _RUN.finditer(text):
        if _needs_folding(run.group()):
            edits += _fold_run(run.group(), run.start())
    folded = Edited(text).edit(edits)
    mended = _mixed_folded(folded.text)
    return folded if mended is folded.text else Edited(mended, folded.steps)


def _needs_folding(run: str) -> bool:
    return (
        _DROPPED.search(run) is not None
        or _SURROGATE.search(run) is not None
        or _FLOOD.search(run) is not None
        or _STYLED_LETTER.search(run) is not None
        or not unicodedata.is_normalized("NFKC", run)
    )


def _fold_run(run: str, offset: int) -> list[Edit]:
    edits: list[Edit] = []
    folded = []
    for match in _CLUSTER.finditer(run):
        cluster = match.group()
        new = _fold_cluster(cluster)
        folded.append(new)
        if new != cluster:
            edits.append((offset + match.start(), offset + match.end(), new))
    joined = "".join(folded)
    if not unicodedata.is_normalized("NFKC", joined):
        # Clusters that combine with one another (Hangul letters): one edit for the whole run.
        return [(offset, offset + len(run), unicodedata.normalize("NFKC", joined))]
    return edits


def _fold_cluster(cluster: str) -> str:
    kept = _DROPPED.sub("", cluster)[: 1 + _MAX_MARKS]
    kept = _SURROGATE.sub(_REPLACEMENT, kept).translate(_STYLED)
    # Folding may set marks free again, as in the Arabic ligatures.
    return _DROPPED.sub("", unicodedata.normalize("NFKC", kept))


def _mixed_folded(text: str) -> str:
    if _LOOKALIKE_SCRIPTS.search(text) is None:
        return text
    # Token by token: a pattern that looks ahead takes quadratic time in a text without spaces.
    return _TOKEN.sub(_latin_if_mixed, text)


def _latin_if_mixed(match: re.Match[str]) -> str:
    token = match.group()
    mixed = _LOOKALIKE_SCRIPTS.search(token) and _LATIN.search(token)
    return token.translate(_LOOKALIKES) if mixed else token
