"""Whose rules judge a post, and the platform's flag beside the words."""

from datetime import UTC, date, datetime

import pytest
from unpolished.data.posts import Post
from unpolished.data.text.disclosure.find import find_disclosures, find_terms
from unpolished.data.values.jurisdictions import JURISDICTIONS
from unpolished.models.disclosed import Asked, conflict, is_paid, judged, rules_of

ASKED = Asked(("us", "fr"), date(2026, 6, 1))


def _codes(post):
    return [rules.country.code for rules in rules_of(post, ASKED)]


def test_a_post_of_its_own_jurisdiction_is_judged_by_that_first():
    """``jurisdiction`` goes before ``author_country``; those asked for follow, each once."""
    assert _codes(Post(text="x")) == ["us", "fr"]
    assert _codes(Post(text="x", author_country="GB")) == ["uk", "us", "fr"]
    assert _codes(Post(text="x", author_country="GB", jurisdiction="de")) == ["de", "us", "fr"]
    assert _codes(Post(text="x", jurisdiction="fr,de")) == ["fr", "de", "us"]
    assert _codes(Post(text="x", jurisdiction="n/a", author_country="")) == ["us", "fr"]


def test_equal_rules_are_one_object():
    """So that rows can be remembered by them."""
    one, other = (Post(text=text, posted_at="2026-01-05") for text in "ab")
    assert all(a is b for a, b in zip(rules_of(one, ASKED), rules_of(other, ASKED), strict=True))


def test_the_day_of_the_post_picks_the_rules():
    """Without one, and before all rules, those of the run; in the zone that the post gives."""
    old = Post(text="x", posted_at=datetime(2012, 5, 1, tzinfo=UTC))
    new = Post(text="x", posted_at="2025-12-31T23:30:00-08:00")
    assert {rules.rules_of for rules in rules_of(Post(text="x"), ASKED)} == {"today"}
    assert {rules.rules_of for rules in rules_of(old, ASKED)} == {"today"}
    assert {rules.rules_of for rules in rules_of(new, ASKED)} == {"posted_at"}
    for before, after in zip(rules_of(old, ASKED), rules_of(Post(text="x"), ASKED), strict=True):
        assert before is after


def test_each_jurisdiction_has_its_row():
    """With its own status of the same words."""
    asked = Asked(JURISDICTIONS)
    found = judged(find_terms("Werbung | new mugs"), rules_of(Post(text="x"), asked)).rows
    assert [row.jurisdiction for row in found] == list(JURISDICTIONS)
    status = {row.jurisdiction: row.disclosure for row in found}
    assert (status["de"], status["eu"], status["us"]) == ("clear", "clear", "ambiguous")
    assert {status[code] for code in ("se", "pt", "ae")} == {"unknown"}
    assert {row.terms[0].term for row in found} == {"Werbung"}


def test_nothing_read_is_unknown_and_never_none():
    """Whether or not there is a word."""
    for code in ("se", "pt", "ae"):
        assert find_disclosures("a quiet walk", code).status == "unknown"
        assert find_disclosures("a quiet walk", "us").status == "none"


@pytest.mark.parametrize(
    ("flag", "text", "expected"),
    [
        (True, "a quiet walk", "flag_without_words"),
        (True, "not an ad, just a quiet walk", "flag_against_words"),
        (True, "#ad a quiet walk", None),
        (True, "#gifted a quiet walk", None),
        (False, "#ad a quiet walk", "words_without_flag"),
        (False, "#spon a quiet walk", "words_without_flag"),
        (False, "#madewithai a quiet walk", None),
        (True, "#madewithai a quiet walk", "flag_without_words"),
        (False, "not an ad, just a quiet walk", None),
        (False, "a quiet walk", None),
        (False, "AD should be fine on Friday, says everyone", None),
        (True, "AD should be fine on Friday, says everyone", "flag_without_words"),
        (None, "#ad a quiet walk", None),
        (None, "a quiet walk", None),
    ],
)
def test_the_flag_and_the_words(flag, text, expected):
    """An absent flag is unknown, and agrees with anything."""
    assert conflict(flag, find_disclosures(text, "us")) == expected


def test_only_a_third_party_pays():
    """A clear word for one's own brand does not make a post paid."""
    assert is_paid(find_disclosures("#ad a quiet walk", "us"))
    assert not is_paid(find_disclosures("#spon a quiet walk", "uk"))
    employed = find_disclosures("#brelloemployee our new mugs are in the shop", "us")
    assert (employed.status, employed.kinds) == ("clear", ("employment",))
    assert not is_paid(employed)
    own = find_disclosures("#ad a quiet walk", "us")
    own = type(own)("us", "today", "clear", tuple(_of_kind(t, "own_brand") for t in own.terms))
    assert not is_paid(own)


def _of_kind(term, kind):
    from dataclasses import replace

    return replace(term, kind=kind)
