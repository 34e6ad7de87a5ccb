"""What models see, and what they never see."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.text.disclosure.matches import disclosure_spans
from unpolished.data.text.masking import HEAD_CHARS, TAIL_CHARS, mask

ANY_TEXT = st.text(st.characters(), max_size=80)
POSTISH = st.lists(
    st.sampled_from(
        ["#ad", "ad", "not", "sponsored", "paid", "partnership", "@glow", "@Glow.co", "love", ":",
         "(", ")", "\n", "  ", "http://a.co/x", "a@b.org", "code", "SAVE20", "20%", "off", "|", "-",
         "+1 555 010 9999", "😀", "gifted", "thanks to", "by", "#love", ".", "<url>", "@user3"]
    ),
    max_size=14,
).map(" ".join)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("see https://example.com/a?b=1. ok", "see <url>. ok"),
        ("www.example.org and shop.example.co.uk/x now", "<url> and <url> now"),
        ("mail me: jo.doe+x@example.org!", "mail me: <contact>!"),
        ("call (555) 010-9999 or +44 20 7946 0958", "call <contact> or <contact>"),
        ("born 12.05.1990, won 10 000 000, since 2001-2019", None),
        ("hi @Jo and @ann, @jo again", "hi @user1 and @user2, @user1 again"),
        ("use code MARIA20 for 20% off", "use code <code> for 20% off"),
        ("my code: maria20, save now", "my code: <code>, save now"),
        ("get 15% off with JULIA15", "get 15% off with <code>"),
        ("the dress code was RED", None),
        ("I love coding all night", None),
        ("so   happy\n\n\ntoday \t ok ", "so happy\ntoday ok"),
        ("#ad love it", "love it"),
        ("love it (ad)", "love it"),
        ("AD: love it", "love it"),
        ("paid #ad partnership with love", "with love"),
        ("love it #gifted #ad #love", "love it #love"),
        ("this is not sponsored, ok", "this is ok"),
        ("ad hoc meeting", None),
    ],
)
def test_masked_views(text, masked):
    """By example; None: nothing changes."""
    assert mask(text).text == (text if masked is None else masked)


@pytest.mark.parametrize("term", ["#ad", "#sponsored", "#gifted", "Werbung", "paid partnership",
                                  "#notsponsored", "#аd", "# a d", "affiliate link"])  # fmt: skip
@pytest.mark.parametrize(
    "frame",
    ["{} I wore this serum all week", "I wore this serum {} all week",
     "I wore this serum all week {}",
     "I wore this serum all week ({})", "{}\nI wore this serum all week",
     "I wore this serum all week\n\n{}", "I wore this {} serum all {} week"],
)  # fmt: skip
def test_a_term_leaves_no_trace(term, frame):
    """Anywhere, also twice: the view is that of the post without it."""
    masked = mask(frame.format(*[term] * 2)).text
    assert masked.replace("\n", " ") == "I wore this serum all week"


@pytest.mark.parametrize(
    "label", ["Ad: ", "AD | ", "Advertisement - ", "[ad] ", "(gifted) ", "#ad, "]
)
def test_a_label_leaves_no_trace(label):
    """Its punctuation goes too."""
    assert mask(label + "I wore this serum all week").text == "I wore this serum all week"


@given(st.one_of(ANY_TEXT, POSTISH))
def test_masking_twice_changes_nothing_more(text):
    """Any Unicode, and the signs that matter in any order."""
    once = mask(text).text
    assert mask(once).text == once


@given(POSTISH)
def test_no_handle_address_or_link_survives(text):
    """In any combination."""
    masked = mask(text).text
    assert not re.search(r"glow|555|example|a@b|http", masked, re.IGNORECASE)


@given(st.one_of(ANY_TEXT, POSTISH))
def test_spans_lead_back_into_the_post(text):
    """Every word of the view has its place in the original."""
    masked = mask(text)
    for word in re.finditer(r"\S+", masked.text):
        start, end = masked.span(*word.span())
        assert 0 <= start < end <= len(text)
        if word.group().isascii() and word.group().isalpha() and text.isascii():
            assert text[start:end] == word.group()


def test_long_posts_keep_head_and_tail():
    """The middle goes, places in the tail still hold."""
    text = "start " + "x" * 10_000 + " finish"
    masked = mask(text)
    assert masked.truncated
    assert len(masked.text) <= HEAD_CHARS + TAIL_CHARS
    at = masked.text.index("finish")
    assert text[slice(*masked.span(at, at + 6))] == "finish"
    assert not mask("x" * (HEAD_CHARS + TAIL_CHARS)).truncated


def test_words_are_counted_without_placeholders():
    """Handles, links and codes are no words."""
    assert mask("@a https://x.co #ad 😀").n_words == 0
    assert mask("love it, @a").n_words == 2


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("Three dreamy days thanks to @{}, every sunset better", "thanks"),
        ("new boots day, @{} gave me these to try", "gave me"),
        ("warm feet at last, @{} sent me three pairs", "sent me"),
        ("trail day, gifted by @{} and muddy already", "gifted by"),
        ("in a paid partnership with @{} all week", "partnership"),
        ("So happy, thank you @{} and @{} for having us", "thank you"),
    ],
)
def test_terms_around_a_name_are_hidden_whatever_it_is(text, term):
    """Also where it becomes the name of a trade, as it does before terms are looked for."""
    assert term in text
    plain = mask(text.replace("{}", "anaruiz")).text
    assert term not in plain
    for name in ("larkhousehotel", "glow.skin", "mossshop"):
        marked = mask(text.replace("{}", name))
        assert marked.text.replace("<trade>", "") == plain
        assert marked.text.count("<trade>") == marked.text.count("@user1")
        assert mask(marked.text).text == marked.text


@pytest.mark.parametrize(
    "text",
    ["Invité par @{}, la vue", "obsequiado por @{}", "Einladung von @{}.", "yhteistyössä @{}",
     "gave fra @{}!", "inbjuden av @{} i dag", "trabalho na @{} hoje", "prezent od @{} dla mnie"],
)  # fmt: skip
def test_a_term_before_a_name_takes_nothing_of_it(text):
    """Patterns look at how a handle begins; what is left of it is a whole one."""
    start, end = disclosure_spans(text.replace("{}", "mi.casa_2"))[0]
    assert start == 0
    assert end < text.index("@")
    assert mask(text.replace("{}", "mi.casa_2")).text == "@user1" + text.partition("{}")[2]
    assert disclosure_spans(f"sou afiliada da Natura, {text}")[0] == (0, len("sou afiliada da"))


@pytest.mark.parametrize("before", ["call ", "é call "])
def test_a_number_of_nine_digits_is_a_contact_and_one_of_eight_is_not(before):
    """The fewest that a number to call has, in ASCII and beyond."""
    assert mask(f"{before}030123456").text == f"{before}<contact>"
    assert mask(f"{before}03012345").text == f"{before}03012345"


@pytest.mark.parametrize(
    "text",
    ["", "a", "@a @b @c", "<url> #user1 @user2 so", "one two_three 4 +", "x " * 60, "w" * 90,
     "a b" + " " * 46 + "cd", "@ana.k loves https://x.co/a and #ana", "no words but @a, #a " * 5],
)  # fmt: skip
def test_a_few_words_are_told_without_counting_all(text):
    """As many as are counted, placeholders being none."""
    masked = mask(text)
    for n in range(8):
        assert masked.has_words(n) == (masked.n_words >= n)
