"""A student learns what a teacher says, and no teacher speaks of what it has seen."""

from dataclasses import replace

import numpy as np
import pytest
from unpolished.data.labelled_texts import LabelledTexts
from unpolished.models.families.building import Setup
from unpolished.models.families.linear import Linear
from unpolished.models.families.student import Answers, Learning, Student, StudentOptions, build
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


@pytest.mark.parametrize("most", [0, 3, 99])
def test_all_posts_with_a_label_are_learnt_from_and_some_without(most):
    """The same ones each time."""
    labelled = np.arange(20) % 4 == 0
    drawn = Learning(lambda posts: posts, max_unlabelled=most).drawn(labelled)
    assert drawn[labelled].all()
    assert drawn[~labelled].sum() == min(most, 15)
    again = Learning(lambda posts: posts, max_unlabelled=most).drawn(labelled)
    np.testing.assert_array_equal(drawn, again)


class Letters:
    """An encoder of how often each letter comes."""

    def encode(self, texts):
        """Shape (n, 26), of unit length."""
        found = np.array([[t.lower().count(chr(97 + i)) for i in range(26)] for t in texts], float)
        norms = np.linalg.norm(found, axis=1, keepdims=True)
        return (found / np.where(norms == 0, 1, norms)).astype(np.float32)

    def save(self, folder):
        """Nothing."""


def test_a_student_learns_from_answers_alone_where_there_are_no_labels(tiny_train):
    """What its teacher says of posts without labels moves it towards the teacher."""
    said = Linear().fit(tiny_train).predict_proba(tiny_train.texts)
    bare = np.arange(len(tiny_train)) % 8 != 0
    train = replace(
        tiny_train,
        style=np.where(bare, np.nan, tiny_train.style).astype(np.float32),
        kinds=np.where(bare[:, None], np.nan, tiny_train.kinds).astype(np.float32),
        paid=np.where(bare, -1, tiny_train.paid).astype(np.int8),
    )
    taught = Student(Letters(), learning=Learning(lambda posts: replace(posts, taught=said))).fit(
        train
    )
    untaught = Student(Letters(), learning=Learning(lambda posts: posts)).fit(train)
    near, far = (
        np.corrcoef(model.predict_proba(train.texts)[bare, 1], said[bare, 1])[0, 1]
        for model in (taught, untaught)
    )
    assert near > 0.8
    assert near > far


@pytest.mark.slow
def test_a_saved_student_says_the_same(tiny_train, tiny_info, tmp_path):
    """With the small encoder itself, in 8 bits; it is as small as what is shipped may be."""
    pytest.importorskip("torch")
    said = Linear().fit(tiny_train).predict_proba(tiny_train.texts)
    student = build(Setup(tmp_path), StudentOptions(), None)
    student._learning = Learning(lambda posts: replace(posts, taught=said))
    student.fit(tiny_train)
    save_model(tmp_path / "model", student, tiny_info(student), "# card\n")
    model, info = load_model(tmp_path / "model")
    assert info.family == "student"
    np.testing.assert_array_equal(
        model.predict_proba(tiny_train.texts[:9]), student.predict_proba(tiny_train.texts[:9])
    )
    assert sum(path.stat().st_size for path in (tmp_path / "model").iterdir()) < 30e6
