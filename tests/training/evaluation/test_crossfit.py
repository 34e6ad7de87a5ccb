"""No model, calibrator or threshold ever sees the post it speaks about."""

from dataclasses import replace

import numpy as np
import pytest
from unpolished.data.labelled_texts import LabelledTexts, one_hot
from unpolished.models.base import Diagnostics
from unpolished.models.families.student import Answers
from unpolished.training.evaluation.crossfit import crossfit


class Memory:
    """A model that gives away what it was fitted on: style .9 if seen, else .1."""

    family = "memory"
    fits: list[set[str]]

    def fit(self, train):
        """Remember the texts."""
        self.seen = set(train.texts)
        self.weights = dict(zip(train.texts, train.weight.tolist(), strict=True))
        return self

    def predict_proba(self, texts):
        """Tell seen from unseen."""
        p = np.tile(np.array([0.1, 0.2, 0.3, 0.4, 0.2], np.float32), (len(texts), 1))
        p[[t in self.seen for t in texts], 0] = 0.9
        # Some spread, so that calibration and thresholds have something to work on.
        p[:, 1] += np.array([sum(t.encode()) % 97 / 200 for t in texts], np.float32)
        return p


def _split(n: int, prefix: str, seed: int) -> LabelledTexts:
    rng = np.random.default_rng(seed)
    groups = np.array([f"g{i}" for i in rng.integers(0, 40, n)])
    folds = np.array([int(g[1:]) % 5 for g in groups], np.int8)
    kind = np.random.default_rng(seed + 9).integers(0, 3, n)
    return LabelledTexts(
        texts=tuple(f"{prefix}{i}" for i in range(n)),
        authors=groups,
        groups=groups,
        folds=folds,
        style=rng.integers(0, 2, n).astype(np.float32),
        paid=rng.integers(0, 2, n).astype(np.int8),
        kinds=one_hot(kind.astype(np.int8), 3),
        cause=rng.integers(0, 3, n).astype(np.int8),
        weight=np.ones(n, np.float32),
        sources=np.array([f"s{i}" for i in rng.integers(0, 3, n)]),
    )


@pytest.fixture
def train():
    """200 posts, 40 groups, 3 sources."""
    return _split(200, "train", 0)


@pytest.fixture
def gold():
    """50 more posts of the same groups."""
    return _split(50, "gold", 1)


def test_no_score_comes_from_a_model_that_saw_the_post(train, gold):
    """Out of fold, and with the source left out."""
    results = crossfit(Memory, train, gold, alpha=0.05, beta=0.1)
    for result in results:
        assert result is not None
        np.testing.assert_allclose(result.raw[:, 0], 0.1)
        np.testing.assert_allclose(result.left_out[:, 0], 0.1)
        assert np.isfinite(result.calibrated).all()


def test_no_model_sees_the_group_of_what_it_scores(train, gold):
    """Gold never trains, and no group stands on both sides."""
    scored = []

    class Watch(Memory):
        def fit(self, train_texts):
            """Keep the groups."""
            self.groups = set(train_texts.groups.tolist())
            return super().fit(train_texts)

        def predict_proba(self, texts):
            """Keep what was scored by whom."""
            scored.append((self.groups, self.seen, list(texts)))
            return super().predict_proba(texts)

    group_of = dict(zip(train.texts, train.groups.tolist(), strict=True))
    group_of |= dict(zip(gold.texts, gold.groups.tolist(), strict=True))
    crossfit(Watch, train, gold, alpha=0.05, beta=0.1)
    assert len(scored) == 2 * (5 + 3)
    for groups, seen, texts in scored:
        assert not any(t.startswith("gold") for t in seen)
        assert not groups & {group_of[t] for t in texts}


def test_extra_posts_train_but_keep_to_the_folds(train):
    """Weak posts of a group in the held-out fold stay out."""
    fitted = []

    class Watch(Memory):
        def fit(self, train_texts):
            """Keep the texts."""
            fitted.append(set(train_texts.texts))
            return super().fit(train_texts)

    extra = _split(60, "weak", 2)
    crossfit(Watch, train, None, extra, leave_one_source_out=False, alpha=0.05, beta=0.1)
    assert len(fitted) == 5
    for fold, seen in enumerate(fitted):
        weak = {t for t in seen if t.startswith("weak")}
        expected = {t for t, f in zip(extra.texts, extra.folds, strict=True) if f != fold}
        assert weak == expected


def test_the_calibrator_does_not_see_the_fold_it_calibrates(train):
    """Turning the labels of one fold round leaves that fold's calibration as it was."""
    before, _ = crossfit(Memory, train, leave_one_source_out=False, alpha=0.05, beta=0.1)
    paid = train.paid.copy()
    paid[train.folds == 0] = 1 - paid[train.folds == 0]
    turned = replace(train, paid=paid)
    after, _ = crossfit(Memory, turned, leave_one_source_out=False, alpha=0.05, beta=0.1)
    here = train.folds == 0
    np.testing.assert_array_equal(before.calibrated[here], after.calibrated[here])
    np.testing.assert_array_equal(before.flags[here], after.flags[here])
    assert not np.array_equal(before.calibrated[~here], after.calibrated[~here])


def test_the_source_baseline_knows_the_training_folds_only(train):
    """Its score is the share among the source's posts of the other folds."""
    result, _ = crossfit(Memory, train, leave_one_source_out=False, alpha=0.05, beta=0.1)
    row = 7
    others = (train.folds != train.folds[row]) & (train.sources == train.sources[row])
    assert result.base[row, 1] == pytest.approx(train.paid[others].mean())


def test_one_source_has_no_leave_one_out(train):
    """NaN, not a number that means something else."""
    one = replace(train, sources=np.array(["only"] * 200))
    result, _ = crossfit(Memory, one, alpha=0.05, beta=0.1)
    assert np.isnan(result.left_out).all()


def test_a_source_that_is_not_evaluated_costs_no_fit(train, gold):
    """Left out is what gold has posts of; the others have no such score."""
    fewer = replace(gold, sources=np.where(gold.sources == "s2", "s1", gold.sources))
    result, held_out = crossfit(Memory, train, fewer, alpha=0.05, beta=0.1)
    there = np.isin(train.sources, ["s0", "s1"])
    assert np.isfinite(result.left_out[there]).all()
    assert np.isnan(result.left_out[~there]).all()
    assert np.isfinite(held_out.left_out).all()


@pytest.fixture
def named(train):
    """Every fifth post names its author."""
    views = [f"@self {t}" if i % 5 == 0 else t for i, t in enumerate(train.texts)]
    return replace(train, with_author=tuple(views))


def test_views_with_the_author_are_scored_beside_those_without(named):
    """The same where the views are; neither by a model that saw the post in either view."""
    result, _ = crossfit(Memory, named, alpha=0.05, beta=0.1)
    told = np.arange(200) % 5 == 0
    pairs = [
        (result.raw, result.with_author.raw),
        (result.calibrated, result.with_author.calibrated),
        (result.left_out, result.with_author.left_out),
        (result.flags, result.with_author.flags),
    ]
    for without, with_author in pairs:
        np.testing.assert_array_equal(with_author[~told], without[~told])
    for without, with_author in pairs[:3]:
        assert not np.array_equal(with_author[told], without[told])
    for _, with_author in (pairs[0], pairs[2]):
        np.testing.assert_allclose(with_author[:, 0], 0.1)


def test_without_named_authors_both_views_are_one(train):
    """To the bit, and no text is scored twice."""
    result, _ = crossfit(Memory, train, alpha=0.05, beta=0.1)
    expected = (result.raw, result.calibrated, result.flags, result.left_out)
    for with_author, without in zip(result.with_author, expected, strict=True):
        np.testing.assert_array_equal(with_author, without)


def test_models_are_fitted_on_both_views(named):
    """At half the weight each; views without are what calibrator and thresholds are fitted on."""
    weights = []

    class Watch(Memory):
        def fit(self, train_texts):
            """Keep the weights."""
            super().fit(train_texts)
            weights.append(self.weights)
            return self

    crossfit(Watch, named, leave_one_source_out=False, alpha=0.05, beta=0.1)
    for fold, seen in enumerate(weights):
        there = [i for i in range(200) if named.folds[i] != fold]
        assert set(seen) == {view[i] for view in (named.texts, named.with_author) for i in there}
        assert {t: w for t, w in seen.items() if w != 1} == {
            view[i]: 0.5 for view in (named.texts, named.with_author) for i in there if i % 5 == 0
        }


class Cascaded(Memory):
    """A model of two parts."""

    def diagnostics(self, texts):
        """The first is unsure of everything."""
        scores = self.predict_proba(texts)
        distance = np.arange(len(texts), dtype=float)
        return Diagnostics({"first": scores / 2, "second": scores, "distance": distance})


def test_the_parts_of_a_cascade_are_kept(train, gold):
    """Out of fold, for both splits; other models have none."""
    for result in crossfit(Cascaded, train, gold, leave_one_source_out=False, alpha=0.05, beta=0.1):
        np.testing.assert_allclose(result.diagnostics["second"], result.raw)
        np.testing.assert_allclose(result.diagnostics["first"], result.raw / 2)
        assert np.isfinite(result.diagnostics["distance"]).all()
    plain, _ = crossfit(Memory, train, leave_one_source_out=False, alpha=0.05, beta=0.1)
    assert plain.diagnostics == {}


def test_no_threshold_saw_the_source_that_is_left_out(train, gold):
    """Turning its labels round leaves what is said of its posts as it was."""
    turned = replace(train, paid=np.where(train.sources == "s1", 1 - train.paid, train.paid))
    before, after = (
        crossfit(Memory, posts, gold, alpha=0.3, beta=0.3) for posts in (train, turned)
    )
    for old, new, posts in zip(before, after, (train, gold), strict=True):
        own = posts.sources == "s1"
        np.testing.assert_array_equal(new.left_out_flags[own], old.left_out_flags[own])
        assert (new.left_out_flags[~own] != old.left_out_flags[~own]).any()
    without, _ = crossfit(Memory, train, leave_one_source_out=False, alpha=0.3, beta=0.3)
    assert (without.left_out_flags == -1).all()


class Taught(Memory):
    """A student that keeps what it was told, and predicts nothing."""

    told: list[dict[str, list[float]]]

    def fit(self, train):
        """Ask teachers that rate every post by the mean label of what they were fitted on."""

        class Rates:
            def fit(self, seen):
                self.rate = float(seen.paid.mean())
                return self

            def predict_proba(self, texts):
                return np.full((len(texts), 5), self.rate, np.float32)

        said = Answers(Rates, 3, self.cache, "rates").taught(train).taught
        self.told.append(dict(zip(train.texts, said[:, 1].tolist(), strict=True)))
        return super().fit(train)


def test_a_student_was_taught_nothing_of_what_it_is_judged_on(train, tmp_path):
    """Other labels of a fold, or of a source, change no target of the student judged on it."""
    Taught.cache = tmp_path
    told = []
    turned = replace(train, paid=np.where(train.folds == 2, 1 - train.paid, train.paid))
    moved = replace(train, paid=np.where(train.sources == "s1", 1 - train.paid, train.paid))
    for posts in (train, turned, moved):
        Taught.told = []
        crossfit(Taught, posts, alpha=0.05, beta=0.1)
        told.append(Taught.told)
    before, by_fold, by_source = told
    assert len(before) == 5 + 3
    assert [a == b for a, b in zip(before[:5], by_fold[:5], strict=True)] == [
        False, False, True, False, False,
    ]  # fmt: skip
    assert [a == b for a, b in zip(before[5:], by_source[5:], strict=True)] == [False, True, False]
