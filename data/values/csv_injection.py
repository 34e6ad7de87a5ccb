"""Guard cells against formula injection; the signs are those that OWASP lists."""

from __future__ import annotations

import re

# Also behind spaces, and at the beginning of any line inside a cell.
_FORMULA = re.compile(r"(?:^|(?<=[\n\r]))(?=[^\S\n\r]*(?:[=+\-@\uff1d\uff0b\uff0d\uff20]|\t|\r))")


def guarded(cell: str) -> str:
    """Put an apostrophe before whatever would start a formula in a cell."""
    return _FORMULA.sub("'", cell)
