"""The four tables, case by case."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.disclosure import disclosure_spans, find_disclosures
from unpolished.data.disclosure_table import JURISDICTIONS, table
from unpolished.data.normalise import normalise

_STATUS = {"c": "clear", "a": "ambiguous", "n": "none"}


def _cases():
    lines = Path(__file__).with_name("disclosure_cases.txt").read_text("utf-8").splitlines()
    for line in lines:
        if line and not line.startswith("# "):
            codes, _, text = line.partition(" ")
            yield pytest.param(text.replace("\\n", "\n"), [_STATUS[c] for c in codes], id=line)


CASES = list(_cases())


def test_there_are_enough_cases():
    """At least 150, of every status in every jurisdiction."""
    assert len(CASES) >= 150
    for place in range(len(JURISDICTIONS)):
        assert {case.values[1][place] for case in CASES} == set(_STATUS.values())


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_case(text, expected):
    """Positives, places, disguises, negations, homonyms, other languages."""
    assert [find_disclosures(text, j).status for j in JURISDICTIONS] == expected


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_terms_cut_the_original(text, expected):
    """Each term is what stands at its place, and there is one where something was found."""
    del expected
    for jurisdiction in JURISDICTIONS:
        found = find_disclosures(text, jurisdiction)
        assert (found.status == "none") == (not found.terms)
        for term in found.terms:
            assert text[term.start : term.end] == term.term != ""


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("😀😀 #ａd sea", "#ａd"),
        ("é́ sea #a̶d̶ day", "#a̶d̶"),
        ("see # a d", "# a d"),
        ("this was Paid Partnership ok", "Paid Partnership"),
    ],
)
def test_the_matched_words_are_the_posts_own(text, term):
    """Disguises and case kept."""
    assert [t.term for t in find_disclosures(text).terms] == [term]


def test_masking_knows_every_term_negated_or_not():
    """A negated term goes with its negator; a homonym stays."""
    for text, hidden in (
        ("so not sponsored ok", "not sponsored"), ("see #notanad ok", "#notanad"),
        ("a werbung b", "werbung"), ("collab ok", "collab"),
    ):  # fmt: skip
        assert [text[s:e] for s, e in disclosure_spans(text)] == [hidden]
    assert disclosure_spans("ad hoc, we sponsored a child") == []


def test_a_hint_never_hides_a_match():
    """A pattern that matches a case has one of its hints in the text."""
    for case in CASES:
        text = normalise(case.values[0]).text
        for term in table().terms:
            if term.pattern.search(text):
                assert any(hint in text.lower() for hint in term.hints), (term.name, text)


def test_a_long_post_is_searched_at_both_ends():
    """Without reading megabytes."""
    middle = "x " * 50_000
    assert find_disclosures("#ad " + middle).status == "clear"
    found = find_disclosures(middle + "#ad")
    assert found.status == "ambiguous"
    assert (middle + "#ad")[found.terms[0].start :] == "#ad"
    assert find_disclosures(middle + "#ad" + middle).status == "none"


def test_sources_of_every_table_are_named():
    """What the reading rests on."""
    assert set(table().sources) == set(JURISDICTIONS)


@given(st.text(st.characters(), max_size=60), st.sampled_from(JURISDICTIONS))
def test_any_text_has_an_answer(text, jurisdiction):
    """Any Unicode, surrogates included; places always in bounds."""
    for term in find_disclosures(text, jurisdiction).terms:
        assert text[term.start : term.end] == term.term
