"""One file, many files, and a bad one among them."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from unpolished.data.errors import InputError
from unpolished.inference.batch.inputs import find_inputs
from unpolished.inference.batch.score_file import score_file
from unpolished.inference.output.manifest import changes
from unpolished.inference.output.verify import verify
from unpolished.inference.summary import Limit, parse_limit

TEXT = "late bus again so tired lol"


@pytest.fixture
def folder(tmp_path):
    """Posts in three formats and two levels, and what is not to be read."""
    root = tmp_path / "posts"
    (root / "b").mkdir(parents=True)
    (root / "_temporary").mkdir()
    (root / "a.csv").write_text(f"id,text\n1,{TEXT}\n2,{TEXT}\n")
    (root / "b" / "c.jsonl.gz").write_bytes(
        gzip.compress(json.dumps({"text": TEXT}).encode(), mtime=0)
    )
    parquet.write_table(pa.table({"id": ["4"], "text": [TEXT]}), root / "d.parquet")
    for name in ("README.txt", ".hidden.jsonl", "_SUCCESS", "_temporary/e.jsonl"):
        (root / name).write_text("{not a post")
    return root


def _entries(folder):
    return [file.entry() for file in find_inputs(folder, None).fingerprints()]


def _rows(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_folder_is_scored_in_the_order_of_its_names(scorer, folder, tmp_path):
    """Ids of rows without one count over all files."""
    summary = score_file(scorer.pipeline, folder, tmp_path / "o.jsonl")
    assert (summary.rows, summary.n_rejected) == (4, 0)
    assert [row["id"] for row in _rows(tmp_path / "o.jsonl")] == ["1", "2", "row-3", "4"]
    assert verify(tmp_path / "o.jsonl").scored == 4


@pytest.mark.parametrize(
    ("pattern", "ids"),
    [
        ("*.csv", ["1", "2"]),
        ("**/*.*e*", ["4"]),
        ("**/*.gz", ["row-1"]),
        ("[ad].*", ["1", "2", "4"]),
    ],
)
def test_a_glob(scorer, folder, tmp_path, pattern, ids):
    """As a shell would expand it."""
    score_file(scorer.pipeline, f"{folder}/{pattern}", tmp_path / "o.jsonl")
    assert [row["id"] for row in _rows(tmp_path / "o.jsonl")] == ids


def test_a_name_with_brackets_is_a_name(scorer, tmp_path):
    """If there is a file of that name."""
    (tmp_path / "in[1].csv").write_text(f"text\n{TEXT}\n")
    assert (
        score_file(scorer.pipeline, str(tmp_path / "in[1].csv"), tmp_path / "o.jsonl").scored == 1
    )


def test_an_archive_that_was_unpacked_is_read_by_its_files_with_posts(scorer, tmp_path):
    """What lies beside them is named; other kinds of files are read as ever."""
    root = tmp_path / "archive" / "data"
    root.mkdir(parents=True)
    tweet = {"id_str": "1", "full_text": TEXT, "created_at": "Sat Mar 02 07:15:00 +0000 2024"}
    (root / "tweets.js").write_text(f"window.YTD.tweets.part0 = {json.dumps([{'tweet': tweet}])}")
    (root / "deleted-tweets.js").write_text((root / "tweets.js").read_text())
    (root / "account.js").write_text('x = [{"account": {"username": "ana"}}]')
    (root / "mine.csv").write_text(f"id,text\n2,{TEXT}\n")
    done = score_file(scorer.pipeline, tmp_path / "archive", tmp_path / "o.jsonl")
    assert [row["id"] for row in _rows(tmp_path / "o.jsonl")] == ["2", "1"]
    assert done.left == ["data/account.js", "data/deleted-tweets.js"]
    assert [author.name for author in done.by_author.authors()] == ["ana"]
    # One that is given by its name is read.
    alone = score_file(scorer.pipeline, root / "deleted-tweets.js", tmp_path / "p.jsonl")
    assert (alone.scored, alone.left) == (1, [])


@pytest.mark.parametrize("pattern", ["*.nothing", "empty"])
def test_nothing_to_score_is_said(tmp_path, pattern):
    """A folder or a pattern without files is a mistake."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="file to score"):
        find_inputs(f"{tmp_path}/{pattern}", None)


def test_a_bad_file_among_many_is_one_reject(scorer, folder, tmp_path):
    """Where it failed, with its name; what stood before it and the other files are scored."""
    lines = b"".join(
        json.dumps({"id": f"z{i}", "text": TEXT}).encode() + b"\n" for i in range(5000)
    )
    (folder / "cut.jsonl.gz").write_bytes(gzip.compress(lines, 0, mtime=0)[:-1000])
    (folder / "c.csv").write_text(f"caption\n{TEXT}\n")
    summary = score_file(scorer.pipeline, folder, tmp_path / "o.jsonl")
    assert summary.rejected["file"] == 2
    assert summary.rows == summary.scored + summary.n_rejected
    assert summary.scored > 4000
    rejects = {
        r["file"]: r for r in _rows(tmp_path / "o.jsonl.rejects.jsonl") if r["code"] == "file"
    }
    assert "damaged or cut short" in rejects["cut.jsonl.gz"]["message"]
    assert rejects["cut.jsonl.gz"]["line"] > 4000
    assert "no column 'text'" in rejects["c.csv"]["message"]
    assert _rows(tmp_path / "o.jsonl")[-1]["id"] == "4"
    assert Limit().exceeded(summary)
    assert not parse_limit("5%").exceeded(summary)


def test_what_changed_among_the_files_is_said(folder):
    """Each of them by name."""
    before = _entries(folder)
    assert [entry["name"] for entry in before] == ["a.csv", "b/c.jsonl.gz", "d.parquet"]
    (folder / "a.csv").write_text("text\nx\n")
    assert changes(before, _entries(folder)) == "a.csv was changed"


def test_a_file_is_read_once_besides_its_hash(scorer, folder, tmp_path, monkeypatch):
    """Its records are counted while it is hashed, so that a bar knows how many there will be."""
    opened, real, totals = [], Path.open, []

    def counted(self, *arguments, **named):
        opened.append(self)
        return real(self, *arguments, **named)

    (folder / "b" / "c.jsonl.gz").unlink()
    monkeypatch.setattr(Path, "open", counted)
    target = tmp_path / "o.jsonl"
    score_file(scorer.pipeline, folder, target, on_total=totals.append)
    assert [opened.count(folder / name) for name in ("a.csv", "d.parquet")] == [2, 2]
    # The header of a CSV is a line too.
    assert totals == [3 + 1]


def test_what_cannot_be_counted_has_no_total(scorer, folder, tmp_path):
    """One packed file among others."""
    totals = []
    score_file(scorer.pipeline, folder, tmp_path / "o.jsonl", on_total=totals.append)
    assert totals == [None]
