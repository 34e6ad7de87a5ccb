"""Jurisdictions as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.values.jurisdictions import (
    JURISDICTIONS,
    PartlyReadError,
    asked_jurisdictions,
    read_jurisdiction,
    read_jurisdictions,
)


@pytest.mark.parametrize("code", JURISDICTIONS)
def test_each_code_is_itself(code):
    """In capitals and with spaces around it, too."""
    assert read_jurisdiction(code) == read_jurisdiction(f" {code.upper()} ") == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("GB", "uk"), ("gbr", "uk"), ("United Kingdom", "uk"), ("USA", "us"), ("U.S.", "us"),
        ("Deutschland", "de"), ("DEU", "de"), ("Türkiye", "tr"), ("日本", "jp"), ("Brasil", "br"),
        ("South Korea", "kr"), ("UAE", "ae"), ("No", "no"), ("Korea, Republic of", "kr"),
        ("Scotland", "uk"), ("pt-BR", "br"), ("en_GB", "uk"), ("US-CA", "us"), ("🇩🇪", "de"),
    ],
)  # fmt: skip
def test_other_codes_and_names(written, code):
    """Of ISO 3166, in English and as the country calls itself."""
    assert read_jurisdiction(written) == code
    assert read_jurisdictions(written) == (code,)


@pytest.mark.parametrize("missing", [None, "", " ", "n/a", "null", float("nan")])
def test_a_missing_value_is_none(missing):
    """It is no unknown code."""
    assert read_jurisdiction(missing) is None
    assert read_jurisdictions(missing) is None


@pytest.mark.parametrize(
    "unknown", ["xx", "at", "Austria", "us fr", 7, True, ["xx"], {"a": 1}, "🇦🇹"]
)
def test_what_is_not_known_is_refused(unknown):
    """So that it can be counted."""
    with pytest.raises(ValueError, match="no jurisdiction"):
        read_jurisdiction(unknown)
    with pytest.raises(ValueError, match="no jurisdiction"):
        read_jurisdictions(unknown)


@pytest.mark.parametrize(
    "several",
    ["us,fr", "US, France", ["us", "FR"], ("us", "fr", "us"), "us; fr", "us|fr", '["us","fr"]'],
)
def test_several_stand_once_each_in_order(several):
    """In a text or a list."""
    assert read_jurisdictions(several) == ("us", "fr")


def test_those_that_are_known_are_kept_of_several():
    """And the others are told."""
    for several in ("de,xx", ["de", None, 5], '["xx","de"]'):
        with pytest.raises(PartlyReadError) as raised:
            read_jurisdictions(several)
        assert raised.value.value == ("de",)
    with pytest.raises(PartlyReadError) as raised:
        read_jurisdictions("xx,yy")
    assert raised.value.value is None


def test_what_is_asked_for_has_to_be_known():
    """The error names it, and all that there are."""
    assert asked_jurisdictions("FR, us,fr") == asked_jurisdictions(["fr", "us"]) == ("fr", "us")
    assert asked_jurisdictions("gb,Germany") == ("uk", "de")
    for asked in ("xx", "us,xx", "", "us,", [], None, 5, ["us", None]):
        with pytest.raises(ValueError, match=r"choose one of us, ca, uk, .*, ae"):
            asked_jurisdictions(asked)


@given(st.text() | st.integers() | st.lists(st.text(), max_size=3))
def test_any_value_is_read_or_refused(value):
    """Never answered with anything but a known code."""
    try:
        found = read_jurisdictions(value)
    except ValueError:
        return
    assert found is None or set(found) <= set(JURISDICTIONS)
