"""Archives are read in place: the files with posts, in order, under the name of their owner."""

import io
import json
import shutil
import zipfile
from itertools import count
from pathlib import Path

import pytest
from unpolished.data.errors import InputError, Reject
from unpolished.data.io.fields.find import Fields
from unpolished.data.io.read import read_items
from unpolished.data.posts import Post

FIXTURES = Path(__file__).with_name("exports") / "fixtures"
ACCOUNT = 'window.YTD.account.part0 = [{"account": {"username": "marabakes", "email": "a@b"}}]'
PERSON = json.dumps({"profile_user": [{"string_map_data": {"Username": {"value": "mara.bakes"}}}]})


def _zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def _read(path, **asked):
    fields = Fields(exports=True, **asked)
    items = list(read_items(path, Post, None, fields, count(1)))
    fields.end_file()
    return items, fields


def _tweet(number):
    return {"tweet": {"id_str": str(number), "full_text": f"late bus {number}",
                      "created_at": "Sat Mar 02 07:15:00 +0000 2024"}}  # fmt: skip


def _part(name, numbers):
    return f"window.YTD.tweets.{name} = {json.dumps([_tweet(n) for n in numbers])}"


def test_the_files_of_an_archive_are_read_in_order(tmp_path):
    """Numbers count as numbers; what else is in it is left alone."""
    parts = {f"data/tweets-part{n}.js": _part(f"part{n}", [n]) for n in (10, 2)}
    path = _zip(tmp_path / "x.zip", {
        "Your archive.html": "<html>", "data/account.js": ACCOUNT, **parts,
        "data/tweets.js": _part("part0", [0, 1]), "data/like.js": "window.YTD.like.part0 = []",
        "__MACOSX/data/tweets.js": "x",
    })  # fmt: skip
    items, fields = _read(path)
    assert [(item.found.text, item.found.author) for item in items] == [
        (f"late bus {n}", "marabakes") for n in (2, 10, 0, 1)
    ]
    assert items[0].file == "x.zip/data/tweets-part2.js"
    assert fields.export.read_as.total() == 3


def test_an_archive_that_was_unpacked_knows_its_owner(tmp_path):
    """Where the file that says so lies beside it, or above."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "tweets.js").write_text(_part("part0", [1]))
    (tmp_path / "data" / "account.js").write_text(ACCOUNT)
    ((item,), _) = _read(tmp_path / "data" / "tweets.js")
    assert item.found.author == "marabakes"
    posts = tmp_path / "your_instagram_activity" / "media"
    posts.mkdir(parents=True)
    shutil.copy(FIXTURES / "instagram-archive.json", posts / "posts_1.json")
    (tmp_path / "personal_information.json").write_text(PERSON)
    items, _ = _read(posts / "posts_1.json")
    assert {item.found.author for item in items} == {"mara.bakes"}


def test_an_owner_who_is_not_named_is_nobody(tmp_path):
    """A damaged file does no harm."""
    for content in (None, "[", "window.YTD.account.part0 = [{}]"):
        files = {"data/tweets.js": _part("part0", [1])}
        path = _zip(tmp_path / "x.zip", files | ({"data/account.js": content} if content else {}))
        assert _read(path)[0][0].found.author is None


def test_a_damaged_file_of_an_archive_is_one_reject(tmp_path):
    """The others are read."""
    path = _zip(tmp_path / "x.zip", {"data/tweets.js": "window.YTD.tweets.part0 = [{",
                                     "data/tweets-part1.js": _part("part1", [1])})  # fmt: skip
    items, _ = _read(path)
    assert [item.found.code if isinstance(item.found, Reject) else item.found.text
            for item in items] == ["late bus 1", "file"]  # fmt: skip
    lone = _zip(tmp_path / "y.zip", {"a.jsonl": '{"a": 1}'})
    with pytest.raises(InputError, match=r"y\.zip/a\.jsonl: no field 'text'"):
        _read(lone)


def test_several_files_that_could_hold_posts_are_named(tmp_path):
    """Nobody guesses which one is meant."""
    path = _zip(tmp_path / "x.zip", {"a.csv": "text\nx", "b.csv": "text\nx", "c.txt": ""})
    with pytest.raises(InputError, match=r"2 files that could hold posts \(a\.csv, b\.csv\)"):
        _read(path)


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path):
    """Before it is unpacked."""
    path = _zip(tmp_path / "x.zip", {"a.jsonl": b" " * (1 << 25)})
    with pytest.raises(InputError, match="more than 200 times its size"):
        _read(path)


def test_an_encrypted_file_is_refused(tmp_path):
    """With what to do."""
    path = _zip(tmp_path / "x.zip", {"a.jsonl": '{"text": "x"}'})
    content = bytearray(path.read_bytes())
    # The flag of the entry, and that of the directory.
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    path.write_bytes(bytes(content))
    with pytest.raises(InputError, match="encrypted: unpack"):
        _read(path)


def test_a_stream_is_no_archive(tmp_path):
    """It cannot be sought in."""
    with pytest.raises(InputError, match="give its path"):
        list(read_items(io.BytesIO(b"PK"), Post, "zip", Fields(), count(1)))
