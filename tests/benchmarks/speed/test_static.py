"""The peer of static embeddings, without its library."""

import json

import numpy as np
from sklearn.linear_model import LogisticRegression
from speed.static import line, load_heads, probabilities, save_heads
from unpolished.models.base import PROBABILITIES


def _heads(vectors):
    targets = [np.arange(len(vectors)) % n for n in (2, 3, 3)]
    return [LogisticRegression().fit(vectors, target) for target in targets]


def test_regressions_come_back_as_they_were_saved(tmp_path):
    """With the same probabilities, to the bit."""
    vectors = np.random.default_rng(0).normal(size=(60, 4))
    heads = _heads(vectors)
    save_heads(tmp_path, heads)
    np.testing.assert_array_equal(
        probabilities(load_heads(tmp_path), vectors), probabilities(heads, vectors)
    )


def test_probabilities_stand_in_the_columns_of_the_project():
    """Each of the class that it is named after."""
    vectors = np.eye(3)[np.arange(60) % 3]
    targets = [np.arange(60) % 3 == 2, np.arange(60) % 3, np.arange(60) % 3]
    heads = [LogisticRegression(C=1e4).fit(vectors, target.astype(int)) for target in targets]
    found = dict(zip(PROBABILITIES, probabilities(heads, np.eye(3)).T, strict=True))
    assert {name: int(p.argmax()) for name, p in found.items()} == {
        "p_polished": 2, "p_paid": 2, "p_self": 1, "p_performative": 1, "p_committed": 2,
    }  # fmt: skip


def test_a_row_is_a_line_of_json():
    """With the number of the post."""
    row = json.loads(line(7, np.array([0.5, 0.25, 0, 1, 0.125])))
    assert row["id"] == "7"
    assert [row[name] for name in PROBABILITIES] == [0.5, 0.25, 0, 1, 0.125]
