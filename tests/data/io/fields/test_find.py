"""Columns are found under names as people write them, never under a name that may mean another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.errors import InputError, Reject, UnusableError
from unpolished.data.io.fields.columns import FIELDS, Columns
from unpolished.data.io.fields.find import Fields
from unpolished.data.io.fields.names import looks_like, sponsors
from unpolished.data.io.fields.places import places_of
from unpolished.data.io.read import checked
from unpolished.data.posts import Post, PostError

TEXT = "late bus again so tired of this"
AROUND = ["{}", " {}", "{} ", "\u00a0{}", "\ufeff{}", "\u200b{}\u200b", '"{}"', "'{}'",
          "\u201c{}\u201d", "{}*", "{}:", "`{}`", "\t{}", "*{}"]  # fmt: skip
CASES = [str, str.upper, str.title, str.capitalize]
BETWEEN = ["_", " ", "-", "", "\u00a0", "\u200b_"]


@given(
    st.sampled_from(FIELDS),
    st.sampled_from(AROUND),
    st.sampled_from(CASES),
    st.sampled_from(BETWEEN),
)
def test_marks_capitals_and_spaces_are_no_part_of_a_name(field, around, case, between):
    """Each field is found under each of them, if nothing else could be it."""
    name = around.format(case(field).replace("_", between))
    names = [name] if field == "text" else ["text", name]
    assert places_of(names, Columns()).fields[field] == name


@pytest.mark.parametrize(
    "name", ["is_paid_partnership", "isPaidPartnership", "Is Paid Partnership"]
)
def test_the_name_that_platforms_give_the_label(name):
    """It is an alias; the field's own name goes before it."""
    assert places_of([name], Columns()).fields == {"paid_partnership": name}
    both = places_of([name, "paidPartnership"], Columns())
    assert both.fields == {"paid_partnership": "paidPartnership"}


@pytest.mark.parametrize(
    "name",
    ["texts", "text.1", "id2", "user_id", "likes_count", "ids", "unpaid_partnership", "te xt1"],
)
def test_other_names_are_no_fields(name):
    """One letter more is another name."""
    assert places_of([name], Columns()).fields == {}


def test_the_exact_name_wins():
    """Whatever stands beside it."""
    places = places_of(["ID", "text", "id", " id"], Columns())
    assert (places.fields["id"], places.unclear) == ("id", {})


def test_two_names_that_could_be_the_same_field():
    """A header with them is refused; a record loses the field, or is rejected for its text."""
    with pytest.raises(InputError, match=r"'ID' and ' id' could both be the field 'id'.*--map id="):
        Fields().header(["text", "ID", " id"], "posts.csv, line 1")
    post = checked({"text": TEXT, "Likes": 1, "LIKES": 2}, Post, Fields(), 1, 1)
    assert (post.likes, post.passed_over) == (None, ("likes",))
    reject = checked({"Text": TEXT, "TEXT": TEXT}, Post, Fields(), 1, 1)
    assert isinstance(reject, Reject)
    assert (reject.code, reject.field) == ("columns", "text")
    with pytest.raises(PostError, match="'Text' and 'TEXT'"):
        Fields().post({"Text": TEXT, "TEXT": TEXT})


def test_names_asked_for_may_differ_in_what_is_not_seen():
    """Not in their words: who maps to another name is told of the one that is like it."""
    columns = Columns({"text": "Caption", "paid_partnership": "isPaid"}, ("Likes",))
    places = places_of(["\ufeffcaption ", " isPaid", "likes"], columns)
    assert places.fields == {
        "text": "\ufeffcaption ", "paid_partnership": " isPaid", "likes": "likes",
    }  # fmt: skip
    assert places.kept == ("likes",)
    with pytest.raises(InputError, match=r"no column 'isPaid' \(is it 'is_paid'\?\); check --map"):
        Fields(columns).header(["caption", "is_paid", "likes"], "posts.csv")


def test_a_column_that_is_mapped_is_no_other_field():
    """Nor is the namesake of a mapped field read."""
    columns = Columns({"text": "Id"})
    assert places_of(["Id", "text"], columns).fields == {"text": "Id"}


def test_a_column_that_stands_twice_counts_only_if_it_is_read():
    """Empty names and namesakes that nobody asked for are passed over."""
    places = Fields().header(["id", "text", "", "", "url", "url"], "posts.csv")
    assert places.columns == ("text", "id")
    for kept in ("url",):
        with pytest.raises(InputError, match="'url' appears twice"):
            Fields(Columns({}, (kept,))).header(["text", "url", "url"], "posts.csv")


def test_what_no_record_had_is_asked_for_in_vain():
    """Decided over all records of all files; what one file of many lacks is told."""
    fields = Fields(Columns({"author": "user"}, ("at",)))
    fields.post({"text": TEXT, "user": "ana"})
    assert fields.end_file() == {"at"}
    fields.post({"text": TEXT})
    fields.post({"text": TEXT, "at": None})
    assert fields.end_file() == {"user"}
    fields.check("posts")
    only = Fields(Columns({"paid_partnership": "isPaidPartnership"}, ("athor",)))
    only.post({"text": TEXT, "is_paid_partnership": True, "author": "ana"})
    only.end_file()
    with pytest.raises(UnusableError, match=r"'athor' \(is it 'author'\?\), 'isPaidPartnership'"):
        only.check("posts.jsonl")


def test_nothing_read_is_no_lack():
    """An empty input has no columns."""
    fields = Fields(Columns({"author": "user"}))
    assert fields.end_file() == frozenset()
    fields.check("posts")


def test_columns_that_are_not_read_are_named_once():
    """Those like a field that is not there first; no sentence; their number is bounded."""
    fields = Fields()
    for i in range(5_000):
        fields.post({"text": TEXT, "place": "x", "isSponsored": True, "tweet_id": 1, f"k{i}": 1,
                     "Dear diary, today was a day like all others before": 1})  # fmt: skip
    left = fields.not_read()
    assert left.like == {"isSponsored": "paid_partnership", "tweet_id": "id"}
    assert left.names[:4] == ("isSponsored", "tweet_id", "place", "k0")
    assert left.count == 1_000
    assert str(left).startswith("isSponsored (paid_partnership?), tweet_id (id?), place, k0")
    assert "diary" not in str(left)
    assert len(fields._known) <= 1_000
    known = Fields()
    known.post({"text": TEXT, "id": "1", "paid_partnership": 0, "isSponsored": 1, "tweet_id": 2})
    assert known.not_read().like == {}


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("isSponsored", "paid_partnership"), ("sponsor_tags", "paid_partnership"),
        ("is_ad", "paid_partnership"), ("caption", "text"), ("user_name", "author"),
        ("post_id", "id"), ("adverb", None), ("created_at", None), ("conversation_id", None),
    ],
)  # fmt: skip
def test_names_that_look_like_a_field(name, field):
    """By their words."""
    assert looks_like(name) == field


@pytest.mark.parametrize(
    "name", ["Sponsor Name", "sponsors_raw", "brand", "Sponsored By", "SponsorId"]
)
def test_columns_that_hold_who_paid(name):
    """A name in them says that the post is paid for; a word in a column of yes and no does not."""
    fields = Fields(Columns({"paid_partnership": name}))
    paid = [
        checked({"text": TEXT, name: value}, Post, fields, 1, 1).paid_partnership
        for value in ("Brello", 12345, "12345", "", "N/A", None, "no", "[]", 0)
    ]
    assert paid == [True, True, True, None, None, None, False, False, False]
    assert not any(
        map(sponsors, ("is_sponsored", "paid", "isPaidPartnership", "sponsored", "label"))
    )
    flag = Fields(Columns({"paid_partnership": "label"}))
    post = checked({"text": TEXT, "label": "Brello"}, Post, flag, 1, 1)
    assert (post.paid_partnership, post.passed_over) == (None, ("paid_partnership",))
