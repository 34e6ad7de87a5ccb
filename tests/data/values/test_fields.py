"""What exports write into a field is read where it is clear; else it is None, and named."""

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.posts import LabelledPost, Post, PostError, parse_post

TEXT = "late bus again so tired of this"
LIST = [{"sponsor": {"username": "brello"}}]


def _read(field, value):
    post = parse_post({"text": TEXT, field: value}, Post)
    return getattr(post, field), post.passed_over


def _check(field, value, expected):
    """None where the value says so; ``...`` where it cannot be read."""
    wanted = (None, (field,)) if expected is ... else (expected, ())
    found = _read(field, value)
    assert found == wanted
    assert type(found[0]) is type(wanted[0])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (" p1", "p1"), ("\ufeffp1\u200b", "p1"), ("007", "007"), ("1e5", "1e5"), ("NA", "NA"),
        (7, "7"), (2**64, str(2**64)), (7.0, "7"), (np.int64(5), "5"), (b"ab", "ab"),
        ("", None), ("  ", None), (None, None), (math.nan, None),
        (1e18, ...), (2.0**53, ...), (1.5, ...), (True, ...), (np.True_, ...), (["1"], ...),
        ({}, ...), (b"\xff", ...), ("x" * 1_001, ...), (math.inf, ...),
    ],
)  # fmt: skip
def test_ids(value, expected):
    """An id is text or a whole number; a float that may stand for two numbers is none."""
    _check("id", value, expected)
    _check("platform", value, expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ana", "ana"), (12, "12"), ({"type": "user", "userName": "ana", "followers": 9}, "ana"),
        ({"id": 5, "unique_id": "ana"}, "ana"), ({"name": "Ana B.", "username": "ana"}, "ana"),
        ({"username": "ana", "acct": "ana@there"}, "ana@there"),
        ({"did": "x", "handle": "a.b"}, "a.b"),
        ({"screen_name": "ana"}, "ana"), ({"id": 5}, "5"), ([{"handle": "ana"}], "ana"),
        ({"username": "", "Name": "ana"}, "ana"), ({"username": None, "id": "5"}, "5"),
        ("{'userName': 'ana', 'followers': 9}", "ana"), ('{"username": "ana"}', "ana"),
        ("{odd", "{odd"), ({}, ...), ([], ...), (["ana", "ben"], ...), (0.5, ...),
        ({"username": {"a": 1}}, ...), ({"username": True}, ...),
    ],
)  # fmt: skip
def test_authors(value, expected):
    """An object has names in an order that is written down; one without any is passed over."""
    _check("author", value, expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3), ("3", 3), (3.0, 3), ("3.0", 3), (" 3 ", 3), ("+3", 3), (np.float32(3), 3),
        (Decimal("3"), 3), ("1,234", 1_234), ("12,34,567", 1_234_567), ("1.234.567", 1_234_567),
        ("1 234", 1_234), ("1\u00a0234", 1_234), ("1'234'567", 1_234_567), ("12.3K", 12_300),
        ("1.2M", 1_200_000), ("2b", 2 * 10**9), (2**63 - 1, 2**63 - 1),
        ("", None), ("N/A", None), ("nan", None), ("-", None), ("null", None), (math.nan, None),
        (-1, ...), ("-1", ...), (1.5, ...), ("1.5", ...), ("1.234", ...), ("1,23", ...),
        (True, ...), ([1], ...), ({"n": 1}, ...), ("many", ...), ("1e3", ...), (2**63, ...),
        ("9" * 5_000, ...), (math.inf, ...), ("1,234,56", ...),
    ],
)  # fmt: skip
def test_counts(value, expected):
    """Grouped and shortened numbers are read, hidden ones are unknown, none is guessed."""
    for field in ("followers", "likes", "comments", "shares"):
        _check(field, value, expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True), (False, False), (1, True), (0, False), (1.0, True), (0.0, False),
        ("1.0", True), ("0.0", False), ("TRUE", True), (" true", True), ("Yes", True),
        ("WAHR", True), ("FAUX", False), (np.True_, True), (np.False_, False), (Decimal(1), True),
        ("Paid partnership", True), ("paid_partnership", True), ("no", False),
        ("Paid partnership with Brello", True), ("unpaid", False), ("not sponsored", False),
        (LIST, True), (str(LIST), True), ('[{"username": "brello"}]', True), (["brello"], True),
        ({"sponsor": {"username": "brello"}}, True), (np.array(LIST), True),
        ([], False), ("[]", False), (np.array([]), False),
        (None, None), ("", None), ("N/A", None), ("nan", None), ("None", None), ("null", None),
        ("-", None), ("unknown", None), (math.nan, None),
        ("Brello", ...), ("maybe", ...), (2, ...), ([5], ...), (-1, ...), (0.5, ...), ([{}], ...),
        ([None], ...), ([""], ...), ([True], ...), (["false"], ...), ([{"is_paid": False}], ...),
        ({}, ...), ({"is_paid": False}, ...),
        ("[null]", ...), ("[", ...), ("[1" * 4_000 + "]", ...),
    ],
)  # fmt: skip
def test_paid_partnerships(value, expected):
    """Any shape is read, or unknown; unknown is not false, and a word alone is no sponsor."""
    _check("paid_partnership", value, expected)


@pytest.mark.parametrize(
    ("value", "expected"), [(True, True), ("TRUE", True), (0, False), ("N/A", None), ([1], ...)]
)
def test_truncated(value, expected):
    """A list says nothing on whether a text was cut."""
    _check("truncated", value, expected)


AT = datetime(2024, 1, 31, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2024-01-31T11:20:00Z", "2024-01-31 11:20:00+0000", "2024-01-31T12:20+01:00",
        "2024-01-31 06:20:00 EST", "2024-01-31 11:20:00 UTC", "2024-01-31 12:20:00 +0100",
        "Wed Jan 31 11:20:00 +0000 2024", "Wed, 31 Jan 2024 11:20:00 GMT", " 2024-01-31T11:20Z ",
        AT.timestamp(), int(AT.timestamp()), str(int(AT.timestamp())), AT.timestamp() * 1000,
        str(int(AT.timestamp() * 10**9)), AT,
    ],
)  # fmt: skip
def test_one_time_in_many_spellings(value):
    """They are all the same moment."""
    found, passed_over = _read("posted_at", value)
    assert (found, passed_over) == (AT, ())
    assert found.utcoffset() is not None


@pytest.mark.parametrize(
    "value",
    [
        20240131, "20240131", 0, -5, 10**25, True, "01/31/2024", "yesterday", "2024-02-30",
        "2024-01-01T25:00:00", "2024-01-01T10:00:00+25:00", "2024-01-31 11:20:00 CEST",
        "Wed Jam 31 11:20:00 +0000 2024", "Wed Jan 32 11:20:00 +0000 2024", [2024, 1], {},
        "0000-01-01T00:00:00Z", "10000-01-01", "x" * 100_000, math.inf,
    ],
)  # fmt: skip
def test_times_that_are_none(value):
    """What may mean two times, or none, is passed over."""
    assert _read("posted_at", value) == (None, ("posted_at",))


@given(
    st.datetimes(datetime(2001, 9, 10), datetime(2099, 12, 31)), st.sampled_from([1, 1_000, 10**6])
)
def test_times_since_1970_are_told_by_their_size(at, unit):
    """Seconds, milliseconds and microseconds never mean the same number."""
    number = int(at.replace(tzinfo=UTC).timestamp() * unit)
    found, _ = _read("posted_at", number)
    assert abs(found - at.replace(tzinfo=UTC)) < timedelta(seconds=1.1)


def test_only_a_text_or_a_label_costs_a_post():
    """A label is learnt from, so a strange one is an error; spaces around it are none."""
    assert parse_post({"text": TEXT, "label_paid": " yes "}, LabelledPost).label_paid == "yes"
    with pytest.raises(PostError, match="label_paid"):
        parse_post({"text": TEXT, "label_paid": "perhaps", "likes": -1}, LabelledPost)
    with pytest.raises(PostError, match="text"):
        parse_post({"text": 7, "likes": -1}, Post)
