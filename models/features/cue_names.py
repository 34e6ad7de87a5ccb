"""What cues count: patterns, and words of lexicons."""

from __future__ import annotations

import re

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
