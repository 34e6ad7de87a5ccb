"""Any label column is enough: what is not labelled is left out everywhere, and nothing else is."""

import json
from itertools import combinations

import pytest
from unpolished.data.dataset.own_posts import CORPUS
from unpolished.data.posts import Post
from unpolished.models.pipeline import Pipeline
from unpolished.models.saved_model import CARD, load_model
from unpolished.training.recipe import read_recipe
from unpolished.training.tracking.runs import load_table, run_model
from unpolished.training.train import train

LABELS = ("label_style", "label_paid", "label_cause")
COLUMNS = {
    "label_style": {"style", "p_polished"},
    "label_paid": {"paid", "p_paid"},
    "label_cause": {"performative", "p_performative", "cause", "p_committed"},
}
AXES = {
    "label_style": {"style"},
    "label_paid": {"paid", "undisclosed"},
    "label_cause": {"performative", "committed", "commitment"},
}


def _file(path, kept):
    posts = [json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()[::6]]
    with path.open("w", encoding="utf-8") as file:
        for post in posts:
            wanted = {name: post.get(name) for name in ("id", "author", "text", *kept)}
            file.write(json.dumps(wanted) + "\n")
    return [post["text"] for post in posts]


@pytest.mark.parametrize(
    ("recipe", "kept"),
    [
        *(("rules", (name,)) for name in LABELS),
        *(
            pytest.param("linear", kept, marks=pytest.mark.slow)
            for n in (1, 2)
            for kept in combinations(LABELS, n)
        ),
    ],
)
def test_axes_without_labels_are_left_out_and_null(kept, recipe, tmp_path, monkeypatch):
    """Of metrics, card, saved model and rows; disclosures are told all the same."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    texts = _file(tmp_path / "own.jsonl", kept)
    run = train(read_recipe(recipe), tmp_path / "own.jsonl")
    metrics = load_table(run.run_id, "metrics.parquet")
    possible = set.union(*(AXES[name] for name in kept))
    assert set(metrics["axis"]) <= possible
    assert {"style", "paid", "performative"} & possible <= set(metrics["axis"])
    folder = run_model(run.run_id)
    model, info = load_model(folder)
    card = (folder / CARD).read_text("utf-8")
    rows = [
        row.model_dump() for row in Pipeline(model, info).score([Post(text=t) for t in texts[:40]])
    ]
    for name, columns in COLUMNS.items():
        for column in columns:
            filled = {row[column] is not None for row in rows}
            assert filled == {name in kept}, column
            if column.startswith("p_"):
                assert (f"`{column}`" in card) == (name in kept), column
    assert all(row["promotion"] is None and row["p_self"] is None for row in rows)
    assert all(row["disclosure"] is not None for row in rows)
