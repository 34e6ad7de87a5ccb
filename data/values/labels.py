"""Labels of one's own posts as people write them."""

from __future__ import annotations

from collections.abc import Collection

from .fields import is_missing, read_flag
from .nested import to_python


def read_label(value: object, names: Collection[str]) -> object:
    """One of the names, None where it is missing, and anything else as it is.

    Names count in any case and with spaces around them. Where ``yes`` and ``no`` are names, so do
    true and false, 1 and 0, and the words for them that ``read_flag`` takes.

    >>> read_label(" Polished ", ["raw", "polished"])
    'polished'
    >>> read_label(1.0, ["yes", "no"])
    'yes'
    """
    found = to_python(value)
    word = found.strip().casefold() if isinstance(found, str) else None
    # A cause may be "none", which elsewhere is a word for what is missing.
    if word in names:
        return word
    if is_missing(found):
        return None
    if {"yes", "no"} <= set(names):
        try:
            return "yes" if read_flag(found) else "no"
        except ValueError:
            return value
    return value
