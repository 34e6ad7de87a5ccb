"""The Python interface: anything that holds posts, in order, one row each."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from datasets import Dataset
from unpolished.data.posts import Post, PostError
from unpolished.models.scored_post import ScoredPost

TEXTS = [
    "ugh my bus was late again lol",
    "in love with this serum from @glow, use code MAYA10",
    "#ad in love with this serum from @glow, use code MAYA10",
    "We stand with everyone affected. #awareness",
    "I gave $50 to the food bank, donate here",
]


@pytest.mark.parametrize(
    "posts",
    [
        TEXTS,
        tuple(TEXTS),
        pd.Series(TEXTS),
        np.array(TEXTS),
        [{"text": t} for t in TEXTS],
        [Post(text=t) for t in TEXTS],
        pd.DataFrame({"text": TEXTS, "likes": [1, None, 3, 4, 5]}),
        Dataset.from_dict({"text": TEXTS}),
        pa.table({"text": TEXTS}),
        pa.array(TEXTS),
    ],
    ids=[
        "list",
        "tuple",
        "Series",
        "array",
        "dicts",
        "posts",
        "DataFrame",
        "Dataset",
        "Arrow table",
        "Arrow array",
    ],
)
def test_every_kind_of_input_gives_the_same_rows(scorer, posts):
    """In input order, with ids by position."""
    rows = scorer.score(posts)
    assert [row.id for row in rows] == [f"row-{i}" for i in range(1, 6)]
    assert rows == scorer.score(TEXTS)
    assert all(isinstance(row, ScoredPost) for row in rows)


def test_a_column_that_stands_twice_is_refused(scorer):
    """Nobody knows which was meant."""
    with pytest.raises(ValueError, match="two columns have the same name"):
        scorer.score(pd.DataFrame([TEXTS[:2]], columns=["text", "text"]))


def test_one_text_is_a_list_of_one(scorer):
    """A str is a post, not a list of letters."""
    assert len(scorer.score("ugh my bus was late again lol")) == 1


def test_nothing_gives_nothing(scorer):
    """No posts are no error, and still a frame with columns."""
    rows = scorer.score([])
    assert rows == []
    assert "p_paid" in rows.to_pandas().columns


def test_labels_mean_what_they_say(scorer):
    """On the kind of posts it was fitted on."""
    raw, paid, disclosed, low, high = scorer.score(TEXTS)
    assert raw.style == "raw"
    assert paid.paid == "likely"
    assert paid.disclosure == "none"
    assert disclosed.paid == "disclosed"
    assert disclosed.disclosure == "clear"
    assert (low.performative, low.cause) == ("likely", "low")
    assert (high.performative, high.cause) == ("unlikely", "high")
    assert raw.model.name == "tiny"


@pytest.mark.parametrize("term", ["#ad ", "Werbung | ", "(gifted) ", "not sponsored "])
@pytest.mark.parametrize("jurisdiction", ["us", "uk", "eu", "in"])
def test_disclosure_never_moves_a_probability(scorer, term, jurisdiction):
    """Whatever the term and the jurisdiction: the content speaks."""
    plain, with_term = scorer.score([TEXTS[1], term + TEXTS[1]], jurisdiction=jurisdiction)
    for name in ("p_polished", "p_paid", "p_performative", "p_committed"):
        assert getattr(plain, name) == getattr(with_term, name)


def test_the_platforms_label_counts_as_disclosed(scorer):
    """With or without words."""
    (row,) = scorer.score([{"text": TEXTS[0], "paid_partnership": True}])
    assert (row.paid, row.disclosure) == ("disclosed", "none")


def test_order_and_batch_mates_do_not_matter(scorer):
    """Each post's row is its own."""
    backwards = scorer.score(TEXTS[::-1])[::-1]
    for row, other in zip(scorer.score(TEXTS), backwards, strict=True):
        assert row.model_copy(update={"id": ""}) == other.model_copy(update={"id": ""})


def test_short_and_foreign_posts_are_unsure_but_disclosure_still_applies(scorer):
    """With the reason; a clear disclosure in another language still counts."""
    short, german = scorer.score(
        ["nope 😂", "Werbung | Heute stelle ich euch meine neue Lieblingscreme vor, sie ist toll"],
        jurisdiction="eu",
    )
    assert (short.style, short.paid, short.cause, short.reason_code) == (
        "unsure", "unsure", "unsure", "too_short",
    )  # fmt: skip
    assert (german.language, german.reason_code, german.style) == ("de", "language", "unsure")
    assert german.paid == "disclosed"


@pytest.mark.parametrize(
    ("text", "language", "reason_code"),
    [
        ("ᎣᏏᏲ ᏙᎯᏧ ᎦᏓᏅᏖᏍᎬ", "und", "language"),
        ("aaj phir bus chhoot gayi aur chai bhi thandi ho gayi yaar", "und", "language"),
        ("ты где сейчас", "ru", "language"),
        ("#love #life #blessed", "und", None),
        ("ok lol", "und", "too_short"),
    ],
)
def test_what_has_no_language_is_unsure_unless_too_little_is_left(
    scorer, text, language, reason_code
):
    """Both are undecided: one is not English, the other may be."""
    (row,) = scorer.score([text])
    assert (row.language, row.reason_code) == (language, reason_code)
    if reason_code is not None:
        assert (row.style, row.paid, row.performative, row.cause) == ("unsure",) * 4


@pytest.mark.parametrize("bad", [7, None, ["a"], "", "   ", {"text": 3}, {"caption": "x"}])
def test_a_bad_item_raises_or_is_kept(scorer, bad):
    """Named by position; its neighbours are scored as ever."""
    with pytest.raises(PostError, match="post 1: field 'text'"):
        scorer.score([TEXTS[0], bad])
    rows = scorer.score([TEXTS[0], bad, TEXTS[1]], errors="keep")
    assert rows[1].error
    assert rows[1].p_paid is None
    assert rows[0] == scorer.score([TEXTS[0]])[0]
    assert rows[2].p_paid == scorer.score([TEXTS[1]])[0].p_paid


def test_ids_are_strings_and_kept(scorer):
    """007 stays 007; a 64-bit number keeps its digits; duplicates stay."""
    rows = scorer.score([{"id": i, "text": TEXTS[0]} for i in ("007", 2**63, "007")])
    assert [row.id for row in rows] == ["007", "9223372036854775808", "007"]


def test_prevalence_moves_probabilities_not_labels(scorer):
    """Down, when paid posts are rare."""
    for before, after in zip(
        scorer.score(TEXTS), scorer.score(TEXTS, prevalence={"paid": 0.01}), strict=True
    ):
        assert after.p_paid < before.p_paid
        assert after.paid == before.paid
        assert after.p_polished == before.p_polished
    with pytest.raises(ValueError, match="axes: style, paid"):
        scorer.score(TEXTS, prevalence={"cause": 0.1})


def test_reasons_point_into_the_original(scorer):
    """For flagged axes only, strongest first."""
    text = "😀😀 in love with this serum from @glow, use code MAYA10"
    (row,) = scorer.score([text], reasons="flagged")
    assert row.reasons
    weights = [r.weight for r in row.reasons if r.flag == "paid"]
    assert weights == sorted(weights, reverse=True)
    assert len(weights) <= 5
    for reason in row.reasons:
        assert text[reason.start : reason.end] == reason.text
    flagged = {"polished": row.style == "polished", "paid": row.paid in ("likely", "disclosed"),
               "performative": row.performative == "likely"}  # fmt: skip
    assert {r.flag for r in row.reasons} == {flag for flag, is_so in flagged.items() if is_so}
    assert not all(flagged.values())
    assert scorer.score([text])[0].reasons == ()


def test_a_long_post_keeps_head_and_tail(scorer):
    """And says so."""
    (row,) = scorer.score(["so tired today " * 2000 + "#ad"])
    assert row.truncated
    assert row.disclosure == "ambiguous"


def test_to_pandas_has_float32_probabilities(scorer):
    """One line per post."""
    frame = scorer.score(TEXTS).to_pandas()
    assert len(frame) == 5
    assert frame["p_paid"].dtype == np.float32


def test_a_table_keeps_its_index(scorer):
    """Of a DataFrame and of a Series; a list has none."""
    import pandas as pd

    texts = ["ugh the bus again", "Discover our new serum!"]
    frame = pd.DataFrame({"text": texts}, index=["a", "b"])
    for posts in (frame, frame["text"]):
        assert list(scorer.score(posts).to_pandas().index) == ["a", "b"]
    assert list(scorer.score(texts).to_pandas().index) == [0, 1]


def test_columns_are_mapped_and_kept(scorer):
    """As on the command line; the text is kept as it was scored."""
    posts = [{"caption": "ugh &amp; the bus again", "n": 1}, {"caption": "Discover our serum!"}]
    rows = scorer.score(posts, map={"text": "caption"}, keep=["n", "text"])
    assert rows.kept == {"n": [1, None], "text": [*rows.kept["text"]]}
    assert rows.kept["text"][1] == "Discover our serum!"
    frame = rows.to_pandas()
    assert list(frame.columns[-2:]) == ["n", "text"]
    assert [r.style for r in rows] == [r.style for r in scorer.score([p["caption"] for p in posts])]
    kept = scorer.score([Post(text="soup", author="me")], keep=["text", "author"]).kept
    assert kept == {"text": ["soup"], "author": ["me"]}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"reasons": "some"}, "reasons 'some': choose one of none, flagged, all"),
        ({"errors": "ignore"}, "errors 'ignore': choose one of raise, keep"),
        ({"jurisdiction": "xx"}, "jurisdiction 'xx': choose one of us"),
        ({"prevalence": {"rare": 0.1}}, "prevalence of 'rare'"),
        ({"map": {"txt": "text"}}, "txt=text: write field=column"),
        ({"keep": ["style"]}, "the output has a column of that name"),
        ({"keep": ["nowhere"]}, "posts: no record has 'nowhere'"),
        ({"map": {"author": "nowhere"}}, "posts: no record has 'nowhere'"),
    ],
)
def test_arguments_that_mean_nothing_are_refused(scorer, asked, told):
    """With what there is instead."""
    with pytest.raises(ValueError, match=told):
        scorer.score(["the bus was late again"], **asked)


def test_a_kept_error_keeps_its_id(scorer):
    """Of a dict or a post, as text."""
    bad = [Post(text=" ", id="a"), {"id": 5, "text": ""}, {"id": " ", "text": ""}]
    assert [row.id for row in scorer.score(bad, errors="keep")] == ["a", "5", "row-3"]
