"""What spreadsheets make of ids and texts is told from what they do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.inference.labelling.cells import (
    KEY,
    MAX_CELL,
    key_of,
    loosely_same,
    may_be,
    same_text,
)

from .spreadsheets import shown, typed

TEXT = "“Crème” für alle 😀, it's\r\n\r\nat last"


@pytest.mark.parametrize(
    ("cell", "post_id"),
    [
        ("1.78E+18", "1780000000000000011"), ("1,78E+18", "1780000000000000011"),
        ("1780000000000000000", "1780000000000000011"), ("1.78e+18", "1780000000000000011"),
        ("7", "007"), ("7", "7.0"), ("100000", "1E5"), ("1.00E+05", "1E5"), ("TRUE", "true"),
        ("'=1+1", "=1+1"), ("=1+1", "=1+1"), ("a", " a "), ("-7", "-007"),
        ("1234567890123456", "1234567890123456"), ("1234567890123450", "1234567890123456"),
        ("1234567890123460", "1234567890123456"), ("1.23457E+15", "1234567890123456"),
    ],
)  # fmt: skip
def test_an_id_may_have_become(cell, post_id):
    """Rounded, without zeros, or guarded."""
    assert may_be(cell, post_id)


@pytest.mark.parametrize(
    ("cell", "post_id"),
    [
        ("1.78E+18", "1790000000000000011"), ("1.78E+18", "178"), ("7", "8"), ("7", "7a"),
        ("1780000000000000011", "1780000000000000012"), ("", "7"), ("7", ""), ("true", "TRUE1"),
        ("1.78E+18", "1774000000000000011"), ("1e999", "1e998"), ("a", "b"), ("7", "-7"),
        ("1234567890123440", "1234567890123456"), ("1234567890123451", "1234567890123456"),
    ],
)  # fmt: skip
def test_an_id_cannot_have_become(cell, post_id):
    """More digits than a spreadsheet shows are told apart."""
    assert not may_be(cell, post_id)


@given(st.from_regex(r"[0-9]{1,25}", fullmatch=True))
def test_whatever_a_spreadsheet_makes_of_a_number_may_be_it(post_id):
    """Of any length, with zeros before it."""
    assert may_be(shown(typed(post_id)), post_id)
    assert may_be(shown(typed(post_id), ","), post_id)


@given(st.text(), st.text())
def test_a_key_stays_as_it_is(post_id, text):
    """No spreadsheet makes a number, a date or a formula of it, and the same post has the same."""
    key = key_of(post_id, text)
    assert KEY.fullmatch(key)
    assert shown(typed(key)) == key == key_of(post_id, text)
    assert key_of(post_id, text + "x") != key != key_of(post_id + "x", text)
    assert key_of(post_id + "\0", text) != key_of(post_id, "\0" + text)


@pytest.mark.parametrize(
    ("cell", "same", "loosely"),
    [
        (TEXT, True, True),
        (TEXT.replace("\r\n", "\n") + " ", True, True),
        ("'" + TEXT, True, True),
        (TEXT.encode("cp1252", "replace").decode("cp1252"), False, True),
        (TEXT.encode("ascii", "replace").decode(), False, True),
        (TEXT.encode("mac-roman", "replace").decode("cp1252", "replace"), False, True),
        (TEXT.encode().decode("cp1252", "replace"), False, True),
        (TEXT + " again", False, False),
        ("Crème für alle", False, False),
        ("???", False, False),
    ],
)
def test_a_text_is_known_again(cell, same, loosely):
    """Exactly but for spaces; or by its letters, of which those beyond ASCII may be lost."""
    assert same_text(cell, TEXT) is same
    assert loosely_same(cell, TEXT) is loosely


def test_a_text_that_is_cut_is_known_only_where_spreadsheets_cut():
    """Any other beginning is another text."""
    text = "so tired of this week. " * 3_000
    for n in (MAX_CELL, 32_767):
        assert same_text(text[:n].strip(), text)
        assert loosely_same(text[:n], text)
    assert not same_text(text[:20_000], text)
    assert not loosely_same(text[:20_000], text)
