"""An engineer of a vetting tool: a stream of CSV, a table, a file, and a table by author."""

import csv
import io
import json

import pandas as pd
import pytest
from unpolished import Options, Scorer

pytestmark = pytest.mark.slow


def test_the_same_rows_by_every_way(typed, posts, tmp_path):
    """Command line, standard input, Python and a file agree; nothing is lost."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["user", "caption", "campaign"])
    writer.writerows([post.get("author"), post["text"], n % 4] for n, post in enumerate(posts))
    (tmp_path / "posts.csv").write_text(table.getvalue(), "utf-8")
    columns = ("--map", "text=caption,author=user", "--keep", "campaign")
    printed = typed("score", "posts.csv", "-o", "rows.jsonl", "--model", "linear", *columns)
    assert "by author" in printed
    piped = typed(
        "score", "-", "-o", "-", "-q", "--model", "linear", *columns, given=table.getvalue()
    )
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()]
    assert [json.loads(line) for line in piped.splitlines()] == rows
    assert len(rows) == len(posts)
    frame = pd.read_csv(tmp_path / "posts.csv").set_index("campaign", drop=False)
    scorer = Scorer.load("linear")
    scored = scorer.score(
        frame, map={"text": "caption", "author": "user"}, keep=["campaign"]
    ).to_pandas()
    assert list(scored.index) == list(frame.index)
    assert list(scored["campaign"]) == [row["campaign"] if isinstance(row["campaign"], int)
                                        else int(row["campaign"]) for row in rows]  # fmt: skip
    assert list(scored["paid"]) == [row["paid"] for row in rows]
    with pytest.raises(ValueError, match="reasons 'some'"):
        scorer.score_file(tmp_path / "posts.csv", tmp_path / "o.jsonl", Options(reasons="some"))
