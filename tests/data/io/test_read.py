"""Records in, posts or rejects out, and nothing shifted without a word."""

import gzip
import io
import json
import os
from itertools import count

import pyarrow as pa
import pytest
from pyarrow import parquet
from unpolished.data.errors import InputError, Reject
from unpolished.data.io.fields.columns import Columns
from unpolished.data.io.fields.find import Fields
from unpolished.data.io.read import read_items, read_posts
from unpolished.data.posts import LabelledPost, Post


def _read(tmp_path, content, name="posts.jsonl", kind=Post):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_posts(path, kind))


def _codes(items):
    return [i.code if isinstance(i, Reject) else i[1].text for i in items]


def test_jsonl_lines(tmp_path):
    """Good lines between bad ones, blank lines skipped, lines counted as people do."""
    items = _read(
        tmp_path,
        b'\xef\xbb\xbf{"text": "one"}\n\n[1]\n{"text": "\xff"}\n{"text": "two", "id": "007"}\n'
        b'{"id": 3}\n{"text": 3, "id": "x"}\n{"text": "t", "likes": -1}\n{"text": "last"}',
    )
    assert _codes(items) == ["one", "json", "encoding", "two", "missing", "type", "t", "last"]
    assert [i.line if isinstance(i, Reject) else i[0] for i in items] == [1, 3, 4, 5, 6, 7, 8, 9]
    assert items[3][1].id == "007"
    assert (items[5].id, items[5].field) == ("x", "text")
    assert (items[6][1].likes, items[6][1].passed_over) == (None, ("likes",))


def test_csv_by_name_not_by_place(tmp_path):
    """Reordered and further columns; texts that pandas would turn into something else."""
    items = _read(
        tmp_path,
        "\ufefflikes,extra,text,id\r\n3,x,NA,007\r\n,x,null,12345678901234567890\r\n"
        '1,x,"two\nlines, quoted",c\r\n,x,true,\r\n',
        "posts.csv",
    )
    assert _codes(items) == ["NA", "null", "two\nlines, quoted", "true"]
    assert [post.id for _, post in items] == ["007", "12345678901234567890", "c", None]
    assert [post.likes for _, post in items] == [3, None, 1, None]
    assert [line for line, _ in items] == [2, 3, 4, 6]


def test_a_csv_row_of_another_width_is_rejected_alone(tmp_path):
    """The first data row too: nothing shifts."""
    items = _read(tmp_path, "id,text\n1,a b,c\n2,fine\n3\n", "posts.csv")
    assert _codes(items) == ["columns", "fine", "columns"]


def test_csv_bad_bytes_reject_their_row(tmp_path):
    """Latin-1 in one row."""
    assert _codes(_read(tmp_path, b"text\nfine\ncaf\xe9\nalso\n", "p.csv")) == [
        "fine", "encoding", "also",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "found: nothing"),
        ("id,caption\n1,x\n", r"line 1: no column 'text' in the header \(found: id, caption\)"),
        ("text,id,text\na,1,b\n", "appears twice"),
        ('text\nok\n"open\n', "line 3: a quote is opened"),
    ],
)
def test_a_csv_that_cannot_be_read_says_why(tmp_path, content, message):
    """With the file, the line, and what to do."""
    with pytest.raises(InputError, match=message) as error:
        _read(tmp_path, content, "posts.csv")
    assert "posts.csv" in str(error.value)


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())]
)
def test_parquet_text_columns(tmp_path, kind):
    """Whatever kind of string; null text is a reject, null ids are missing."""
    path = tmp_path / "posts.parquet"
    table = pa.table(
        {"id": pa.array([2**62, None, 7]), "text": pa.array(["a", None, "c"]).cast(kind)}
    )
    parquet.write_table(table, path)
    items = list(read_posts(path, Post))
    assert _codes(items) == ["a", "missing", "c"]
    assert items[0][1].id == str(2**62)


def test_parquet_with_numbers_for_text(tmp_path):
    """The column is at fault, not each of its rows."""
    path = tmp_path / "posts.parquet"
    parquet.write_table(pa.table({"text": [1, 2]}), path)
    with pytest.raises(InputError, match="column 'text' holds int64, not text"):
        list(read_posts(path, Post))


def test_unusable_files(tmp_path):
    """Not there, a folder, an unknown extension, no Parquet or spreadsheet inside."""
    (tmp_path / "x.parquet").write_bytes(b"no")
    (tmp_path / "d.csv").mkdir()
    (tmp_path / "x.xlsx").write_bytes(b"no")
    (tmp_path / "x.docx").write_bytes(b"no")
    for name, message in (
        ("none.csv", "No such file"), ("d.csv", "directory"),
        ("x.docx", "unknown extension"), ("x.xlsx", r"no \.xlsx file"),
        ("x.parquet", "not a readable Parquet"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=message):
            list(read_posts(tmp_path / name, Post))


def test_empty_texts_are_rejected(tmp_path):
    """Whitespace is no post."""
    lines = "".join(json.dumps({"text": t}) + "\n" for t in ("", " \n\t", "\u3000"))
    assert _codes(_read(tmp_path, lines)) == ["empty"] * 3


@pytest.mark.parametrize("packed", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b'{"text": "a"}\n', ["a"]),
        (b'\n  {"text": "a"}\n', ["a"]),
        (b'\xef\xbb\xbf{"text": "a"}\n', ["a"]),
        (b'[{"text": "a"}, {"text": "b"}]', ["a", "b"]),
        (b"text\na\n", ["a"]),
        (b"\xef\xbb\xbf\ntext,n\na,1\n", ["a"]),
        (b"", []),
    ],
)
def test_a_stream_is_what_it_begins_as(content, codes, packed):
    """Standard input has no extension; JSON begins with a bracket."""
    assert _codes(read_posts(io.BytesIO(packed(content)), Post)) == codes


def test_a_stream_is_what_it_is_told_to_be():
    """Whatever it begins as."""
    assert _codes(read_posts(io.BytesIO(b"text\na\n"), Post, "csv")) == ["a"]
    assert _codes(read_posts(io.BytesIO(b"text\na\n"), Post, "jsonl")) == ["json", "json"]


def test_own_labels_are_checked(tmp_path):
    """An empty label is missing, a strange one is named."""
    items = _read(
        tmp_path,
        "text,label_style,label_paid\na,raw,\nb,nice,no\n",
        "mine.csv",
        LabelledPost,
    )
    assert items[0][1].label_paid is None
    assert (items[1].field, items[1].line) == ("label_style", 3)


def test_parquet_rows_that_are_no_utf8_are_rejected_alone(tmp_path):
    """Parquet says string and does not check."""
    raw = pa.array([b"fine", b"caf\xe9", b"also"], pa.binary())
    text = pa.Array.from_buffers(pa.string(), 3, raw.buffers())
    parquet.write_table(pa.table({"text": text}), tmp_path / "posts.parquet")
    items = list(read_posts(tmp_path / "posts.parquet", Post))
    assert _codes(items) == ["fine", "encoding", "also"]
    assert items[1].line == 2


def test_parquet_from_a_pipe():
    """Its index stands at the end, and a pipe cannot be rewound."""
    content = io.BytesIO()
    parquet.write_table(pa.table({"text": ["a", "b"]}), content)
    reading, writing = os.pipe()
    with open(writing, "wb") as into:  # noqa: PTH123  (a descriptor, no path)
        into.write(content.getvalue())
    with open(reading, "rb") as pipe:  # noqa: PTH123
        assert _codes(read_posts(pipe, Post, "parquet")) == ["a", "b"]


def test_a_file_one_may_not_read(tmp_path, monkeypatch):
    """Tests often run as root, who may read all; so the refusal is played."""

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "posts.jsonl").write_text('{"text": "a"}\n')
    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(InputError, match=r"posts\.jsonl: Permission denied"):
        list(read_posts(tmp_path / "posts.jsonl", Post))


def test_a_post_is_called_by_its_id_or_its_number(tmp_path):
    """Rejects count, also those that are no record at all, and know their number; no id is made."""
    path = tmp_path / "posts.jsonl"
    path.write_text('{"text": "a"}\n\n{\n{"id": "x", "text": "b"}\n{"text": ""}\n{"text": "c"}\n')
    items = list(read_items(path, Post, None, Fields(), count(5), "named"))
    assert [item.found.row_id for item in items] == ["row-5", "row-6", "x", "row-8", "row-9"]
    assert [item.found.id for item in items] == [None, None, "x", None, None]
    assert [(item.file, item.line) for item in items] == [("named", n) for n in (1, 3, 4, 5, 6)]


def test_kept_columns_go_along(tmp_path):
    """As JSON types; a value that cannot go along makes a reject of its post, which is counted."""
    path, deep = tmp_path / "posts.jsonl", "[" * 150 + "]" * 150
    path.write_text(
        f'{{"text": "a", "n": 1.5}}\n{{"id": "d", "text": "b", "n": {deep}}}\n{{"text": "c"}}\n'
    )
    one, bad, two = read_items(path, Post, None, Fields(Columns(kept=("n",))), count(1))
    assert (one.kept, two.kept, bad.kept) == ((1.5,), (None,), ())
    assert (bad.found.code, bad.found.id, bad.line) == ("value", "d", 2)
    assert two.found.row_id == "row-3"


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    "around",
    [
        lambda posts: {"data": posts},
        lambda posts: {"data": {"items": posts}},
        lambda posts: {"count": 3, "posts": posts, "next": None},
        lambda posts: {"data": posts, "errors": [{"code": 7}], "meta": {"lists": [{"a": 1}]}},
    ],
)
def test_posts_in_a_list_inside_of_an_object_are_read(around, indent):
    """As answers of interfaces are; what is beside the list is none of them."""
    posts = [{"id": f"{n}", "text": f"late bus {n}"} for n in range(3)]
    content = json.dumps(around(posts), indent=indent)
    read = [post for _, post in read_posts(io.BytesIO(content.encode()), Post)]
    assert [(post.id, post.text) for post in read] == [(p["id"], p["text"]) for p in posts]
    # One that has a text is a post itself; and pages may follow each other.
    alone = json.dumps(around(posts) | {"text": "late bus"}, indent=indent)
    assert len(list(read_posts(io.BytesIO(alone.encode()), Post))) == 1
    pages = f"{json.dumps(around(posts))}\n{json.dumps(around(posts))}\n"
    assert len(list(read_posts(io.BytesIO(pages.encode()), Post))) == 6


def test_what_is_no_object_in_such_a_list_is_a_reject():
    """Nothing is lost."""
    content = json.dumps({"data": [{"text": "late bus"}, 7, None]}).encode()
    assert [
        item.code if isinstance(item, Reject) else item[1].text
        for item in read_posts(io.BytesIO(content), Post)
    ] == ["late bus", "json", "json"]


def test_an_object_of_any_size_around_posts_is_streamed(monkeypatch):
    """By the list that posts are in, of which no more than one is held."""
    monkeypatch.setattr("unpolished.data.io.formats.jsonl.MAX_LINE_BYTES", 1 << 17)
    posts = [{"id": f"{n}", "text": f"late bus {n} " + "x" * 300} for n in range(2_000)]
    content = json.dumps({"about": [{"a": [1]}], "posts": {"list": posts}}, indent=1).encode()
    read = [post for _, post in read_posts(io.BytesIO(content), Post)]
    assert [post.text for post in read] == [post["text"] for post in posts]
    with pytest.raises(InputError, match=r"not valid JSON behind record 1,9\d\d"):
        list(read_posts(io.BytesIO(content[:-5_000]), Post))
    unknown = json.dumps({"list": [{"a": 1, "b": "x" * 300}] * 2_000}).encode()
    with pytest.raises(InputError, match=r"found: list.*--map text"):
        list(read_posts(io.BytesIO(unknown), Post))
    # Pages of that size one after the other, keys that begin with "item", bytes that are no UTF-8.
    pages = b"\n".join(
        json.dumps({"data": {"items": part}}).encode() for part in (posts[:1_000], posts[1_000:])
    )
    damaged = pages.replace(b"late bus 7 ", b"late b\xff 7 ", 1)
    texts = [post.text for _, post in read_posts(io.BytesIO(damaged), Post)]
    assert len(texts) == 2_000
    assert texts[7].startswith("late b\ufffd 7")
    # Several lists of one kind, and a post that is long by itself.
    two = json.dumps({"Post": {"Posts": {"VideoList": _videos(0)}},
                      "Video": {"Videos": {"VideoList": _videos(1)}}}).encode()  # fmt: skip
    assert len(list(read_posts(io.BytesIO(two), Post))) == 1_000
    long = {"text": "late", "comments": [{"text": "no"}], "more": "x" * (1 << 18)}
    content = (json.dumps(long) + '\n{"text": "bus"}\n').encode()
    first, second = read_posts(io.BytesIO(content), Post)
    assert (first[1].text, second[1].text) == ("late", "bus")


def _videos(n):
    return [
        {"Date": "2024-03-02 07:15:00", "Link": f"https://t.example/{n}/{i}", "Likes": "3",
         "WhoCanView": "Public", "Title": f"late bus {i} " + "x" * 200}
        for i in range(500)
    ]  # fmt: skip


def _texts(content, **asked):
    content = content if isinstance(content, str) else json.dumps(content)
    return [
        item.code if isinstance(item, Reject) else item[1].text
        for item in read_posts(io.BytesIO(content.encode()), Post, **asked)
    ]


TWEET = {"id": "1", "text": "late bus", "author_id": "7", "public_metrics": {"retweet_count": 1}}


def test_of_several_lists_the_one_that_an_export_names_is_read():
    """Wherever it stands; of others all of one kind, and none where nobody can tell."""
    page = {"includes": {"users": [{"id": "7", "username": "bo"}], "tweets": [TWEET | {"id": "9"}]},
            "data": [TWEET, TWEET | {"id": "2"}]}  # fmt: skip
    read = [post for _, post in read_posts(io.BytesIO(json.dumps(page).encode()), Post)]
    assert [(post.id, post.author) for post in read] == [("1", "bo"), ("2", "bo")]
    archive = {"Comment": {"List": [{"text": "no"}]}, "Post": {"Posts": {"VideoList": _videos(0)}},
               "Video": {"Videos": {"VideoList": _videos(1)}}}  # fmt: skip
    assert len(_texts(archive)) == 1_000
    with pytest.raises(InputError, match=r"several lists could be the posts: terms, posts"):
        _texts({"terms": [{"text": "c"}], "posts": [{"text": "a"}]})
    assert _texts({"comments": [{"text": "c"}], "posts": [{"text": "a"}]}) == ["a"]
    media = [{"media": [{"uri": "a", "creation_timestamp": 1, "title": "late bus"}]}]
    assert _texts({"ig_reels_media": media, "other": media}) == ["late bus"]


def test_a_list_is_known_by_any_of_its_first_items():
    """Which may be a post without a text, an error or nothing."""
    posts = [{"id": "1", "created_time": "2024"},
             {"id": "2", "created_time": "2024", "message": "late bus"}]  # fmt: skip
    assert _texts({"data": posts}) == ["missing", "late bus"]
    assert _texts({"data": [None, {"error": 1}, {"text": "late bus"}]}) == [
        "json", "missing", "late bus",
    ]  # fmt: skip
    assert _texts({"pages": {"2024": [{"text": "late"}, {"text": "bus"}]}}) == ["late", "bus"]


@pytest.mark.parametrize("records", [1, 3])
def test_an_object_that_is_opened_on_one_line_and_goes_on_with_a_list(records):
    """One record to a line, as many interfaces write it; it is not torn."""
    inside = ",\n".join(json.dumps({"id": f"{i}", "text": f"late {i}"}) for i in range(records))
    content = '{"results": [\n' + inside + '\n], "next": null}\n'
    assert _texts(content) == [f"late {i}" for i in range(records)]


SCRAPED = {
    "id": "1", "text": "late bus", "authorMeta": {"name": "ana", "fans": 9}, "diggCount": 3,
    "webVideoUrl": "u", "createTimeISO": "2024-03-02T07:15:00Z", "isSponsored": True,
}  # fmt: skip


def test_records_of_an_export_and_others_in_one_file():
    """Each is read as what it is; one that lacks a key is read as the others are."""
    plain = {"text": "mine", "author": "me", "paid_partnership": True}
    lacking = {name: value for name, value in SCRAPED.items() if name != "createTimeISO"}
    for given in ([plain, SCRAPED, lacking], [lacking, SCRAPED, SCRAPED, plain]):
        lines = "".join(json.dumps(record) + "\n" for record in given)
        read = [post for _, post in read_posts(io.BytesIO(lines.encode()), Post)]
        told = {(post.text, post.author, post.paid_partnership) for post in read}
        assert told == {("mine", "me", True), ("late bus", "ana", True)}


def test_a_post_by_its_own_names_is_no_export():
    """Whatever else it has in common with one."""
    for record in (
        {"timestamp": "2024-01-01", "data": {"x": 1}},
        {"timestamp": "2024-01-01", "data": [{"post": "no"}]},
        {"created_time": "2024", "message": "no"},
        {"media": [{"uri": "a.jpg", "creation_timestamp": 1, "title": "no"}]},
    ):
        assert _texts([{"text": "late bus", "id": "1"} | record]) == ["late bus"]
    page = {"status": "ok", "timestamp": 1700000000, "data": [{"text": "late"}, {"text": "bus"}]}
    assert _texts(page) == ["late", "bus"]


def test_columns_that_somebody_added_to_an_export_are_read():
    """By their names, as in any other table."""
    names = "id,thread_id,body,author,num_likes,num_comments,Paid_Partnership,followers,Label Style"
    table = f"{names}\n1,1,late bus,bo,3,1,true,70,Raw\n"
    ((_, post),) = read_posts(io.BytesIO(table.encode()), LabelledPost, "csv")
    assert (post.author, post.likes, post.followers) == ("bo", 3, 70)
    assert (post.paid_partnership, post.label_style) == (True, "raw")


def test_a_source_that_does_not_fit_is_said():
    """Not read by plain names instead."""
    with pytest.raises(InputError, match="not read as X: archive"):
        _texts('{"text": "late bus"}', source="x-archive")
    table = io.BytesIO(b"id,text\n1,late bus\n")
    with pytest.raises(InputError, match="not read as 4CAT"):
        list(read_posts(table, Post, "csv", source="4cat-csv"))


def test_javascript_on_a_stream():
    """As it is in the archive of an account."""
    assert _texts('window.YTD.tweets.part0 = [{"text": "late bus"}]') == ["late bus"]


def test_the_page_that_is_too_large_for_its_authors_is_refused(monkeypatch):
    """They stand behind all of its posts."""
    monkeypatch.setattr("unpolished.data.io.formats.jsonl.MAX_LINE_BYTES", 1 << 16)
    page = {"data": [TWEET | {"text": "late bus " * 20}] * 900, "includes": {"users": []}}
    with pytest.raises(InputError, match="twarc2 flatten"):
        _texts(page)


def test_what_an_answer_refers_to_is_none_of_its_posts():
    """Neither where it holds one post, nor where it holds none."""
    quoted = TWEET | {"id": "9", "text": "somebody else's"}
    beside = {"users": [{"id": "7", "username": "bo"}], "tweets": [quoted]}
    read = [
        post
        for _, post in read_posts(
            io.BytesIO(json.dumps({"data": TWEET, "includes": beside}).encode()), Post
        )
    ]
    assert [(post.id, post.author) for post in read] == [("1", "bo")]
    pages = [{"includes": beside, "errors": [{"title": "gone"}]}, {"data": [TWEET]}]
    lines = "".join(json.dumps(page) + "\n" for page in pages)
    assert _texts(lines) == ["missing", "late bus"]


def test_what_others_said_to_a_post_is_no_post():
    """One whose own text has another name is refused with its keys."""
    post = {"title": "my page", "caption": "POST", "comments": [{"text": "c1"}, {"text": "c2"}]}
    with pytest.raises(InputError, match="found: title, caption, comments"):
        _texts(json.dumps(post) + "\n" + json.dumps(post))
