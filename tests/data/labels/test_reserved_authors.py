"""Reserved authors never come out of the reader, so nothing downstream can learn from them."""

import pandas as pd
import pytest
from unpolished.data.labels.folder import LabelFileError
from unpolished.data.labels.label_files import GOLD, TRAIN, read_labels
from unpolished.data.labels.reserved_authors import read_reserved, reserved_authors
from unpolished.data.public import rows as converted
from unpolished.data.public.rows import source_fingerprint, source_rows
from unpolished.data.public.sources import sources


def test_list_is_whole():
    """540 authors, none of whom was labelled."""
    assert len(reserved_authors()) == 540
    labelled = {row.author for path, n in ((TRAIN, 1), (GOLD, 3)) for row in read_labels(path, n)}
    assert not labelled & reserved_authors()


def test_converted_rows_lack_reserved_authors(monkeypatch):
    """Whatever a source holds, conversion drops their posts."""
    reserved = sorted(reserved_authors())[0]
    rows = pd.DataFrame(
        {
            "source": "s",
            "source_id": ["1", "2"],
            "author": [reserved, "0" * 12],
            "name": ["someone", None],
            "text": "t",
            "text_sha1": "h",
        }
    )
    monkeypatch.setattr(converted, "read_rows", lambda source, paths: rows)
    monkeypatch.setattr(converted, "fetch", lambda source, file: None)
    source = next(s for s in sources() if not s.weak)
    monkeypatch.setattr(converted, "source_fingerprint", lambda source: "a test of its own")
    assert source_rows(source)["source_id"].tolist() == ["2"]


def test_cache_follows_the_list(monkeypatch):
    """A longer list makes every converted table stale."""
    before = source_fingerprint(sources()[0])
    monkeypatch.setattr(converted, "reserved_authors", lambda: frozenset({"0" * 12}))
    assert source_fingerprint(sources()[0]) != before


def test_no_source_lets_them_out(mirror):
    """On the real files: they stand in the source, and in no converted row of any source."""
    from unpolished.data.public.download import fetch
    from unpolished.data.public.parse_files import read_rows

    source = next(s for s in sources() if s.repository.startswith("ArafatAhmed00/"))
    raw = read_rows(source, {file.path: fetch(source, file) for file in source.used_files})
    assert raw["author"].isin(reserved_authors()).sum() > 1000
    for each in sources():
        assert not source_rows(each)["author"].isin(reserved_authors()).any()


@pytest.mark.parametrize(
    ("text", "line"),
    [("author\n", 1), ("source,author_sha1\na/b,someone\n", 2), ("source,author_sha1\na/b\n", 2)],
)
def test_a_faulty_list_is_refused(tmp_path, text, line):
    """A list that cannot be trusted must not be taken for an empty one."""
    path = tmp_path / "reserved.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LabelFileError, match=rf"reserved\.csv, line {line}"):
        read_reserved(path)
