"""Turning files into rows."""

import json

import pandas as pd
import pytest
from unpolished.data.hashing import author_sha1, text_sha1
from unpolished.data.public.parse_files import read_rows
from unpolished.data.public.sources import Reading, Source, SourceError, SourceFile, WeakRule
from unpolished.data.public.weak_labels import weak_targets

LONG = "A text that is long enough to be kept"


def source(path="posts.csv", weak=(), **reading):
    """A source of one file."""
    reading = {"format": "csv", "text": "text", "author_from": "row"} | reading
    return Source(
        repository="someone/something",
        commit="0" * 40,
        licence="none stated",
        kind="votes",
        platform="other",
        axes=("style",),
        reading=Reading(**reading),
        weak=weak,
        weak_weight=0.5 if weak else None,
        files=(SourceFile(path=path, bytes=1, sha256="0" * 64),),
    )


def read(tmp_path, content, **options):
    """Read a source whose one file holds ``content``."""
    of = source(**options)
    path = tmp_path / "file"
    path.write_bytes(content)
    return read_rows(of, {of.files[0].path: path})


def test_row_numbers_count_dropped_rows(tmp_path):
    """Empty, short and overlong texts are dropped, and the numbers of the others stay."""
    texts = ["", "short", f"  {LONG}  ", "x" * 1501, "y" * 1500]
    rows = read(tmp_path, pd.DataFrame({"text": texts}).to_csv(index=False).encode())
    assert rows["source_id"].tolist() == ["2", "4"]
    assert rows["text"].tolist() == [LONG, "y" * 1500]
    assert rows["text_sha1"][0] == text_sha1(LONG)
    assert rows["author"].tolist() == [author_sha1("2"), author_sha1("4")]


def test_columns_ids_and_authors(tmp_path):
    """Blanks around column names and quotes around ids are no part of them."""
    content = f'id, text ,who\n"""123""",{LONG},ann\n'.encode()
    rows = read(tmp_path, content, id="id", author_from="column", author="who")
    assert rows.loc[0, ["source_id", "author"]].tolist() == ["123", author_sha1("ann")]


def test_folder_is_the_author(tmp_path):
    """Event folders stand for the author."""
    content = f"text\n{LONG}\n".encode()
    rows = read(tmp_path, content, path="events/flood/tweets.csv", author_from="folder")
    assert rows["author"][0] == author_sha1("flood")


def test_sentences_are_joined_and_cut(tmp_path):
    """Sentences of one id stand in their order, cut after the limit."""
    content = b"id,text\nb,first of b and more\na,only one of a is here\nb,second of b\n"
    rows = read(
        tmp_path, content, format="sentences", id="id", author_from="id", max_characters=30
    ).set_index("source_id")
    assert rows.loc["b", "text"] == "first of b and more\nsecond of"
    assert "a" not in rows.index  # too short


def test_json_and_repairs(tmp_path):
    """Broken characters are read back where the source asks for it."""
    content = json.dumps([{"text": "I<U+0092>m fine <U+0001F602> and this is long enough"}])
    rows = read(tmp_path, content.encode(), format="json", repair="code-points")
    assert rows["text"][0] == "I\u2019m fine \U0001f602 and this is long enough"
    content = b"text\nI &lt;3 this<br />so <b>very</b> much indeed\xef\xbb\xbf\n"
    assert read(tmp_path, content, repair="html")["text"][0] == "I <3 this\nso very much indeed"


def test_a_missing_column_is_named(tmp_path):
    """The error names source, file and column."""
    with pytest.raises(SourceError, match=r"someone/something, file posts\.csv: no column 'text'"):
        read(tmp_path, b"caption\nhello\n")


def test_unreadable_file(tmp_path):
    """A file in another encoding is the source's fault, said without its text."""
    with pytest.raises(SourceError, match=r"posts\.csv: cannot be read as csv"):
        read(tmp_path, b"text\n\xff\xfe\xff secret\n")


def test_weak_rules(tmp_path):
    """The first matching rule decides; no match is a missing label."""
    rules = (
        WeakRule(axis="style", label="polished", column="score", min=0.6),
        WeakRule(axis="style", label="mixed", column="score", max=0.2),
        WeakRule(axis="paid", label="no", column="kind", values=("1",)),
        WeakRule(
            axis="cause",
            label="low",
            column="kind",
            values=("1", "2"),
            where={"column": "who", "values": ["ngo"]},
        ),
    )
    content = "text,score,kind,who\n" + "".join(
        f"{LONG} {n},{row}\n" for n, row in enumerate(["0.9,1,ngo", "0.4,2,ngo", "0.1,3,me"])
    )
    rows = read(tmp_path, content.encode(), weak=rules)
    found = weak_targets(source(weak=rules), rows)
    as_text = {axis: [str(value) for value in values] for axis, values in found.items()}
    assert as_text == {
        "style": ["1.0", "nan", "0.5"],
        "paid": ["0.0", "nan", "nan"],
        "cause": ["1.0", "1.0", "nan"],
    }
