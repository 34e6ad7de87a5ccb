"""Errors of a real run: the right posts, with their texts, which are stored nowhere."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from unpolished.training.error_analysis.analyse import ErrorsError, run_errors
from unpolished.training.error_analysis.local_posts import with_posts
from unpolished.training.error_analysis.losses import AXES, losses
from unpolished.training.tracking import runs as tracking


def _posts():
    lines = Path("mine.jsonl").read_text("utf-8").splitlines()
    return {post["id"]: post for post in map(json.loads, lines)}


def test_the_posts_most_wrong_are_those_of_the_largest_loss(trained_runs):
    """With the text under their id, the label, and what the thresholds said."""
    (axis,) = run_errors(trained_runs["rules"], ["paid"], most=4, by=["length"]).axes
    table = tracking.predictions(trained_runs["rules"])
    of = losses(table, AXES["paid"])
    worst = np.argsort(-of.loss, kind="stable")[:4]
    expected = table.iloc[of.rows[worst]]
    assert [post.source_id for post in axis.most_wrong] == expected["source_id"].tolist()
    assert [post.loss for post in axis.most_wrong] == of.loss[worst].tolist()
    posts = _posts()
    for post, row in zip(axis.most_wrong, expected.to_dict("records"), strict=True):
        assert post.text == posts[post.source_id]["text"]
        assert post.label == {"yes": "paid", "no": "not paid"}[row["label_paid"]]
        assert post.said == {1: "paid", 0: "not paid", -1: "unsure"}[row["flag_paid"]]
    assert (axis.n, axis.positives) == (len(of.rows), int(of.positive.sum()))
    assert {name for ((name, _),) in axis.by_kind} == {"length"}
    for ((name, value),), posts in axis.by_kind.items():
        assert posts
        assert {post.kinds[name] for post in posts} == {value}
        assert [p.loss for p in posts] == sorted((p.loss for p in posts), reverse=True)


def test_reasons_are_of_the_runs_model(trained_runs):
    """And it is said that it has seen the posts; without, none are asked for."""
    found = run_errors(trained_runs["linear"], ["paid", "style"], most=3)
    for axis, flag in zip(found.axes, ("paid", "polished"), strict=True):
        told = [(post, one) for post in axis.most_wrong
                for one in found.reasons_of(axis.name, post)]  # fmt: skip
        assert told
        for post, one in told:
            assert (one.flag, post.text[one.start : one.end]) == (flag, one.text)
    assert any("was fitted on these posts, too" in note for note in found.notes)
    without = run_errors(trained_runs["linear"], ["paid"], most=3, reasons=False)
    assert (without.reasons, without.notes) == ({}, [])


def test_no_text_is_stored(trained_runs):
    """Neither in the store nor beside it, but where the posts lie."""
    found = run_errors(trained_runs["linear"], most=50)
    shown = {post.text for axis in found.axes for post in axis.shown() if len(post.text) > 40}
    assert len(shown) > 20
    stored = [p.read_bytes() for p in Path().rglob("*") if p.is_file() and p.name != "mine.jsonl"]
    for text in shown:
        assert not any(text[:40].encode() in content for content in stored)


def test_a_post_of_another_text_is_shown_without(trained_runs, tmp_path):
    """Or one that is gone; both are counted."""
    posts = [json.loads(line) for line in Path("mine.jsonl").read_text("utf-8").splitlines()]
    posts[3]["text"] += " and more"
    gone = posts.pop(7)
    other = tmp_path / "mine.jsonl"
    other.write_text("".join(json.dumps(post) + "\n" for post in posts), "utf-8")
    table = with_posts(tracking.predictions(trained_runs["rules"]), other)
    missing = table[table["text"].isna()]
    assert set(missing["source_id"]) == {posts[3]["id"], gone["id"]}
    found = run_errors(trained_runs["rules"], ["paid"], data=other, reasons=False, most=200)
    assert f"2 of {len(table):,} posts are not here" in found.notes[0]
    (axis,) = found.axes
    assert sum(post.text is None for post in axis.most_wrong) == 2


def test_posts_of_one_id_keep_their_own_texts(tmp_path):
    """Ids may repeat in a file of one's own."""
    words = [hashlib.sha1(f"{i}".encode(), usedforsecurity=False).hexdigest() for i in range(40)]
    lines = [
        {
            "id": "x" if i < 20 else f"y{i}",
            "text": f"{'We love' if i % 2 else 'late'} {word[:8]} {word[8:16]} {word[16:24]}",
            "label_style": ("raw", "polished")[i % 2],
            "author": f"a{i % 7}",
        }
        for i, word in enumerate(words)
    ]
    path = tmp_path / "twice.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    from unpolished.data.dataset.build import build
    from unpolished.training.evaluation.oof_table import labels_table

    split = build(path)["train"]
    table = with_posts(labels_table(split, "train"), path)
    assert table["text"].tolist() == split["text"][:]
    assert (table["source_id"] == "x").sum() == 20


def test_what_cannot_be_shown_says_why(trained_runs):
    """Bad names, and a split that was not scored, whose look is not counted."""
    run = trained_runs["rules"]
    for options, message in (
        ({"axes": ["payed"]}, "axis 'payed': choose one of style, paid, self, performative"),
        ({"by": ["colour"]}, "feature 'colour': choose one of "),
        ({"split": "gold"}, "was not scored on gold"),
    ):
        with pytest.raises(ErrorsError, match=message):
            run_errors(run, reasons=False, **options)
    (found,) = [one for one in tracking.finished_runs() if one.run_id == run]
    assert not [tag for tag in found.tags if tag.startswith("gold-looks")]


def test_every_look_at_gold_is_counted(store, facts, info, fitted, saved, monkeypatch):
    """At the run, and said."""
    from dataclasses import replace

    from unpolished.training.error_analysis import analyse
    from unpolished.training.tracking import records as r

    folder = store / "saved"
    info = saved(folder, info, fitted)
    with tracking.started_run("unpolished-public", "linear") as run:
        run.log(r.records(replace(facts, info=info, folder=folder)))
    empty = dict.fromkeys(("text", "masked", "author", "platform", "followers"))
    monkeypatch.setattr(analyse, "with_posts", lambda table, _: table.assign(**empty))
    for times in (1, 2):
        found = run_errors(run.run_id, ["paid"], split="gold", reasons=False)
        assert any(f"this is look {times} at the errors on gold" in note for note in found.notes)
        (read,) = tracking.finished_runs()
        assert read.tags["gold-looks.errors"] == str(times)
    run_errors(run.run_id, ["paid"], reasons=False)
    (read,) = tracking.finished_runs()
    assert read.tags["gold-looks.errors"] == "2"


def test_predictions_have_labels_by_name_and_no_text(trained_runs):
    """As people gave them."""
    table = tracking.predictions(trained_runs["rules"][:10])
    posts = _posts()
    assert len(table) == len(posts)
    for row in table.to_dict("records"):
        post = posts[row["source_id"]]
        for target in ("style", "paid", "cause"):
            given = post.get(f"label_{target}")
            assert row[f"label_{target}"] == (None if given == "unsure" else given)
    assert not {"text", "masked", "author"} & set(table)
    assert table["p_paid"].between(0, 1).all()
    assert pd.api.types.is_integer_dtype(table["flag_paid"])


def test_where_posts_lay_is_asked_for_once_they_are_gone(trained_runs, tmp_path):
    """Public data and the corpus lie where they do."""
    moved = Path(shutil.move("mine.jsonl", tmp_path / "elsewhere.jsonl"))
    try:
        with pytest.raises(ValueError, match="name the file by --data"):
            run_errors(trained_runs["rules"])
    finally:
        shutil.move(moved, "mine.jsonl")
