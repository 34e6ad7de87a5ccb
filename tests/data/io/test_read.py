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
    cut = list(read_posts(io.BytesIO(content[:-5_000]), Post))
    assert isinstance(cut[-1], Reject)
    assert "not valid JSON behind record" in cut[-1].message
    assert 1_900 < len(cut) < 2_000
    unknown = json.dumps({"list": [{"a": 1, "b": "x" * 300}] * 2_000}).encode()
    with pytest.raises(InputError, match=r"found: a, b.*--map text"):
        list(read_posts(io.BytesIO(unknown), Post))
