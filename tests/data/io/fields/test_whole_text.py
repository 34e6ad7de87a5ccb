"""A record that holds the whole of a cut text is read whole, whatever it came from."""

import json

import pytest
from unpolished.data.io.fields.columns import Columns
from unpolished.data.io.fields.find import Fields
from unpolished.data.io.fields.places import places_of
from unpolished.data.io.fields.whole_text import CODE, PLACES, with_whole_text
from unpolished.data.io.read import checked
from unpolished.data.posts import LabelledPost, Post

WHOLE = "my week of dinners came out of one box, here is what I made with Fennwick #ad"
CUT = "my week of dinners came out of one box, here is what I… https://t.co/AbCdEfGhIj"
REPOST = "RT @ana: my week of dinners came out of one box, here is wh…"
RECORDS = [
    {"text": CUT, "truncated": True, "extended_tweet": {"full_text": WHOLE}},
    {"text": CUT, "full_text": WHOLE},
    {"text": CUT, "fullText": WHOLE},
    {"text": CUT, "legacy": {"full_text": WHOLE}},
    {"text": WHOLE[:40], "note_tweet": {"text": WHOLE}},
    {"text": CUT, "note_tweet": {"note_tweet_results": {"result": {"text": WHOLE}}}},
    {"text": CUT, "note_tweet": {"text": CUT}, "full_text": WHOLE},
    {"text": CUT, "extended_tweet": json.dumps({"full_text": WHOLE})},
    {"text": CUT, "extended_tweet": str({"full_text": WHOLE})},
    {"text": CUT, "extended_tweet.full_text": WHOLE},
    {"text": CUT, "note_tweet/note_tweet_results/result/text": WHOLE},
    {"text": CUT, "extended_tweet_full_text": WHOLE},
    {"text": CUT.replace(",", " &amp;"), "full_text": WHOLE.replace(",", " &")},
]
REPOSTS = [
    {"text": REPOST, "retweeted_status": {"full_text": WHOLE}},
    {"text": REPOST, "retweeted_status": {"text": WHOLE}},
    {"text": REPOST, "retweeted_status": {"text": CUT, "extended_tweet": {"full_text": WHOLE}}},
    {"text": REPOST, "retweeted_status_result": {"result": {"legacy": {"full_text": WHOLE}}}},
    {"text": REPOST, "retweetedTweet": {"text": WHOLE}},
    {"text": REPOST, "retweeted_status.full_text": WHOLE},
]


def _post(record, kind=Post, renamed=None):
    """The post in a record, as it is read from any input."""
    return checked(record, kind, Fields(Columns(renamed or {})), 1, 1)


@pytest.mark.parametrize("record", RECORDS)
def test_the_whole_text_takes_the_place_of_the_cut_one(record):
    """It is no longer cut, and a code says where it is from."""
    post = _post(record)
    assert post.text.replace(" &", ",") == WHOLE
    assert (post.repairs, post.truncated) == ((CODE,), None)


@pytest.mark.parametrize("record", REPOSTS)
def test_a_repost_is_read_whole(record):
    """From the post that it repeats, with its own beginning."""
    post = _post(record, LabelledPost)
    assert (post.text, post.repairs) == (f"RT @ana: {WHOLE}", (CODE,))


@pytest.mark.parametrize(
    "record",
    [
        {"text": WHOLE, "full_text": WHOLE},
        {"text": WHOLE, "full_text": CUT},
        {"text": CUT, "full_text": "another text, which does not go on from the first one at all"},
        {"text": CUT, "quoted_status": {"full_text": WHOLE}},
        {"text": "my week", "retweeted_status": {"full_text": WHOLE}},
        {"text": CUT, "full_text": None, "extended_tweet": [], "note_tweet": 5, "legacy": "{"},
        {"text": CUT, "full_text": " "},
    ],
)
def test_another_text_is_no_continuation(record):
    """Not the quoted post, and not the reposted one of a text that is no repost."""
    post = _post({**record, "truncated": True})
    assert (post.text, post.repairs, post.truncated) == (record["text"], (), True)


def test_a_text_that_was_mapped_is_left_alone():
    """Whoever names the column has the last word; another mapping changes nothing."""
    record = {"short": CUT, "text": CUT, "full_text": WHOLE, "who": "ana"}
    named = _post(record, renamed={"text": "short"})
    assert (named.text, named.repairs) == (CUT, ())
    other = _post(record, renamed={"author": "who"})
    assert (other.text, other.author, other.repairs) == (WHOLE, "ana", (CODE,))


def test_columns_that_may_hold_it_are_read():
    """From files that are read by column, unless the text was mapped."""
    names = ["text", "caption", *PLACES]
    assert set(PLACES) <= set(places_of(names, Columns()).columns)
    assert not set(PLACES) & set(places_of(names, Columns({"text": "caption"})).columns)


def test_a_record_without_such_a_field_is_the_same_object():
    """Nothing is copied for nothing."""
    record = {"text": CUT, "likes": 3}
    assert with_whole_text(record, record) is record
