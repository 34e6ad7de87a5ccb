"""A researcher: runs that can be told apart, found by the beginning of an id, and trained again."""

import json

import pytest

from .conftest import run_id

pytestmark = pytest.mark.slow


def test_runs_side_by_side_and_again(typed, posts, tmp_path):
    """A run's recipe trains again; what that hides is counted; an idle seed is told."""
    lines = "".join(json.dumps(post) + "\n" for post in posts)
    (tmp_path / "mine.jsonl").write_text(lines, "utf-8")
    first = run_id(typed("train", "--recipe", "rules", "--data", "mine.jsonl"))
    (tmp_path / "seeded.toml").write_text(typed("recipe", "rules").replace("seed = 0", "seed = 7"))
    again = typed("train", "--recipe", "seeded.toml", "--data", "mine.jsonl")
    assert "seed 7: no seed moves models of the family rules" in again
    shown = typed("compare")
    assert first[:8] in shown
    assert run_id(again)[:8] in shown
    assert "rules seed=7" in shown
    assert "not shown" not in shown
    assert "no seed moves models of the family rules" in shown
    assert first in typed("evaluate", "--run", first[:10])
    logged = [p for p in (tmp_path / "mlartifacts").rglob("recipe.json") if first in str(p)]
    repeated = run_id(typed("train", "--recipe", logged[0], "--data", "mine.jsonl"))
    shown = typed("compare")
    assert first[:8] not in shown
    assert repeated[:8] in shown
    assert "1 earlier run of the same recipes with the same settings not shown" in shown
    assert first[:8] in typed("compare", "--all")
    typed("evaluate", "--run", "nothing", code=2)
