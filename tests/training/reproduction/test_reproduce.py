"""A run repeated in a real store: it matches, it is refused, or what differs is found."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from unpolished.data.dataset.label_counts import Count
from unpolished.training.reproduction import reproduce as module
from unpolished.training.reproduction.reproduce import RefusedError, reproduce, sizes
from unpolished.training.selection.promote import promote
from unpolished.training.selection.promotion_evidence import PromotionError
from unpolished.training.tracking import runs as tracking
from unpolished.training.tracking.environment import library_versions
from unpolished.training.tracking.records import counts_csv
from unpolished.training.train import REPRODUCTIONS


def _artefact(run_id, name):
    (path,) = Path("mlartifacts").glob(f"{run_id}/artifacts/{name}")
    return path


@pytest.mark.parametrize("recipe", ["rules", "linear"])
def test_a_run_on_the_same_posts_is_the_same_to_the_last_bit(trained_runs, recipe):
    """And its repetition is no run that is evaluated, compared, promoted or shipped."""
    before = [run.run_id for run in tracking.finished_runs(completed_only=False)]
    told = []
    done = reproduce(trained_runs[recipe][:8], on_checks=told.extend)
    assert done.comparison.matches, done.comparison.faults
    assert done.comparison.largest is None
    assert done.comparison.posts == len(tracking.predictions(trained_runs[recipe]))
    assert {check.state for check in told if check.name in ("code that decides", "posts")} == {
        "same"
    }
    assert [run.run_id for run in tracking.finished_runs(completed_only=False)] == before
    client = tracking.client()
    run = client.get_run(done.run_id)
    assert client.get_experiment(run.info.experiment_id).name == REPRODUCTIONS
    assert run.data.tags["reproduces"] == trained_runs[recipe]
    assert run.data.tags["reproduction.matches"] == "true"
    assert json.loads(tracking.load_text(done.run_id, "reproduction.json"))["faults"] == []
    assert not client.search_model_versions(f"run_id = '{done.run_id}'")
    with pytest.raises(PromotionError, match="0 completed runs"):
        promote(done.run_id)


def test_another_file_of_the_same_posts_will_do_under_its_name(trained_runs, tmp_path):
    """Wherever it lies now; one that is not there is asked for."""
    moved = Path(shutil.move("mine.jsonl", tmp_path / "mine.jsonl"))
    try:
        with pytest.raises(ValueError, match="name the file by --data"):
            reproduce(trained_runs["rules"])
        assert reproduce(trained_runs["rules"], moved).comparison.matches
    finally:
        shutil.move(moved, "mine.jsonl")


def test_changed_posts_are_refused_with_what_differs(trained_runs, tmp_path):
    """A label, and a post that is gone; nothing is trained."""
    posts = [json.loads(line) for line in Path("mine.jsonl").read_text("utf-8").splitlines()]
    changed = next(post for post in posts if post["label_paid"] == "no")
    changed["label_paid"] = "yes"
    gone = posts.pop()
    other = tmp_path / "mine.jsonl"
    other.write_text("".join(json.dumps(post) + "\n" for post in posts), "utf-8")
    with pytest.raises(RefusedError) as refused:
        reproduce(trained_runs["rules"], other)
    said = str(refused.value)
    assert f"posts of train: {len(posts) + 1:,} recorded, {len(posts):,} here" in said
    assert f"posts that are gone: 1, first train mine {gone['id']}" in said
    assert f"posts of another paid: 1, first train mine {changed['id']}: 0 recorded, 1 here" in said


def test_a_changed_recipe_is_refused(trained_runs):
    """One that cannot be read, too."""
    path = _artefact(trained_runs["linear"], "recipe.json")
    before = path.read_text("utf-8")
    try:
        recipe = json.loads(before)
        del recipe["model"]["c"]
        path.write_text(json.dumps(recipe), "utf-8")
        with pytest.raises(RefusedError, match=r"recipe: model\.c = none recorded, model\.c = "):
            reproduce(trained_runs["linear"])
        path.write_text(json.dumps(recipe | {"strange": 1}), "utf-8")
        with pytest.raises(ValueError, match="field strange"):
            reproduce(trained_runs["linear"])
    finally:
        path.write_text(before, "utf-8")


def test_other_code_and_versions_are_refused_unless_told(trained_runs, monkeypatch):
    """Both are named at once, with what to do; what is passed over is said."""
    versions = library_versions()
    monkeypatch.setattr(module, "library_versions", lambda: versions | {"numpy": "1.0"})
    monkeypatch.setattr("unpolished.training.tracking.environment._DECIDE", ("data",))
    with pytest.raises(RefusedError) as refused:
        reproduce(trained_runs["rules"])
    assert "code that decides: " in str(refused.value)
    assert f"numpy: {versions['numpy']} recorded, 1.0 here; pip install" in str(refused.value)
    with pytest.raises(RefusedError, match="numpy"):
        reproduce(trained_runs["rules"], any_code=True)
    done = reproduce(trained_runs["rules"], any_code=True, any_versions=True)
    passed = [check.name for check in done.checks if check.state == "passed over"]
    assert passed == ["code that decides", "numpy"]


@pytest.mark.slow
def test_a_tampered_prediction_is_found(trained_runs):
    """By the whole command, which ends with 1; with 2 where it is refused; no traceback."""
    path = _artefact(trained_runs["rules"], "predictions.parquet")
    kept = path.read_bytes()
    table = tracking.load_table(trained_runs["rules"], "predictions.parquet")
    table.loc[5, "p_paid"] += 1e-6
    try:
        table.to_parquet(path, index=False)
        done = _command("reproduce", trained_runs["rules"])
    finally:
        path.write_bytes(kept)
    assert done.returncode == 1, done.stderr
    assert f"mine {table.loc[5, 'source_id']}" in done.stdout
    assert "does not match" in done.stdout
    refused = _command("reproduce", trained_runs["rules"], "--data", "none.jsonl")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "none.jsonl" in refused.stderr
    assert "Traceback" not in done.stderr + refused.stderr


def test_posts_in_no_fold_are_counted_alike_then_and_here():
    """Posts that every model was fitted on stand in no fold, and are in no count."""
    lines = [
        Count("train", "all", "posts", "", (3, 2)), Count("train", "a", "posts", "", (3, 2)),
        Count("train", "all", "paid", "yes", (1, 1)), Count("corpus", "all", "posts", "", (0, 0)),
    ]  # fmt: skip
    assert sizes(counts_csv(lines)) == {"train": 5, "corpus": 0}


def _command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "unpolished.cli", *arguments],
        capture_output=True, text=True, check=False, env=os.environ | {"COLUMNS": "200"},
    )  # fmt: skip
