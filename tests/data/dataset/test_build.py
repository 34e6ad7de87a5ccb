"""The data set: typed, deterministic, fingerprinted."""

import json

import numpy as np
import pandas as pd
import pytest
from unpolished.data.axes import KINDS
from unpolished.data.dataset.build import DERIVED, build, features, fingerprint, labelled_texts
from unpolished.data.dataset.label_counts import counts
from unpolished.data.labels.label_files import GOLD, TRAIN, read_labels

TOPICS = ["rain", "soup", "trains", "knitting", "dogs", "bread", "ferns", "rivers", "boxes"]
TOPICS += ["chess", "bikes", "tea"]
POSTS = [
    {"text": f"Post number {n} about {topic}", "id": str(n), "author": f"a{n % 7}"}
    | {"label_style": ("raw", "polished", "unsure")[n % 3], "label_paid": ("yes", "no")[n % 2]}
    for n, topic in enumerate(TOPICS)
]


def write(path, posts):
    """Write posts as JSON Lines."""
    path.write_text("".join(json.dumps(post) + "\n" for post in posts), encoding="utf-8")
    return path


@pytest.fixture
def own(tmp_path):
    """A file of one's own labelled posts."""
    return write(tmp_path / "mine.jsonl", POSTS)


def test_own_posts(own):
    """Rows carry the file's name as source, five folds, and every label."""
    dataset = build(own)
    assert list(dataset) == ["train"]
    train = dataset["train"]
    assert train.features == features()
    assert len(train) == len(POSTS)
    assert set(train["source"]) == {"mine"}
    assert set(train["fold"]) == set(range(5))
    by_id = {row["source_id"]: row for row in train}
    assert [by_id["0"][c] for c in ("style", "paid", "cause")] == [0.0, 1, -1]
    assert by_id["2"]["style"] is None


def test_authors_stay_in_one_fold(own):
    """A group is one fold."""
    folds = {}
    for row in build(own)["train"]:
        assert folds.setdefault(row["author"], row["fold"]) == row["fold"]


def test_build_is_deterministic(own, tmp_path):
    """Neither a second build nor another order of lines changes anything but line numbers."""
    first = build(own)
    assert fingerprint(first) == fingerprint(build(own))
    shuffled = tmp_path / "again"
    shuffled.mkdir()
    assert fingerprint(build(write(shuffled / "mine.jsonl", POSTS[::-1]))) == fingerprint(first)


@pytest.mark.parametrize("ids", ["none", "repeated"])
def test_posts_that_no_id_names_are_grouped_and_folded_by_their_texts(tmp_path, ids):
    """Another order of lines gives the same posts the same folds, in the same order."""
    plain = [{key: value for key, value in post.items() if key != "id"} for post in POSTS]
    if ids == "repeated":
        plain = [post | {"id": str(n % 4)} for n, post in enumerate(plain)]
    columns = ["text", "group", "fold", "style", "paid", "cause"]
    built = []
    for n, order in enumerate((plain, plain[::-1], plain[::2] + plain[1::2])):
        (tmp_path / str(n)).mkdir()
        rows = build(write(tmp_path / str(n) / "mine.jsonl", order))["train"]
        built.append(rows.select_columns(columns).to_list())
    assert built[0] == built[1] == built[2]


@pytest.mark.parametrize("column", [name for name in features() if name not in DERIVED])
def test_fingerprint_sees_every_column(own, column):
    """A change of one value of one row changes the fingerprint."""
    dataset = build(own)
    before = fingerprint(dataset)

    def change(row, index):
        value = row[column]
        if index != 3:
            return {column: value}
        if isinstance(value, bool):
            return {column: not value}
        return {column: value + "x" if isinstance(value, str) else 1 - (value or 0)}

    dataset["train"] = dataset["train"].map(change, with_indices=True, features=features())
    assert fingerprint(dataset) != before


def test_what_follows_from_other_columns_is_no_part_of_the_fingerprint(own):
    """Runs stay comparable with those of version 0.1, whose fingerprint this is."""
    dataset = build(own)
    before = fingerprint(dataset)
    assert before == "6df8682f5f4bca4012a55e67e72fbadfd0449d07f0c43457f96945b5a5c1a347"
    changes = (("kind", KINDS.index("self")), ("kind_contested", True), ("undisclosed", 1.0))
    assert {column for column, _ in changes} == set(DERIVED)
    for column, value in changes:
        changed = dataset["train"].map(
            lambda _, column=column, value=value: {column: value}, features=features()
        )
        assert set(changed[column]) == {value}
        assert fingerprint(type(dataset)({"train": changed})) == before


def test_fingerprint_sees_rows_and_splits(own):
    """A row less, or another name of the split."""
    dataset = build(own)
    before = fingerprint(dataset)
    fewer = type(dataset)({"train": dataset["train"].select(range(5))})
    renamed = type(dataset)({"gold": dataset["train"]})
    assert len({before, fingerprint(fewer), fingerprint(renamed)}) == 3


def test_labelled_texts(own):
    """What models are fitted on: typed arrays, missing labels marked."""
    rows = labelled_texts(build(own)["train"])
    assert (rows.style.dtype, rows.paid.dtype, rows.weight.dtype) == (
        np.float32,
        np.int8,
        np.float32,
    )
    assert np.isnan(rows.style).sum() == 4
    assert (rows.cause == -1).all()
    assert set(rows.kinds[rows.paid == 1].argmax(1)) == {KINDS.index("paid")}
    assert np.isnan(rows.kinds[rows.paid == 0]).all()


def test_a_selection_keeps_to_its_rows(own):
    """Rows that were selected, and no others, are converted, counted and hashed."""
    dataset = build(own)
    picked = dataset["train"].select([5, 3])
    assert labelled_texts(picked).texts == tuple(dataset["train"][n]["masked"] for n in (5, 3))
    two, other = (type(dataset)({"train": dataset["train"].select(n)}) for n in ([5, 3], [5, 4]))
    assert counts(two)[0].total == 2
    assert fingerprint(two) != fingerprint(other)


def test_few_groups_make_few_folds(tmp_path):
    """Three authors are three folds; one author is an error that says what to do."""
    three = [post | {"author": f"a{n // 4}"} for n, post in enumerate(POSTS)]
    assert set(build(write(tmp_path / "three.jsonl", three))["train"]["fold"]) == {0, 1, 2}
    one = write(tmp_path / "one.jsonl", [post | {"author": "a"} for post in POSTS])
    with pytest.raises(ValueError, match=r"one\.jsonl: all 12 labelled posts are by one author"):
        build(one)


def test_bad_labels_are_named(tmp_path):
    """File, line and field, and nothing of the text."""
    posts = [*POSTS[:2], POSTS[2] | {"label_paid": "maybe", "text": "a secret"}]
    with pytest.raises(ValueError, match=r"bad\.jsonl, line 3, field 'label_paid'") as error:
        build(write(tmp_path / "bad.jsonl", posts))
    assert "secret" not in str(error.value)


def test_other_formats_give_the_same_rows(own, tmp_path):
    """CSV and Parquet hold what JSON Lines hold."""
    frame = pd.DataFrame(POSTS)
    frame.to_csv(tmp_path / "mine.csv", index=False)
    frame.to_parquet(tmp_path / "mine.parquet")
    expected = fingerprint(build(own))
    assert fingerprint(build(tmp_path / "mine.csv")) == expected
    assert fingerprint(build(tmp_path / "mine.parquet")) == expected


def test_a_file_without_labels(tmp_path):
    """Nothing to learn from is an error, not an empty run."""
    path = write(tmp_path / "none.jsonl", [{"text": "hello there"}])
    with pytest.raises(ValueError, match=r"none\.jsonl: no post has a label"):
        build(path)


def test_weak_labels_are_public(own):
    """Weak labels belong to public sources."""
    with pytest.raises(ValueError, match="only the public data takes"):
        build(own, weak=True)


def test_corpus():
    """The shipped posts build offline, with every label of every axis."""
    train = build("corpus")["train"]
    assert len(train) >= 200
    assert len(set(train["author"])) >= 40
    assert set(train["fold"]) == set(range(5))
    assert {0, 1} <= set(train["paid"])
    assert {0, 1, 2} <= set(train["cause"])


def test_counts(own):
    """Labels of an axis add up to the posts, fold by fold."""
    lines = counts(build(own))
    of = {(line.source, line.axis, line.label): line for line in lines}
    assert of["all", "posts", ""].total == len(POSTS)
    assert of["all", "posts", ""].folds == of["mine", "posts", ""].folds
    for axis in ("style", "paid", "cause"):
        assert sum(n.total for key, n in of.items() if key[:2] == ("all", axis)) == len(POSTS)
    assert of["mine", "style", "missing"].total == 4


def test_public(public_dataset):
    """Both label files, typed, sorted, whole, without an empty group."""
    assert {name: len(split) for name, split in public_dataset.items()} == {
        "train": len(read_labels(TRAIN, 1)),
        "gold": len(read_labels(GOLD, 3)),
    }
    for split in public_dataset.values():
        assert split.features == features()
        keys = list(zip(split["source"], split["source_id"], strict=True))
        assert keys == sorted(keys)
        assert all(split["group"])
    gold = public_dataset["gold"]
    assert gold[0]["commercial"].count("|") == 2
    assert sum(gold["paid_contested"]) == 24


def test_public_is_deterministic(public_dataset, mirror):
    """A second build, from the cache, is the same."""
    assert fingerprint(build("public")) == fingerprint(public_dataset)


@pytest.mark.slow
def test_weak(mirror, public_dataset):
    """Weak rows: weighted, no labelled row among them, no group in two folds."""
    dataset = build("public", weak=True)
    weak = dataset["weak"]
    assert len(weak) > 30_000
    assert 0 < min(weak["weight"]) <= max(weak["weight"]) < 1
    keys = set(zip(weak["source"], weak["source_id"], strict=True))
    assert len(keys) == len(weak)
    folds = {}
    for split in dataset.values():
        for group, fold in zip(split["group"], split["fold"], strict=True):
            assert folds.setdefault(group, fold) == fold
    for split in public_dataset.values():
        assert not keys & set(zip(split["source"], split["source_id"], strict=True))
