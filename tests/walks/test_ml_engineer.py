"""An ML engineer with labelled posts: to a champion of their own, and back."""

import csv
import json

import pandas as pd
import pytest
from unpolished.training.tracking.runs import load_table

from .conftest import run_id

pytestmark = pytest.mark.slow
CHAMPION = "models:/unpolished-own_mine@champion"


def _write(path, posts):
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["author", "text", "label_style", "label_paid"])
        for post in posts:
            paid = {"yes": " Yes", "no": "0"}.get(post.get("label_paid"), "")
            writer.writerow([post.get("author"), post["text"], post.get("label_style"), paid])


def test_from_a_spreadsheet_to_a_champion(typed, posts, tmp_path, monkeypatch):
    """Two label columns, two recipes, promoted on their own folds; rows tell the version."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    _write(tmp_path / "mine.csv", posts)
    first = typed("train", "--recipe", "rules", "--data", "mine.csv")
    assert "label_cause: no labels, so cause is left out" in first
    assert "folds: 0 of 5 done" in first
    assert "the first champion" in typed("promote")
    second = run_id(typed("train", "--recipe", "linear", "--data", "mine.csv"))
    assert second[:8] in typed("compare")
    promoted = typed("promote", "--run", second[:8])
    assert "better and nowhere worse: linear" in promoted
    assert "posts of mine" in promoted
    typed("score", "mine.csv", "-o", "rows.jsonl", "--model", CHAMPION)
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()]
    assert {row["model"]["version"] for row in rows} == {"2"}
    assert {row["performative"] for row in rows} == {None}
    predicted = load_table(second, "predictions.parquet").set_index("source_id")
    labels = pd.DataFrame(rows).set_index("id")
    assert set(predicted.index) <= set(labels.index)
    known = {post["text"]: post.get("label_style") for post in posts}
    by_id = {f"row-{n}": post["text"] for n, post in enumerate(posts, 1)}
    for name, style in predicted["style"].dropna().items():
        assert {0.0: "raw", 1.0: "polished"}[style] == known[by_id[name]]
    assert "is now version 1" in typed("rollback", "--data", "mine.csv")
    typed("score", "mine.csv", "-o", "back.jsonl", "--model", CHAMPION)
    (row, *_) = map(json.loads, (tmp_path / "back.jsonl").read_text().splitlines())
    assert row["model"] == {"name": "unpolished-own_mine", "version": "1",
                            "run_id": row["model"]["run_id"]}  # fmt: skip
