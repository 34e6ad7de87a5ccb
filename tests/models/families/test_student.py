"""A student learns what a teacher says, and no teacher speaks of what it has seen."""

from dataclasses import replace

import numpy as np
import pytest
from unpolished.data.labelled_texts import LabelledTexts
from unpolished.models.families.building import Setup
from unpolished.models.families.linear import Linear
from unpolished.models.families.student import (
    Answers,
    Learning,
    Student,
    StudentOptions,
    TaughtShares,
    build,
    spare_texts,
)
from unpolished.models.finetune.options import DistilOptions
from unpolished.models.saved_model import load_model, save_model


class Watched(Linear):
    """A teacher whose fits and answers are kept."""

    asked: list[tuple[set[str], list[str]]]

    def fit(self, train):
        """Keep the groups."""
        self.groups = set(train.groups.tolist())
        assert train.labelled.all()
        return super().fit(train)

    def predict_proba(self, texts):
        """Keep who was asked about what."""
        self.asked.append((self.groups, list(texts)))
        return super().predict_proba(texts)


@pytest.fixture
def posts(tiny_train) -> LabelledTexts:
    """Posts in five folds, some in none, some without a label."""
    n = len(tiny_train)
    groups = np.array([f"g{i % 20}" for i in range(n)])
    folds = np.array([int(g[1:]) % 5 for g in groups], np.int8)
    folds[groups == "g7"] = -1
    bare = np.arange(n) % 9 == 0
    return replace(
        tiny_train,
        groups=groups,
        folds=folds,
        style=np.where(bare, np.nan, tiny_train.style).astype(np.float32),
        paid=np.where(bare, -1, tiny_train.paid).astype(np.int8),
        kinds=np.where(bare[:, None], np.nan, tiny_train.kinds).astype(np.float32),
        cause=np.where(bare, -1, tiny_train.cause).astype(np.int8),
    )


@pytest.mark.parametrize("parts", [2, 3, 9])
def test_no_teacher_is_asked_about_a_group_it_saw(posts, parts, tmp_path):
    """Posts of no fold, which all are fitted on, are asked about by none; unlabelled ones are."""
    Watched.asked = []
    taught = Answers(Watched, parts, tmp_path, "key").taught(posts).taught
    group_of = dict(zip(posts.texts, posts.groups.tolist(), strict=True))
    assert len(Watched.asked) == min(parts, 5)
    for groups, texts in Watched.asked:
        assert "g7" in groups
        assert not groups & {group_of[text] for text in texts}
    np.testing.assert_array_equal(np.isnan(taught).all(axis=1), posts.folds < 0)
    assert not np.isnan(taught[(posts.folds >= 0) & ~posts.labelled]).any()


def test_posts_of_one_fold_are_split_by_groups(posts, tmp_path):
    """As of few own posts, whose other fold the student is judged on."""
    Watched.asked = []
    single = replace(posts, folds=np.zeros(len(posts), np.int8))
    taught = Answers(Watched, 2, tmp_path, "key").taught(single).taught
    group_of = dict(zip(posts.texts, posts.groups.tolist(), strict=True))
    assert len(Watched.asked) == 2
    assert not np.isnan(taught).any()
    for groups, texts in Watched.asked:
        assert not groups & {group_of[text] for text in texts}


def test_answers_are_kept_and_asked_for_anew_where_labels_change(posts, tmp_path):
    """A fit that is killed goes on with what was said."""
    Watched.asked = []
    answers = Answers(Watched, 3, tmp_path, "key")
    first = answers.taught(posts).taught
    np.testing.assert_array_equal(answers.taught(posts).taught, first)
    assert len(Watched.asked) == 3
    answers.taught(replace(posts, paid=posts.paid[::-1].copy()))
    Answers(Watched, 3, tmp_path, "another teacher").taught(posts)
    assert len(Watched.asked) == 9


def test_a_student_needs_a_teacher(tiny_train):
    """One that was loaded has none any more."""
    with pytest.raises(ValueError, match="without a teacher"):
        Student(Letters()).fit(tiny_train)


@pytest.fixture
def spare(tiny_train) -> LabelledTexts:
    """Posts of three sources, one of them small; some name their author."""
    n = len(tiny_train)
    sources = np.array(["big", "other"])[np.arange(n) % 2]
    sources[:2] = "few"
    named = tuple(f"@self {t}" if i % 5 == 0 else t for i, t in enumerate(tiny_train.texts))
    return replace(tiny_train, sources=sources, with_author=named)


def test_an_encoder_reads_both_views_of_posts_of_sources_that_it_may(spare):
    """None of a source that is left out, nor of one too small to cost an encoder of its own."""
    options = DistilOptions(least_of_a_source=3)
    texts = spare_texts(spare, {"big", "few", "unheard of"}, options)
    big = np.flatnonzero(spare.sources == "big")
    both = [view[i] for view in (spare.texts, spare.with_author) for i in big]
    assert set(texts) == set(both)
    assert len(texts) == len(big) + sum(spare.texts[i] != spare.with_author[i] for i in big)
    assert spare_texts(spare, {"few"}, options) == []
    assert spare_texts(None, {"big"}, options) == []


def test_the_encoder_knows_the_sources_of_the_posts_alone(spare):
    """A student that is judged on a source left out is given an encoder without it."""
    asked = []

    def encoder(sources):
        asked.append(set(sources))
        return Letters()

    Student(Letters(), learning=Learning(lambda posts: posts, encoder)).fit(
        spare.take(spare.sources != "big")
    )
    assert asked == [{"other", "few"}]


class Letters:
    """An encoder of how often each letter comes."""

    def encode(self, texts):
        """Shape (n, 26), of unit length."""
        found = np.array([[t.lower().count(chr(97 + i)) for i in range(26)] for t in texts], float)
        norms = np.linalg.norm(found, axis=1, keepdims=True)
        return (found / np.where(norms == 0, 1, norms)).astype(np.float32)

    def save(self, folder):
        """Nothing."""


def test_answers_move_a_student_towards_its_teacher(tiny_train):
    """Of the axes where they have a share; posts without a label are left out."""
    rng = np.random.default_rng(0)
    bare = np.arange(len(tiny_train)) % 8 == 0
    train = replace(
        tiny_train,
        style=np.where(bare, np.nan, tiny_train.style).astype(np.float32),
        kinds=np.where(bare[:, None], np.nan, tiny_train.kinds).astype(np.float32),
        paid=np.where(bare, -1, tiny_train.paid).astype(np.int8),
        cause=np.where(bare, -1, tiny_train.cause).astype(np.int8),
    )
    said = rng.random((len(train), 5)).astype(np.float32) / 3

    def correlation(column, share):
        shares = TaughtShares(style=share, paid=0, cause=0)
        learning = Learning(lambda posts: replace(posts, taught=said), lambda _: Letters(), shares)
        told = Student(Letters(), learning=learning).fit(train).predict_proba(train.texts)
        return np.corrcoef(told[~bare, column], said[~bare, column])[0, 1]

    assert correlation(0, 0.9) > correlation(0, 0.0) + 0.1
    assert correlation(1, 0.9) == pytest.approx(correlation(1, 0.0), abs=1e-6)


@pytest.mark.slow
def test_a_saved_student_says_the_same(tiny_train, tiny_info, tmp_path):
    """With the small encoder itself, in 8 bits; it is as small as what is shipped may be."""
    pytest.importorskip("torch")
    said = Linear().fit(tiny_train).predict_proba(tiny_train.texts)
    student = build(Setup(tmp_path), StudentOptions(), None)
    student._learning = student._learning._replace(taught=lambda posts: replace(posts, taught=said))
    student.fit(tiny_train)
    save_model(tmp_path / "model", student, tiny_info(student), "# card\n")
    model, info = load_model(tmp_path / "model")
    assert info.family == "student"
    np.testing.assert_array_equal(
        model.predict_proba(tiny_train.texts[:9]), student.predict_proba(tiny_train.texts[:9])
    )
    assert sum(path.stat().st_size for path in (tmp_path / "model").iterdir()) < 30e6
