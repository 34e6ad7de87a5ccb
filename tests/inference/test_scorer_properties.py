"""Whatever the posts, and whatever stands beside them."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from unpolished.data.text.masking import mask
from unpolished.data.text.repair.repair import repair

SIGNS = st.sampled_from(
    ["#ad", "#аd", "@glow", "use code MAYA10", "http://x.example/y", "\u200b", "\u202e", "a\u0336d",
     "\ud83d", "😂", "late bus again", "sponsored", "thanks to @x", "\n", "\u0301", "ᴀᴅ", "Werbung",
     "donate $5 here", "not an ad", "#a #b #c #ad"]
)  # fmt: skip
POSTS = st.lists(
    SIGNS | st.text(st.characters(), min_size=1, max_size=8), min_size=1, max_size=8
).map(" ".join)
NOT_BLANK = POSTS.filter(str.strip)


@given(st.lists(NOT_BLANK, min_size=1, max_size=6), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_order_and_neighbours_never_change_a_row(scorer, texts, random):
    """Alone, together, shuffled, doubled: the same row to the last bit."""
    posts = [{"id": str(i), "text": text} for i, text in enumerate(texts)]
    together = {row.id: row for row in scorer.score(posts, reasons="all")}
    shuffled = random.sample(posts * 2, len(posts) * 2)
    for row in scorer.score(shuffled, reasons="all"):
        assert row == together[row.id]
    for post in posts:
        assert scorer.score([post], reasons="all")[0] == together[post["id"]]


@given(NOT_BLANK)
@settings(max_examples=150)
def test_places_cut_the_post(scorer, text):
    """Terms and reasons stand where they say, in the post as scored; numbers are in bounds."""
    (row,) = scorer.score([text], reasons="all")
    mended = repair(text)
    assert row.repairs == mended.repairs
    text = text if not row.repairs else mended.text
    for term in row.disclosure_terms:
        assert text[term.start : term.end] == term.term != ""
    for reason in row.reasons:
        assert text[reason.start : reason.end] == reason.text != ""
    for p in (row.p_polished, row.p_paid, row.p_performative, row.p_committed):
        assert 0 <= p <= 1
    assert row.p_performative + row.p_committed <= 1 + 1e-6


@given(NOT_BLANK, st.sampled_from(["#ad", "Sponsored by @velmora", "gifted", "Anzeige", "#collab"]))
@settings(max_examples=80)
def test_a_disclosure_moves_no_probability(scorer, text, term):
    """Added on a line of its own, it changes the flag and nothing else."""
    disclosed = f"{text}\n{term}"
    # A text may end in what takes the term's meaning away, such as "not an"; most do not.
    assume(mask(repair(text).text).text == mask(repair(disclosed).text).text)
    before, after = scorer.score([text, disclosed])
    assert (before.p_paid, before.p_polished) == (after.p_paid, after.p_polished)
