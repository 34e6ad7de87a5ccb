"""The packages that write such files write the ten posts, each in an environment of its own."""

import json
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest
from unpolished.data.io.exports.table import shapes
from unpolished.data.io.fields.find import Fields
from unpolished.data.io.read import read_items
from unpolished.data.posts import Post
from unpolished.data.text.repair.repair import repair

HERE = Path(__file__).parent
TEN = json.loads((HERE / "ten_posts.json").read_text("utf-8"))

pytestmark = pytest.mark.slow
# Script, packages, and what it writes: a pattern of files, and the shape.
WRITERS = [
    ("with_instaloader", ["instaloader==4.16"], [("*.json*", "instaloader")]),
    ("with_twarc", ["twarc-csv==0.7.2", "pandas==2.3.3", "setuptools<81"],
     [("pages.jsonl", "x-api"), ("tweets.csv", "twarc-csv")]),
    ("with_atproto", ["atproto==0.0.73"], [("posts.jsonl", "bluesky")]),
    ("with_mastodon", ["Mastodon.py==2.3.3", "setuptools<81"],
     [("list.json", "mastodon"), ("own.jsonl", "mastodon-py")]),
]  # fmt: skip


@pytest.mark.parametrize(("script", "packages", "written"), WRITERS, ids=[w[0] for w in WRITERS])
def test_what_the_real_package_writes_is_read(script, packages, written, package_index, tmp_path):
    """All ten posts, with their counts and times."""
    given = [part for package in packages for part in ("--with", package)]
    done = subprocess.run(
        [Path(sys.executable).with_name("uv"), "run", "--quiet", "--no-project", "--isolated",
         "--python", sys.executable, *given, "python", HERE / "writers" / f"{script}.py",
         HERE / "ten_posts.json", tmp_path],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for pattern, name in written:
        fields, posts = Fields(exports=True), []
        for path in sorted(tmp_path.glob(pattern)):
            posts += [item.found for item in read_items(path, Post, None, fields, count(1))]
            fields.end_file()
        assert list(fields.export.read_as) == [shapes()[name].title]
        for post, ten in zip(posts, TEN, strict=True):
            assert repair(post.text).text == ten["text"]
            assert post.posted_at.isoformat() == ten["posted_at"]
            assert post.comments == ten["comments"]
            assert post.likes in (ten["likes"], 0 if ten["likes"] is None else ten["likes"])
            assert post.paid_partnership in (ten["paid_partnership"], None)
