"""Fields mean what their source means, and nothing is made up where it says nothing."""

import json

import pytest
from unpolished.data.errors import InputError
from unpolished.data.io.exports.paths import path
from unpolished.data.io.exports.recognise import shape_of
from unpolished.data.io.exports.shape import Shape
from unpolished.data.io.exports.table import shape_called, shapes
from unpolished.data.io.fields.find import Fields
from unpolished.data.posts import Post, parse_post


def _shape(**entry):
    fields = {"text": ("t",)} | entry.pop("fields", {})
    told = {"name": "x", "title": "X", "format": "json", "recognise": ("t",), "paid_means": "-"}
    return Shape(seen="here", fields=fields, **told | entry)


@pytest.mark.parametrize(
    ("written", "record", "value"),
    [
        ("a.b", {"a": {"b": 1}}, 1),
        ("a.0.b", {"a": [{"b": 1}, {"b": 2}]}, 1),
        ("a.1.b", {"a": [{"b": 1}]}, None),
        ("a.b", {"a.b": 1}, 1),
        ("a.b", {"a/b": 1}, 1),
        ("a.b", {"a": '{"b": 1}'}, 1),
        ("a.b", {"a": None}, None),
        ("a.b", {"a": "text"}, None),
        ("a.0", {"a": {"0": 1}}, 1),
    ],
)
def test_a_path_leads_into_nested_records_and_flat_ones(written, record, value):
    """JSON in a cell included."""
    assert path(written).get(record) == value
    assert path(written).exists(record) == (value is not None)


def test_a_place_with_null_is_there():
    """Scrapers write null where a post has no caption."""
    assert path("a.b").exists({"a": {"b": None}})
    assert not path("a.b").exists({"a": {}})


@pytest.mark.parametrize(
    ("record", "paid"),
    [
        ({"is": True}, True), ({"is": False}, False), ({"is": None}, None), ({}, None),
        ({"is": False, "by": [{"username": "brella"}]}, True), ({"by": []}, None),
        ({"is": False, "by": []}, False), ({"by": "Brella"}, True), ({"by": "N/A"}, None),
        ({"is": "true"}, True), ({"is": "0"}, False), ({"by": "[]"}, None),
        ({"is": "", "by": "[]"}, None),
    ],
)  # fmt: skip
def test_a_label_says_yes_no_or_nothing(record, paid):
    """An empty list of sponsors is no no, and what is missing is unknown."""
    shape = _shape(fields={"paid_partnership": ("is", "sponsors")})
    record = {"sponsors" if name == "by" else name: value for name, value in record.items()}
    found = parse_post(shape.post({"t": "late bus"} | record), Post)
    assert found.paid_partnership is paid
    assert found.passed_over == ()


def test_a_label_that_cannot_be_read_is_said():
    """And is no label."""
    shape = _shape(fields={"paid_partnership": ("is",)})
    found = parse_post(shape.post({"t": "late bus", "is": {"a": 1}}), Post)
    assert (found.paid_partnership, found.passed_over) == (None, ("paid_partnership",))


def test_words_of_a_label_that_mean_something_else_say_nothing():
    """TikTok labels promotion of one's own brand, too."""
    app = shapes()["tiktok-app"]
    for word, paid in (("Paid partnership", True), ("Promotional content", None)):
        record = {
            "aweme_id": "1",
            "desc": "late bus",
            "commerce_info": {"bc_label_test_text": word},
        }
        assert app.post(record).get("paid_partnership") is paid


@pytest.mark.parametrize("hidden", [-1, "-1"])
def test_hidden_counts_are_unknown(hidden):
    """In JSON and in CSV; a count that stands in for them is told by its flag."""
    shape = _shape(fields={"likes": ("n",), "comments": ("m",)}, hidden=(-1,), hidden_if=("off",))
    assert shape.post({"t": "late bus", "n": hidden, "m": 0}).get("likes") is None
    assert shape.post({"t": "late bus", "n": 3, "m": 3})["likes"] == 3
    off = shape.post({"t": "late bus", "n": 3, "m": 3, "off": True})
    assert ("likes" in off, off["comments"]) == (False, 3)


def test_texts_of_several_parts_are_joined_and_said():
    """One below the other; a part that stands for nothing is left out."""
    shape = _shape(fields={"text": ("title + body",)}, no_text=("[removed]",))
    both = shape.post({"title": "Late", "body": "again"})
    assert (both["text"], both.repairs) == ("Late\n\nagain", ("joined",))
    for body in ("", None, "[removed]"):
        one = shape.post({"title": "Late", "body": body})
        assert (one["text"], one.repairs) == ("Late", ())
    assert shape.post({"title": None, "body": None})["text"] is None


def test_signs_of_an_export_are_undone_and_said():
    """As LinkedIn's line breaks."""
    post = shapes()["linkedin-shares"].post({"ShareCommentary": 'late"\n"again', "Date": ""})
    assert (post["text"], post.repairs) == ("late\nagain", ("export",))


def test_a_repost_is_marked_with_its_author_and_the_whole_text():
    """The text is the original's; a post that is quoted is no part of it."""
    whole = "We match every donation to the flood fund until Sunday, and drive what is given."
    tweet = {"id": "1", "author_id": "7", "text": f"RT @ana: {whole[:40]}…",
             "public_metrics": {"retweet_count": 1},
             "referenced_tweets": [{"type": "retweeted", "id": "2"}]}  # fmt: skip
    quote = tweet | {"id": "3", "text": "look at this", "referenced_tweets": [
        {"type": "quoted", "id": "2"}]}  # fmt: skip
    page = {
        "data": [tweet, quote],
        "includes": {
            "users": [{"id": "7", "username": "bo"}, {"id": "8", "username": "ana"}],
            "tweets": [{"id": "2", "author_id": "8", "text": whole}],
        },
    }
    fields = Fields(exports=True)
    assert fields.export.known(page)
    first, second = (parse_post(fields.post(one), Post) for one in fields.export.records_in(page))
    assert (first.author, first.repost_of, first.text) == ("bo", "ana", f"RT @ana: {whole}")
    assert first.repairs == ("full_text",)
    assert (second.author, second.repost_of, second.text) == ("bo", None, "look at this")


def test_a_repost_without_a_mark_gets_one():
    """Mastodon and Bluesky put the text of the original under the name of who repeats it."""
    status = {
        "id": "1",
        "content": "",
        "spoiler_text": "",
        "reblogs_count": 0,
        "account": {"acct": "bo"},
        "reblog": {"content": "late bus", "spoiler_text": "", "account": {"acct": "ana@x"}},
    }
    post = shapes()["mastodon"].post(status)
    assert (post["text"], post["author"], post["repost_of"]) == (
        "RT @ana@x: late bus",
        "bo",
        "ana@x",
    )
    view = {"uri": "u", "author": {"handle": "ana"}, "record": {"text": "late bus"}}
    feed = shapes()["bluesky-feed"]
    own, repeated = (
        feed.post({"post": view}),
        feed.post({"post": view, "reason": {"by": {"handle": "bo"}}}),
    )
    assert (own["author"], own.get("repost_of"), own["text"]) == ("ana", None, "late bus")
    assert (repeated["author"], repeated["repost_of"]) == ("bo", "ana")


def test_what_is_only_near_to_a_shape_is_none():
    """Nor is a record of posts by their own names."""
    assert shape_of({"id": "1", "text": "late bus", "author": "ana"}, "json") is None
    assert shape_of({"shortCode": "x", "caption": "late bus"}, "json") is None


def test_a_file_that_nobody_knows_is_refused_with_what_is_near():
    """Naming the keys that are there, and what can be said."""
    record = {"shortCode": "x", "caption": "late bus", "ownerUsername": "ana", "likesCount": 1}
    error = Fields(exports=True).export.unknown(record, "json", "x.json")
    assert "found: shortCode, caption, ownerUsername, likesCount" in str(error)
    assert "apify-instagram (Apify: Instagram scraper)" in str(error)
    assert "--map text=KEY" in str(error)
    with pytest.raises(InputError, match="no export is called 'x-archiv'; there are"):
        shape_called("x-archiv")


def test_a_mapped_text_is_read_as_it_was_said():
    """What a user says of the text stands above what is recognised; other fields are added."""
    from unpolished.data.io.fields.columns import Columns

    record = {"shortCode": "x", "caption": "late bus", "ownerUsername": "ana", "likesCount": 1,
              "timestamp": None, "alt": "a bus", "label_paid": "no"}  # fmt: skip
    by_shape, by_name = Fields(exports=True), Fields(Columns({"text": "alt"}), exports=True)
    with_author = Fields(Columns({"author": "alt"}), exports=True)
    for fields in (by_shape, by_name, with_author):
        assert fields.export.known(record)
    assert by_shape.post(record)["text"] == "late bus"
    assert by_shape.post(record)["label_paid"] == "no"
    assert by_name.post(record)["text"] == "a bus"
    assert with_author.post(record) == by_shape.post(record) | {"author": "a bus"}


def test_links_that_the_platform_shortened_are_those_that_were_posted():
    """So that it can be told where they lead; and said."""
    urls = [{"url": "https://t.co/a1", "expanded_url": "https://shop.example/?ref=ana"},
            {"url": "https://t.co/b2"}, {"url": ""}, None]  # fmt: skip
    tweet = {"full_text": "so soft https://t.co/a1 https://t.co/b2", "entities": {"urls": urls}}
    post = shapes()["x-archive"].post({"tweet": tweet})
    assert post["text"] == "so soft https://shop.example/?ref=ana https://t.co/b2"
    assert post.repairs == ("export",)
    alone = shapes()["x-archive"].post({"tweet": {"full_text": "so soft https://t.co/a1"}})
    assert (alone["text"], alone.repairs) == ("so soft https://t.co/a1", ())
    cell = {"text": "so soft https://t.co/a1", "entities.urls": json.dumps(urls)}
    assert shapes()["twarc-csv"].post(cell)["text"] == "so soft https://shop.example/?ref=ana"


@pytest.mark.parametrize("sponsor", ["0", "No", "false", "", None])
def test_a_label_that_can_only_say_yes_says_nothing_else(sponsor):
    """CrowdTangle names sponsors; a post without one may be paid all the same."""
    record = {"Message": "late bus", "Sponsor Id": sponsor}
    assert shapes()["crowdtangle-facebook"].post(record).get("paid_partnership") is None
    named = record | {"Sponsor Name": "Brella"}
    assert shapes()["crowdtangle-facebook"].post(named)["paid_partnership"] is True
