"""Creators whose posts the model was trained on: fold models score them, and it is said."""

import csv
import io
import json
import subprocess
import sys

import pytest
from rich.console import Console
from unpolished.cli.show_vetting import print_vetting
from unpolished.inference.vetting.render import report
from unpolished.inference.vetting.vet import vet
from unpolished.inference.vetting.write import write

NEW = "lovely light over the harbour this morning {}"


def _posts():
    """Of one author that was trained on, of one that copies a post, and of a new one."""
    return [
        *({"author": "author-2", "text": NEW.format(i), "id": f"a{i}"} for i in range(3)),
        {"author": "ana", "text": "UGH my bus was late again, lol for real!", "id": "copy"},
        {"author": "ana", "text": NEW.format("again"), "id": "own"},
        {"author": "bo", "text": NEW.format("too"), "id": "b"},
    ]


def test_the_table_and_the_page_say_how_many(fold_pipeline, tmp_path, capsys):
    """By creator in the table, in all on the page and in the terminal."""
    found = vet(_posts(), fold_pipeline)
    assert {row["creator"]: row["posts_by_fold_models"] for row in found.rows} == {
        "author-2": 3, "ana": 1, "bo": 0,
    }  # fmt: skip
    write(found, tmp_path / "report")
    with (tmp_path / "report" / "creators.csv").open(newline="") as file:
        counts = {row["creator"]: row["posts_by_fold_models"] for row in csv.DictReader(file)}
    assert counts == {"author-2": "3", "ana": "1", "bo": "0"}
    assert "The model had seen 4 of these posts, or others by their authors" in report(found)
    print_vetting(found, tmp_path, Console(file=io.StringIO()))
    told = capsys.readouterr().err
    assert "4 posts, or their authors, were trained on: fold models that had not seen" in told


def test_claims_name_the_model_that_scored_the_post(fold_pipeline):
    """So that somebody else can check them."""
    posts = [{"author": name, "text": f"in love with this serum from @glow, use code MAYA10 {i}"}
             for name in ("author-2", "bo") for i in range(2)]  # fmt: skip
    claims = vet(posts, fold_pipeline).claims
    assert {(claim.creator, claim.model) for claim in claims if claim.model} == {
        ("author-2", "tiny-fold-0"), ("bo", "tiny"),
    }  # fmt: skip


def test_without_fold_models_nothing_is_said(scorer, tmp_path, capsys):
    """Whether a model has seen a post is not known then."""
    found = vet(_posts(), scorer.pipeline)
    assert {row["posts_by_fold_models"] for row in found.rows} == {0}
    assert "fold models" not in report(found)
    print_vetting(found, tmp_path, Console(file=io.StringIO()))
    assert "fold models" not in capsys.readouterr().err


@pytest.mark.parametrize("fits", [True, False])
def test_by_the_command_line(fold_pipeline, tmp_path, fits):
    """A folder of fold models beside the model of their run; beside any other, an error."""
    posts = tmp_path / "posts.jsonl"
    posts.write_text("".join(json.dumps(post) + "\n" for post in _posts()))
    folder = fold_pipeline.folder
    model = [] if not fits else ["--model", str(folder)]
    done = subprocess.run(
        [sys.executable, "-m", "unpolished.cli", "vet", str(posts), "-o", str(tmp_path / "r"),
         "--folds", str(folder.parent / "folds"), *model],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    if fits:
        assert done.returncode == 0, done.stderr
        assert "4 posts, or their authors, were trained on" in done.stderr
        assert "4 of these posts" in (tmp_path / "r" / "report.html").read_text("utf-8")
    else:
        assert done.returncode == 2
        assert f"open that run's own model, runs:/{'0' * 32}/model" in done.stderr
        assert "Traceback" not in done.stderr
        assert not (tmp_path / "r").exists()
