"""A family of another package trains, is measured and scores: the example of the documentation."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "how-to" / "add-a-family.md").read_text("utf-8")


def _blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def installed(tmp_path):
    """The example as an installed package, and a way to run commands beside it."""
    site = tmp_path / "site"
    info = site / "shouting-1.dist-info"
    info.mkdir(parents=True)
    (site / "shouting.py").write_text(_blocks("python")[0])
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: shouting\nVersion: 1\n")
    entry, recipe = _blocks("toml")
    head, line = entry.strip().splitlines()
    group = re.search(r'"(.+)"', head)[1]
    name, value = line.replace('"', "").split(" = ")
    (info / "entry_points.txt").write_text(f"[{group}]\n{name} = {value}\n")
    (tmp_path / "shouting.toml").write_text(recipe)

    def run(*command):
        paths = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])
        return subprocess.run(
            [sys.executable, "-m", "unpolished.cli", *command],
            cwd=tmp_path, env=os.environ | {"PYTHONPATH": paths}, check=False,
            capture_output=True, text=True,
        )  # fmt: skip

    return run


@pytest.mark.slow
def test_the_example_trains_and_scores(installed, tmp_path):
    """From its recipe to rows; what shouts is what it finds polished."""
    trained = installed("train", "--recipe", "shouting.toml", "--data", "corpus")
    assert trained.returncode == 0, trained.stderr
    run = re.search(r"run (\w{32}) completed", trained.stdout)[1]
    posts = [{"text": "what a lovely day we had in the park"}, {"text": "Discover it now! Go!"}]
    (tmp_path / "posts.jsonl").write_text("".join(json.dumps(post) + "\n" for post in posts))
    scored = installed("score", "posts.jsonl", "-o", "rows.jsonl", "--model", f"runs:/{run}/model")
    assert scored.returncode == 0, scored.stderr
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()]
    assert rows[0]["p_polished"] < rows[1]["p_polished"]


def test_without_the_package_its_family_is_unknown(tmp_path):
    """And the known ones are named."""
    from unpolished.training.recipe import RecipeError, read_recipe

    path = tmp_path / "shouting.toml"
    path.write_text(_blocks("toml")[1])
    with pytest.raises(RecipeError, match="'shouting' is no model family; give one of rules, lin"):
        read_recipe(path)
