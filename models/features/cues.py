"""Interpretable cues: counts over one masked text, shared by ``rules`` and the n-grams."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Sequence
from math import log1p

import numpy as np
from numpy.typing import NDArray

from ...data.text.brands import count_brands

# Every pattern is counted as log(1 + n): a flood of one cue must not drown the others.
PATTERNS: dict[str, re.Pattern[str]] = {
    "hashtag": re.compile(r"#\w"),
    "handle": re.compile(r"@user\d"),
    "echo": re.compile(r"#user\d"),
    "trade": re.compile(r"<trade>"),
    "url": re.compile(r"<url>"),
    "contact": re.compile(r"<contact>"),
    "code": re.compile(r"<code>"),
    "emoji": re.compile("[\u2600-\u27bf\u2b50\U0001f300-\U0001faff]"),
    "exclamation": re.compile(r"!"),
    "question": re.compile(r"\?"),
    "ellipsis": re.compile(r"\.\.|…"),
    "new_line": re.compile(r"\n"),
    "capitals": re.compile(r"[A-Z](?<!\w.)[A-Z]{2,}\b"),
    "stretched": re.compile(r"([a-zA-Z!?])\1\1"),
    "lower_i": re.compile(r"i(?<!\wi)(?!\w)"),
    "price": re.compile(r"[$£€₹]\s?\d"),
    "percent": re.compile(r"\d\s?%"),
    "number": re.compile(r"\d+"),
    "clock": re.compile(r"\d\s?[ap]m\b|\d:\d\d", re.IGNORECASE),
}

# Patterns that are nothing but one sign, which is counted in less time.
_SIGNS = {"trade": "<trade>", "url": "<url>", "contact": "<contact>", "code": "<code>",
          "exclamation": "!", "question": "?", "new_line": "\n"}  # fmt: skip
# The others are looked for in one of several views of a text: all of it, or all or nothing of it
# where they need digits, capitals or what is not ASCII.
_ALL, _IF_DIGITS, _IF_CAPITALS, _IF_NOT_ASCII = range(4)
_VIEWS = {"price": _IF_DIGITS, "percent": _IF_DIGITS, "number": _IF_DIGITS, "clock": _IF_DIGITS,
          "capitals": _IF_CAPITALS, "emoji": _IF_NOT_ASCII}  # fmt: skip
_COUNTERS = tuple(
    (_SIGNS.get(name, ""), pattern.findall, _VIEWS.get(name, _ALL))
    for name, pattern in PATTERNS.items()
)
_CAPITALS = string.ascii_uppercase.encode()
_DIGIT = re.compile(r"\d")

# Whole words, lower case; hashtags are no words here.
LEXICONS: dict[str, str] = {
    "day": "monday tuesday wednesday thursday friday saturday sunday tomorrow tonight yesterday",
    "first_person": "i me my mine myself i'm i've i'll i'd im ive",
    "first_plural": "we us our ours we're we've we'll",
    "second_person": "you your yours you're you've you'll u ur",
    "third_person": "they them their he she his her him",
    "buy": "buy shop order purchase grab preorder available stores visit download try book",
    "offer": "discount discounts sale off deal deals free offer offers save coupon promo limited "
    "exclusive shipping code launch launched launching collection",
    "giveaway": "giveaway win winner winners enter contest tag",
    "praise": "love loving loved amazing perfect best favorite favourite favorites obsessed "
    "delicious gorgeous beautiful comfy excited stunning awesome incredible recommend",
    "complaint": "hate worst terrible awful ugh annoying broke broken sucks tired disappointed "
    "refund scam",
    "thanks": "thanks thank grateful thankful courtesy",
    "follow": "follow subscribe channel blog bio link swipe profile podcast episode",
    "slang": "lol lmao omg wtf smh tbh idk gonna wanna gotta kinda haha hahaha yall y'all ain't "
    "aint bruh bro dude damn shit fuck fucking ass",
    "feeling": "feel feeling miss cry crying happy sad scared proud wish hope",
    "solidarity": "stand standing solidarity thoughts prayers pray praying heart hearts awareness "
    "support condolences justice equality together rip peace",
    "aid": "donate donated donating donation donations fundraiser fundraising charity charities "
    "relief volunteer volunteers petition sign raise raised raising pledge pledged contribute "
    "proceeds fund grant grants hotline",
    "politics": "black racism racist police rights women government president climate victims "
    "protest protests vote community communities inequality",
    "commitment": "commit committed commitment committing million employees hiring invest "
    "investing action actions",
}
_LEXICON_OF: dict[str, list[int]] = {}
for _i, _words in enumerate(LEXICONS.values()):
    for _word in _words.split():
        _LEXICON_OF.setdefault(_word, []).append(_i)
_WORD = re.compile(r"(?<![\w#@<])[a-z][a-z'’]*")


def _n_upper(text: str) -> int:
    if text.isascii():
        return len(text) - len(text.encode().translate(None, _CAPITALS))
    return sum(map(str.isupper, text))


_SHAPES: dict[str, Callable[[str, list[str]], float]] = {
    "length": lambda text, _: log1p(len(text)),
    "words": lambda _, words: log1p(len(words)),
    "hashtag_share": lambda text, words: (
        sum(w[0] == "#" for w in words) / max(1, len(words)) if "#" in text else 0.0
    ),
    "word_length": lambda _, words: sum(map(len, words)) / max(1, len(words)) / 10,
    "starts_upper": lambda text, _: float(text[:1].isupper()),
    "ends_in_tags": lambda _, words: float(bool(words) and words[-1][0] == "#"),
    "upper_share": lambda text, _: _n_upper(text) / max(1, len(text)),
    "brands": lambda text, _: log1p(count_brands(text)),
    "one_handle": lambda text, _: float("@user1" in text and "@user2" not in text),
    "handle_first": lambda text, _: float(text.startswith("@user")),
}

NAMES: tuple[str, ...] = (*PATTERNS, *LEXICONS, *_SHAPES)


def cues(texts: Sequence[str]) -> NDArray[np.float64]:
    """Cue values of masked texts: shape (n_posts, ``len(NAMES)``), counts as log(1 + n)."""
    rows = [_row(text) for text in texts]
    table = np.array(rows, dtype=np.float64).reshape(len(rows), len(NAMES))
    counts = len(PATTERNS) + len(LEXICONS)
    table[:, :counts] = np.log1p(table[:, :counts])
    return table


def _counts(text: str, lowered: str) -> list[int]:
    """Count the matches of each of ``PATTERNS``; only those that can match are searched."""
    views = (
        text,
        text if _DIGIT.search(text) else "",
        "" if text == lowered else text,
        "" if text.isascii() else text,
    )
    return [
        text.count(sign) if sign else len(findall(views[view])) for sign, findall, view in _COUNTERS
    ]


def _row(text: str) -> list[float]:
    lowered = text.lower()
    said = [0.0] * len(LEXICONS)
    for word in _WORD.findall(lowered):
        if word in _LEXICON_OF:
            for lexicon in _LEXICON_OF[word]:
                said[lexicon] += 1
    words = text.split()
    return [
        *_counts(text, lowered),
        *said,
        *(shape(text, words) for shape in _SHAPES.values()),
    ]
