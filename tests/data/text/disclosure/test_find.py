"""What a post discloses in each jurisdiction, case by case."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.text.disclosure.find import find_disclosures
from unpolished.data.text.disclosure.hints import hinted
from unpolished.data.text.disclosure.matches import disclosure_spans
from unpolished.data.text.disclosure.terms import table
from unpolished.data.text.handles import MARK
from unpolished.data.text.masking import mask
from unpolished.data.text.normalise import normalise
from unpolished.data.values.jurisdictions import JURISDICTIONS

from .read_cases import STATUS, read_cases

CASES = read_cases()
FILES = sorted({case.file for case in CASES})


def _cases_of(file):
    return [case for case in CASES if case.file == file]


@pytest.mark.parametrize("file", FILES)
def test_cases(file):
    """Positives, places, disguises, claims, homonyms, in every jurisdiction that a case names."""
    wrong = []
    for case in _cases_of(file):
        for jurisdiction, letter in case.expected.items():
            found = find_disclosures(case.text, jurisdiction)
            claims = any(term.claim for term in found.terms)
            if found.status != STATUS[letter] or (letter == "x" and not claims):
                said = [(t.term, t.rule, t.status, t.claim, t.lacks) for t in found.terms]
                wrong.append(f"{jurisdiction}: {found.status} {said} for {case.line}")
    assert wrong == []


@pytest.mark.parametrize("file", FILES)
def test_terms_cut_the_original(file):
    """Each term is what stands at its place, and there is one where something was found."""
    for case in _cases_of(file):
        for jurisdiction in case.expected:
            found = find_disclosures(case.text, jurisdiction)
            if found.status not in ("none", "unknown"):
                assert [term for term in found.terms if term.status == found.status]
            for term in found.terms:
                assert case.text[term.start : term.end] == term.term != ""
                assert (term.status is None) == (term.claim is not None) == (term.kind is None)


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


def test_nothing_is_disclosed_by_what_models_see():
    """No term of any jurisdiction is left in the masked view, whatever was cut out beside it.

    Marks of trade names are left aside: words in another sense stay, and the mark may hide it.
    """
    for case in CASES:
        masked = mask(case.text).text
        assert find_disclosures(masked.replace(MARK, "")).terms == (), masked
        assert mask(masked).text == masked, case.line


def test_masking_knows_every_term_negated_or_not():
    """A negated term goes with its negator; a word in another sense stays."""
    for text, hidden in (
        ("so not sponsored ok", "not sponsored"), ("see #notanad ok", "#notanad"),
        ("a werbung b", "werbung"), ("collab ok", "collab"), ("so NOT AN AD!", "NOT AN AD"),
        ("this isn't an ad ok", "isn't an ad"), ("so not gifted ok", "not gifted"),
        ("I was not paid to say this", "not paid to say"), ("an unpaid ad ok", "unpaid ad"),
        ("pas de publicité ok", "pas de publicité"), ("so not an #ad ok", "not an #ad"),
        ("so no longer gifted by X", "no longer gifted by"),
    ):  # fmt: skip
        assert [text[s:e] for s, e in disclosure_spans(text)] == [hidden]
    for text in ("ad hoc, we sponsored a child", "not an ad agency", "isn't an ad-hoc idea",
                 "Pakistan sponsored terrorism", "AD: the domain controller is down"):  # fmt: skip
        assert disclosure_spans(text) == []


def test_a_hint_never_hides_a_match():
    """A term whose pattern matches a case is among those that are tried."""
    for case in CASES:
        text = normalise(case.text).text
        tried = set(hinted(text.lower()).terms)
        for number, term in enumerate(table().terms):
            if number not in tried:
                assert term.pattern.search(text) is None, (term.name, text)


def test_a_long_post_is_searched_at_both_ends():
    """Without reading megabytes."""
    middle = "x " * 50_000
    assert find_disclosures("#ad " + middle).status == "clear"
    found = find_disclosures(middle + "#ad")
    assert found.status == "ambiguous"
    assert (middle + "#ad")[found.terms[0].start :] == "#ad"
    assert find_disclosures(middle + "#ad" + middle).status == "none"


@given(st.text(st.characters(), max_size=60), st.sampled_from(JURISDICTIONS))
def test_any_text_has_an_answer(text, jurisdiction):
    """Any Unicode, surrogates included; places always in bounds."""
    for term in find_disclosures(text, jurisdiction).terms:
        assert text[term.start : term.end] == term.term


_WORDS = (
    "#ad",
    "not",
    "an",
    "ad",
    "ad hoc",
    "gifted by",
    "\n",
    "@x",
    "sponsored",
    "\u200b",
    "𝗮𝗱",
    "|",
)


@given(st.lists(st.sampled_from(_WORDS) | st.text(max_size=4), max_size=12).map(" ".join))
def test_spans_to_mask_cover_every_term(text):
    """Sorted, apart, within the text; what any jurisdiction finds lies inside one of them."""
    plain = normalise(text).text
    spans = disclosure_spans(plain)
    assert all(0 <= start < end <= len(plain) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    for jurisdiction in JURISDICTIONS:
        for term in find_disclosures(plain, jurisdiction).terms:
            assert any(start <= term.start and term.end <= end for start, end in spans)


def test_no_term_within_a_handle():
    """Its parts are no words; a term after it is one."""
    assert find_disclosures("@the.sponsored lol we sat in the park").terms == ()


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("we sat with @the.park. #sponsored", "#sponsored"),
        ("we love this serum from @glow.#ad", "#ad"),
        ("we love this serum from @glow.skin.#gifted", "#gifted"),
        ("we love this serum from @glow..#ad", "#ad"),
        ("thank you @nike.Paid partnership with them", "Paid partnership"),
    ],
)
def test_a_term_after_a_handle_and_a_dot(text, term):
    """Hidden from models, too."""
    assert term in [found.term for found in find_disclosures(text).terms]
    assert term not in mask(text).text
    assert "#" not in mask(text).text
