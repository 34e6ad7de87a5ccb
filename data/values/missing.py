"""What stands in a table where there is no value."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np

# Numbers and dates of which one is unequal to itself: NaN, and numpy's NaT.
_UNEQUAL = (float, np.inexact, np.datetime64, np.timedelta64)
# Those of pandas, which is not imported for it.
_NAMES = ("NAType", "NaTType")


def is_missing(value: object) -> bool:
    """Whether a value is None or one of the marks of numpy and pandas: NaN, NaT, NA."""
    if value is None or type(value).__name__ in _NAMES:
        return True
    if isinstance(value, Decimal):
        return value.is_nan()
    return isinstance(value, _UNEQUAL) and bool(value != value)


def without_missing(record: Mapping[Any, Any]) -> dict[str, Any]:
    """A record of a table without the values that are missing."""
    return {str(name): value for name, value in record.items() if not is_missing(value)}
