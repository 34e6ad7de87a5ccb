"""What stands in a table where there is no value."""

import datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from unpolished.data.values.missing import is_missing, without_missing

MISSING = [
    None, float("nan"), np.float32("nan"), np.datetime64("NaT"), pd.NaT, pd.NA, Decimal("NaN"),
    Decimal("sNaN"), np.timedelta64("NaT"),
]  # fmt: skip
FOUND = [
    "", "NA", "nan", "None", 0, False, 0.0, np.float32(0), [], {}, (), [float("nan")], b"",
    np.array([np.nan]), pd.Timestamp("2024-01-02"), datetime.date(2024, 1, 2), Decimal(0),
    float("inf"), np.str_("nan"),
]  # fmt: skip


@pytest.mark.parametrize("value", MISSING, ids=repr)
def test_a_mark_of_numpy_and_pandas_is_no_value(value):
    """As pandas itself sees it."""
    assert is_missing(value)


@pytest.mark.parametrize("value", FOUND, ids=repr)
def test_what_is_empty_or_called_so_is_a_value(value):
    """Texts are texts; a list is a list, whatever it holds."""
    assert not is_missing(value)


def test_a_record_is_left_with_its_values():
    """Under the names of its columns as text."""
    assert without_missing({"text": "a", 1: 2, "id": pd.NA, "likes": np.nan}) == {
        "text": "a",
        "1": 2,
    }
