"""Captions of accounts, with what their sources say beside the text."""

import pandas as pd
import pytest
from unpolished.data.hashing import author_sha1
from unpolished.data.labels.reserved_authors import reserved_authors
from unpolished.data.posts import Post
from unpolished.data.public import captions as module
from unpolished.data.public.captions import COLUMNS, captions
from unpolished.data.public.sources import Reading, Source, SourceError, SourceFile, sources


@pytest.fixture
def one_source(tmp_path, monkeypatch):
    """A function that puts one file in the place of all sources."""

    def put(rows, columns):
        pd.DataFrame(rows).to_csv(tmp_path / "a.csv", index=False)
        source = Source(
            repository="someone/something", commit="0" * 40, licence="none stated", kind="votes",
            platform="instagram", axes=("style",),
            reading=Reading(format="csv", text="text", id="link", author_from="column",
                            author="who"),
            files=(SourceFile(path="a.csv", bytes=1, sha256="0" * 64),),
        )  # fmt: skip
        monkeypatch.setattr(module, "sources", lambda: (source,))
        monkeypatch.setattr(module, "fetch", lambda *_: tmp_path / "a.csv")
        monkeypatch.setattr(module, "COLUMNS", {"someone/something": columns})

    return put


def test_reserved_authors_are_left_out_and_nothing_unknown_is_said(one_source, monkeypatch):
    """Hidden counts and missing dates are unknown; texts of any length are read."""
    monkeypatch.setattr(module, "reserved_authors", lambda: {author_sha1("kept")})
    one_source(
        [{"link": "l1", "who": "ana", "text": " short ", "when": "2024-01-02", "likes": 3},
         {"link": "l2", "who": "ana", "text": "long " * 900, "when": None, "likes": -1},
         {"link": "l3", "who": "kept", "text": "a text", "when": "2024-01-02", "likes": 3},
         {"link": "l4", "who": "ana", "text": "  ", "when": "2024-01-02", "likes": 3}],
        {"posted_at": "when", "likes": "likes"},
    )  # fmt: skip
    first, second = captions()
    assert first == {"id": "l1", "url": "l1", "author": "ana", "platform": "instagram",
                     "text": "short", "posted_at": "2024-01-02", "likes": 3}  # fmt: skip
    assert second.keys() == {"id", "url", "author", "platform", "text"}
    assert len(second["text"]) == 4499


def test_a_source_that_lacks_a_column_is_refused(one_source):
    """By its name."""
    one_source([{"link": "l1", "who": "ana", "text": "a"}], {"likes": "LIKES"})
    with pytest.raises(SourceError, match=r"file a\.csv: no column 'LIKES'"):
        list(captions())


def test_sources_with_captions_name_their_authors():
    """A row or an event is nobody to vet."""
    known = {source.repository: source for source in sources()}
    for name in COLUMNS:
        assert known[name].reading.names_authors


@pytest.mark.slow
def test_the_public_ones_hold_no_reserved_author(mirror):
    """And every one is a post."""
    del mirror
    found = [Post(**post) for post in captions()]
    assert len(found) > 10_000
    assert len({post.author for post in found}) > 600
    assert not {author_sha1(post.author) for post in found} & reserved_authors()
    assert sum(post.posted_at is not None for post in found) > 10_000
