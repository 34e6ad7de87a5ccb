"""The four tables, case by case."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.text.disclosure.find import disclosure_spans, find_disclosures
from unpolished.data.text.disclosure.terms import JURISDICTIONS, table
from unpolished.data.text.masking import mask
from unpolished.data.text.normalise import normalise

_STATUS = {"c": "clear", "a": "ambiguous", "n": "none"}

# More cases, in the format of cases.txt: what looks alike and means something else.
_LOOK_ALIKES = r"""
ccac Ad, wearing the new Fennwick coat
ccac Ad. The softest socks
ccac Ad @fennwick the softest socks
ccac 🎁 Ad gifted mug
ccac Oh no\n#ad
nnnn Ad-hoc plans for tonight
nnnn AD/HD diagnosis at forty
nnnn is this an ad?
aaaa gifted: the mug is lovely
aaaa Gifted | the mug is lovely
aaaa #giftedbybrello the mug is lovely
aaaa #gifted_by_brello the mug is lovely
aaaa #prgifted the mug is lovely
aaaa they sent me this
caaa the brand sent me this
nnnn they gave me a look
nnnn my best friend gifted me this
nnnn I was gifted a jumper by my aunt
nnnn gifted by my friend Ana
caaa gifted by my friends at Brello
nnnn Jesus gave me this peace
nnnn #giftedkids and #giftedandtalented
nnnn #runningpartner found
nnnn excited to partner with @fennwick on clean water
nnnn ambassador to France
nnnn an ambassador of peace
nnnn my visa was sponsored by my employer
nnnn this morning was sponsored by caffeine
caac sponsored by my favourite snack brand
caac sponsored by our friends at Brello
nnnn sponsored content is ruining this app
nnnn I hate sponsored posts
nnnn Is this sponsored?
nnnn no longer sponsored by Brello
nnnn I get paid to teach children
nnnn I was paid for my overtime
nnnn I got paid by my employer today
cccc I'm paid by Brello to say this
nnnn the European Commission on climate
nnnn a commission on my painting
nnnn as an associate professor I work late
nnnn we are an unpaid partnership of two
aaaa thank you Fennwick for sending me these
nnnn thanks for sending me this
aaaa Support the channel with these links
aaaa contenuto sponsorizzato
aaaa contenido patrocinado
aaaa en partenariat avec @fennwick
aaaa en colaboración con @fennwick
aaaa gesponserter Beitrag
nnnn die Werbung nervt
nnnn la publicité m'énerve
nnnn la publicidad engañosa
nnnn ni publicité ni partenariat
nnnn aucune publicité
nnnn geen reclame
nnnn senza pubblicità
"""


def _cases():
    lines = Path(__file__).with_name("cases.txt").read_text("utf-8").splitlines()
    for line in lines + _LOOK_ALIKES.splitlines():
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


def test_nothing_is_disclosed_by_what_models_see():
    """No term of any jurisdiction is left in the masked view, whatever was cut out beside it."""
    for case in CASES:
        masked = mask(case.values[0]).text
        assert {find_disclosures(masked, j).status for j in JURISDICTIONS} == {"none"}, masked


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
