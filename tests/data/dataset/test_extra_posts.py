"""Further votes: for training alone, and never in two folds."""

import numpy as np
import pytest
from unpolished.data.axes import MISSING
from unpolished.data.dataset.build import build, fingerprint, labelled_texts
from unpolished.data.dataset.extra_posts import NO_FOLD
from unpolished.data.labels.folder import LABEL_FOLDER
from unpolished.data.labels.label_files import FURTHER, GOLD, TRAIN, read_labels, read_readings
from unpolished.data.labels.reserved_authors import reserved_authors


def test_no_post_stands_in_two_label_files():
    """By source and id."""
    files = [
        {row[:2] for row in read_labels(p, n)} for p, n in ((TRAIN, 1), (GOLD, 3), (FURTHER, 1))
    ]
    assert all(files)
    assert len(set.union(*files)) == sum(map(len, files))


def test_posts_voted_twice_are_posts_of_train():
    """The second pass is of the same posts, and of their texts."""
    first = {row[:4] for row in read_labels(TRAIN, 1)}
    assert {row[:4] for row in read_labels(LABEL_FOLDER / "repeated.csv", 1)} <= first


def test_reserved_authors_have_no_further_votes():
    """They are kept for later."""
    assert not {row.author for row in read_labels(FURTHER, 1)} & reserved_authors()


@pytest.fixture(scope="module")
def with_further(mirror_folder):
    """The public data set with its third split."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNPOLISHED_MIRROR", str(mirror_folder))
        return build("public", further=True)


def test_further_posts_bring_no_fold_into_another(with_further):
    """A group is one fold over all splits, and nearly all votes find their place."""
    folds = {}
    for split in with_further.values():
        for group, fold in zip(split["group"], split["fold"], strict=True):
            assert folds.setdefault(group, fold) == fold
    further = with_further["further"]
    assert 0.98 * len(read_labels(FURTHER, 1)) < len(further) <= len(read_labels(FURTHER, 1))
    assert set(further["weight"]) == {1.0}


def test_the_other_splits_stay_what_they_are(with_further, public_dataset):
    """Further votes change nothing that is evaluated."""
    less = type(with_further)({name: with_further[name] for name in public_dataset})
    assert fingerprint(less) == fingerprint(public_dataset)


def test_further_votes_are_public(tmp_path):
    """One's own posts have none."""
    path = tmp_path / "mine.jsonl"
    path.write_text('{"text": "late bus again", "author": "a", "label_paid": "no"}\n')
    with pytest.raises(ValueError, match="only the public data takes"):
        build(path, further=True)


def test_corpus_beside_the_public_posts_is_in_no_fold_and_says_nothing_of_paid(mirror):
    """All of it, with its labels of style and cause."""
    del mirror
    beside, alone = build("public", corpus=True)["corpus"], build("corpus")["train"]
    assert sorted(beside["masked"]) == sorted(alone["masked"])
    assert sorted(beside["cause"]) == sorted(alone["cause"])
    assert set(beside["fold"]) == {NO_FOLD}
    found = labelled_texts(beside)
    assert set(found.paid.tolist()) == {MISSING}
    assert np.isnan(found.kinds).all()


@pytest.fixture(scope="module")
def with_all(mirror_folder):
    """With posts that were read and posts without any label."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNPOLISHED_MIRROR", str(mirror_folder))
        return build("public", further=True, read=True, unlabelled=True)


@pytest.mark.slow
def test_no_post_of_gold_is_learnt_from_by_a_reading_or_a_teacher(with_all):
    """Nor does a group stand in two folds, or a post in two splits."""
    of_gold, seen, folds = set(with_all["gold"]["group"]), set(), {}
    for name, split in with_all.items():
        keys = set(zip(split["source"], split["source_id"], strict=True))
        assert not keys & seen, name
        seen |= keys
        for group, fold in zip(split["group"], split["fold"], strict=True):
            assert folds.setdefault(group, fold) == fold
    for name in ("read", "unlabelled"):
        assert not set(with_all[name]["group"]) & of_gold
        assert not set(with_all[name]["author"]) & reserved_authors()


@pytest.mark.slow
def test_of_read_posts_the_kind_alone_is_known_of_others_nothing(with_all):
    """Nearly all readings find their place."""
    read, bare = (labelled_texts(with_all[name], 0.5) for name in ("read", "unlabelled"))
    assert 0.95 * len(read_readings()) < len(read) <= len(read_readings())
    assert read.labelled.all()
    assert not np.isnan(read.kinds).any()
    assert not bare.labelled.any()
    assert len(bare) > 30_000
    assert len(set(bare.texts)) == len(bare)
    for posts in (read, bare):
        assert set(posts.paid.tolist()) == set(posts.cause.tolist()) == {MISSING}
        assert np.isnan(posts.style).all()
