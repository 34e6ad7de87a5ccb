"""A student learns what a teacher says, and no teacher speaks of what it has seen."""

from dataclasses import replace

import numpy as np
import pytest
from unpolished.data.labelled_texts import LabelledTexts
from unpolished.models.families.embed import Embed
from unpolished.models.families.encoder import FinetunedEncoder
from unpolished.models.families.linear import Linear
from unpolished.models.families.stack import FrozenEmbedding, Weights
from unpolished.models.families.student import Answers, Student
from unpolished.models.finetune.options import EncoderOptions
from unpolished.models.finetune.pinned import pinned_encoder
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
    student = Student(Linear(), FinetunedEncoder(), Weights())
    with pytest.raises(ValueError, match="without a teacher"):
        student.fit(tiny_train)


@pytest.mark.slow
def test_a_student_of_three_layers_learns_from_answers_alone(tiny_train, tiny_info, tmp_path):
    """Most posts have no label of their own; saved and loaded it says the same."""
    said = Linear().fit(tiny_train).predict_proba(tiny_train.texts)
    bare = np.arange(len(tiny_train)) % 8 != 0
    train = replace(
        tiny_train,
        style=np.where(bare, np.nan, tiny_train.style).astype(np.float32),
        kinds=np.where(bare[:, None], np.nan, tiny_train.kinds).astype(np.float32),
        paid=np.where(bare, -1, tiny_train.paid).astype(np.int8),
    )
    options = EncoderOptions(
        layers=3, trainable_layers=3, epochs=6, batch_size=8, max_tokens=32, taught_weight=0.9,
        learning_rate=2e-4,
    )  # fmt: skip
    encoder = FinetunedEncoder(options, pinned_encoder(), embeds=True)
    student = Student(
        Embed(FrozenEmbedding(encoder)),
        encoder,
        Weights(),
        lambda posts: replace(posts, taught=said),
    ).fit(train)
    learnt = student.encoder.predict_proba(train.texts)
    paid = np.corrcoef(learnt[bare, 1], said[bare, 1])[0, 1]
    assert paid > 0.8
    save_model(tmp_path / "model", student, tiny_info(student), "# card\n")
    model, info = load_model(tmp_path / "model")
    assert info.family == "student"
    np.testing.assert_array_equal(
        model.predict_proba(train.texts[:9]), student.predict_proba(train.texts[:9])
    )
