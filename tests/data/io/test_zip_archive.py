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


def test_each_account_of_an_archive_has_its_own_name(tmp_path):
    """The file nearest to the posts says whose they are; damaged letters of a name are mended."""
    files = {}
    for who in ("alice", "bob"):
        files[f"{who}/data/tweets.js"] = _part("part0", [1])
        files[f"{who}/data/account.js"] = ACCOUNT.replace("marabakes", who)
    items, _ = _read(_zip(tmp_path / "x.zip", files))
    assert [item.found.author for item in items] == ["alice", "bob"]
    broken = "Ren\u00c3\u00a9 M\u00c3\u00bcller"
    person = {"profile_v2": {"name": {"full_name": broken}}}
    posts = [{"timestamp": 1709363700, "data": [{"post": "late bus"}]}]
    facebook = {"posts/your_posts_1.json": json.dumps(posts),
                "profile_information/profile_information.json": json.dumps(person)}  # fmt: skip
    ((item,), _) = _read(_zip(tmp_path / "y.zip", facebook))
    assert item.found.author == "Ren\u00e9 M\u00fcller"


def test_an_account_beside_another_archive_is_nobodys(tmp_path):
    """Of X, it lies in the folder of the posts."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "account.js").write_text(ACCOUNT)
    (tmp_path / "sub" / "tweets.js").write_text(_part("part0", [1]))
    ((item,), _) = _read(tmp_path / "sub" / "tweets.js")
    assert item.found.author is None


def test_what_lies_beside_the_posts_is_named(tmp_path):
    """Files that could be read, and archives inside; names of folders are no names of files."""
    path = _zip(tmp_path / "x.zip", {
        "./data/tweets.js": _part("part0", [1]), "data/like.js": "x", "more.zip": "PK",
        "posts_2023/b.csv": "text\nx", "a.html": "",
    })  # fmt: skip
    items, fields = _read(path)
    assert [item.found.text for item in items] == ["late bus 1"]
    assert fields.export.left == [
        "x.zip/data/like.js", "x.zip/more.zip", "x.zip/posts_2023/b.csv",
    ]  # fmt: skip
    odd = _zip(tmp_path / "y.zip", {"\u00b21/tweets.js": _part("part0", [1])})
    assert len(_read(odd)[0]) == 1


def _with_bytes(path, start, data):
    content = bytearray(path.read_bytes())
    content[start : start + len(data)] = data
    path.write_bytes(bytes(content))
    return path


def test_damaged_members_are_named_and_a_damaged_owner_costs_a_name_alone(tmp_path):
    """Never another error, however it is packed."""
    lines = "".join(json.dumps({"text": f"late bus {i}"}) + "\n" for i in range(300))
    path = _zip(tmp_path / "x.zip", {"a.jsonl": lines})
    with pytest.raises(InputError, match=r"x\.zip/a\.jsonl: damaged"):
        _read(_with_bytes(path, 45, b"\xff" * 10))
    path = _zip(tmp_path / "y.zip", {"account.js": ACCOUNT * 20, "tweets.js": _part("part0", [1])})
    start = path.read_bytes().index(b"account.js") + len("account.js")
    ((item,), _) = _read(_with_bytes(path, start, b"\xff" * 10))
    assert item.found.author is None
