"""Thresholds hold the error rates they promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.labelled_texts import truths
from unpolished.models.decision.threshold import Threshold
from unpolished.models.decision.thresholds import Thresholds, cause_label, promotion_label


def _fit(negatives, positives, authors=None, **rates):
    p = np.array([*negatives, *positives], np.float32)
    positive = np.arange(len(p)) >= len(negatives)
    names = np.array([str(i) for i in range(len(p))] if authors is None else authors)
    return Threshold.fit(p, positive, names, **rates)


@given(
    st.lists(st.floats(0, 1, width=32), min_size=1, max_size=80),
    st.lists(st.floats(0, 1, width=32), min_size=1, max_size=80),
    st.floats(0.01, 0.4),
    st.floats(0.01, 0.4),
)
def test_error_rates_are_kept_on_the_calibration_set(negatives, positives, alpha, beta):
    """At most alpha of negatives flagged, at most beta of positives missed; cuts in order."""
    cut = _fit(negatives, positives, alpha=alpha, beta=beta)
    assert cut.opposite <= cut.flag
    assert cut.negatives_flagged <= alpha + 1e-9
    assert cut.positives_missed <= beta + 1e-9


def test_new_posts_keep_the_promise():
    """On fresh draws the rates hold on average: the conformal guarantee."""
    rng = np.random.default_rng(1)
    flagged, missed = [], []
    for _ in range(200):
        cut = _fit(rng.beta(2, 5, 150), rng.beta(4, 3, 150))
        flagged.append((rng.beta(2, 5, 500) >= cut.flag).mean())
        missed.append((rng.beta(4, 3, 500) < cut.opposite).mean())
    assert np.mean(flagged) == pytest.approx(0.05, abs=0.012)
    assert np.mean(missed) == pytest.approx(0.10, abs=0.015)


@pytest.mark.parametrize("posts", [1, 10])
@pytest.mark.parametrize(
    ("n", "above"), [(19, 0), (20, 0), (38, 0), (39, 1), (58, 1), (59, 2), (99, 4)]
)
def test_the_cut_counts_the_new_post_in_as_an_author(n, above, posts):
    """Of n authors floor(.05 (n + 1)) - 1 stay above; without the correction it were .05 n.

    Whether each has one post or ten.
    """
    of_authors = np.linspace(0.1, 0.9, n, dtype=np.float32)
    negatives = of_authors.repeat(posts)
    names = [f"n{i}" for i in np.arange(n).repeat(posts)]
    others = [f"p{i}" for i in range(20)]
    # Positives that lie below do not move the upper cut.
    cut = _fit(negatives, [0.0] * 20, names + others)
    assert (cut.decide(of_authors) == 1).sum() == above
    turned = _fit([1.0] * 20, negatives, others + names, beta=0.05)
    assert (turned.decide(of_authors) == 0).sum() == above
    assert cut.alpha_held
    assert turned.beta_held


@pytest.mark.parametrize(("n", "share"), [(5, 1 / 6), (10, 1 / 11), (18, 1 / 19)])
def test_what_few_authors_cannot_hold_is_not_said(n, share):
    """A new post passes all n of them with 1 / (n + 1), above alpha: nothing is flagged."""
    rng = np.random.default_rng(0)
    passed = np.mean([rng.random() > rng.random(n).max() for _ in range(4000)])
    assert passed == pytest.approx(share, abs=0.02)
    cut = _fit(rng.random(n), rng.random(60))
    assert share > cut.alpha
    assert not cut.alpha_held
    assert cut.beta_held
    flags = cut.decide(np.array([0.0, 0.5, 0.999, 1.0], np.float32))
    assert set(flags.tolist()) <= {0, -1}
    assert cut.negatives_flagged == 0
    (said,) = cut.not_held()
    assert said.startswith("nothing is flagged: alpha 0.05 takes 19 authors of posts without")
    assert said.endswith(f"there are {n}")


@pytest.mark.parametrize("n", [1, 8])
def test_few_positives_never_give_the_opposite_label(n):
    """Nine authors carry a beta of .1."""
    cut = _fit(np.linspace(0, 1, 60), np.linspace(0.5, 0.9, n))
    assert not cut.beta_held
    assert cut.alpha_held
    assert set(cut.decide(np.linspace(0, 1, 50, dtype=np.float32)).tolist()) == {-1, 1}
    assert cut.positives_missed == 0
    assert "beta 0.1 takes 9 authors of posts with the property" in cut.not_held()[0]
    held = _fit(np.linspace(0, 1, 60), np.linspace(0.5, 0.9, 9))
    assert held.beta_held
    assert held.not_held() == []


@given(st.floats(0.01, 0.45), st.integers(1, 120))
def test_a_rate_is_held_from_the_authors_on_that_it_takes(rate, n):
    """One over n + 1 is at most the rate, or the label is never given."""
    cut = _fit(np.linspace(0, 0.5, n), np.linspace(0.4, 1, n), alpha=rate, beta=rate)
    assert cut.alpha_held == cut.beta_held == (1 / (n + 1) <= rate + 1e-12)
    assert (cut.negative_authors, cut.positive_authors) == (n, n)


def test_many_posts_of_few_authors_carry_no_more_than_the_authors():
    """Two hundred posts by five people are five: nothing is flagged."""
    negatives = np.linspace(0, 0.5, 200)
    authors = [f"a{i % 5}" for i in range(200)] + [f"p{i}" for i in range(50)]
    cut = _fit(negatives, np.linspace(0.4, 1, 50), authors)
    assert (cut.n_negative, cut.negative_authors) == (200, 5)
    assert not cut.alpha_held


def test_new_authors_keep_the_promise_whose_posts_are_alike():
    """Thirty authors of ten posts each: a new one's share flagged is at most alpha on average."""
    rng = np.random.default_rng(2)
    authors = np.repeat(np.arange(30), 10)
    flagged = []
    for _ in range(800):
        of_author = 0.1 + 0.8 * rng.random(31)
        p = of_author[authors] + rng.normal(0, 0.001, 300)
        cut = _fit(p, [0.0] * 20, [*map(str, authors), *(f"p{i}" for i in range(20))])
        flagged.append(of_author[30] >= cut.flag)
    # A new post that weighs as one of ten posts and not as an author is flagged at .065.
    assert np.mean(flagged) <= 0.05


@given(st.integers(0, 9999))
def test_cuts_do_not_depend_on_the_order_of_posts(seed):
    """To the last bit, ties and authors of several posts included."""
    rng = np.random.default_rng(seed)
    p = (rng.integers(0, 8, 300) / 7).astype(np.float32)
    positive, names = rng.random(300) < 0.4, rng.integers(0, 60, 300).astype(np.str_)
    order = rng.permutation(300)
    fitted = Threshold.fit(p[order], positive[order], names[order])
    assert fitted == Threshold.fit(p, positive, names)


def test_crossing_cuts_become_one():
    """A perfect separation leaves nobody unsure."""
    cut = _fit(np.linspace(0, 0.3, 200), np.linspace(0.7, 1, 200))
    assert cut.flag == cut.opposite
    assert set(cut.decide(np.array([0.0, 0.45, 0.55, 1.0], np.float32)).tolist()) <= {0, 1}


def test_a_prolific_author_does_not_set_the_cut():
    """A hundred posts of one account weigh as one."""
    negatives = [0.9] * 100 + list(np.linspace(0, 0.5, 100))
    authors = ["loud"] * 100 + [f"quiet-{i}" for i in range(100)] + [f"p{i}" for i in range(50)]
    cut = _fit(negatives, np.linspace(0.4, 1, 50), authors)
    assert cut.flag < 0.55


def test_a_higher_probability_never_loses_the_flag():
    """Decisions are monotone."""
    cut = _fit(np.linspace(0, 0.8, 50), np.linspace(0.2, 1, 50))
    order = {0: 0, -1: 1, 1: 2}
    ranks = [order[f] for f in cut.decide(np.linspace(0, 1, 200, dtype=np.float32)).tolist()]
    assert ranks == sorted(ranks)


def test_one_class_is_refused():
    """No threshold without both kinds of posts."""
    with pytest.raises(ValueError, match="with and without"):
        _fit([0.1, 0.2], [])


def test_a_post_is_never_low_and_high():
    """The likelier of the two flags stands."""
    cut = Threshold(flag=0.3, opposite=0.1)
    cuts = Thresholds(p_polished=cut, p_paid=cut, p_performative=cut, p_committed=cut)
    flags = cuts.decide(np.array([[0, 0, 0.5, 0.4, 0], [0, 0, 0.4, 0.5, 0]], np.float32))
    assert flags[:, 2:4].tolist() == [[1, 0], [0, 1]]


def test_the_less_likely_of_two_flags_is_no_opposite_that_cannot_be_held():
    """Where too few posts of low commitment are known, it is unsure whether a post is one."""
    cut = Threshold(flag=0.3, opposite=0.1)
    few = Threshold(flag=0.3, opposite=0.1, beta_held=False)
    cuts = Thresholds(p_polished=cut, p_paid=cut, p_performative=few, p_committed=few)
    scores = [[0, 0, 0.5, 0.4, 0], [0, 0, 0.4, 0.5, 0], [0, 0, 0, 0, 0]]
    flags = cuts.decide(np.array(scores, np.float32))
    assert flags[:, 2:4].tolist() == [[1, -1], [-1, 1], [-1, -1]]
    assert [cause_label(*row) for row in flags[:, 2:4].tolist()] == ["low", "high", "unsure"]


def test_own_promotion_is_decided_where_it_has_a_threshold():
    """Without one it is never said, whatever the score; with one as any other column."""
    cut = Threshold(flag=0.3, opposite=0.1)
    cuts = Thresholds(p_polished=cut, p_paid=cut, p_performative=cut, p_committed=cut)
    scores = np.array([[0, 0, 0, 0, p] for p in (0.05, 0.2, 0.4, np.nan)], np.float32)
    assert cuts.decide(scores)[:, 4].tolist() == [-1] * 4
    told = cuts.model_copy(update={"p_self": cut})
    assert told.decide(scores[:3])[:, 4].tolist() == [0, -1, 1]
    np.testing.assert_array_equal(told.decide(scores)[:, :4], cuts.decide(scores)[:, :4])


def test_no_threshold_is_fitted_on_what_a_model_does_not_tell(tiny_train):
    """The other four are those they were."""
    scores = np.random.default_rng(0).random((len(tiny_train), 5)).astype(np.float32)
    told = Thresholds.fit(scores, tiny_train)
    assert told.p_self is not None
    scores[:, 4] = np.nan
    assert Thresholds.fit(scores, tiny_train) == told.model_copy(update={"p_self": None})


def test_whose_product_is_promoted_is_unsure_where_left_out_sources_make_it_so(tiny_train):
    """What is promised holds for scores of either kind; other columns stay as they are."""
    truth, rng = tiny_train, np.random.default_rng(1)
    positive = np.stack([told.positive for told in truths(truth)], axis=1)
    scores, left_out = (
        (
            1
            / (
                1
                + np.exp(
                    rng.normal(0, 1, positive.shape)
                    - pull * (np.nan_to_num(positive, nan=0.5) - 0.5)
                )
            )
        ).astype("f4")
        for pull in (6.0, 1.0)
    )
    rates = 0.2, 0.2
    folds_alone = Thresholds.fit(scores, truth, *rates)
    both = Thresholds.fit(scores, truth, *rates, left_out)
    for column, name in ((1, "p_paid"), (4, "p_self")):
        cut, narrower = getattr(both, name), getattr(folds_alone, name)
        assert cut.opposite <= narrower.opposite <= narrower.flag <= cut.flag
        assert cut.flag - cut.opposite > narrower.flag - narrower.opposite
        for p in (scores, left_out):
            known = ~np.isnan(positive[:, column])
            of = p[known, column], positive[known, column] == 1, truth.authors[known]
            assert max(cut.rates(*of)) <= 0.2 + 1e-9
        assert cut.left_out_missed == cut.rates(*of)[1]
        assert (cut.n_negative, cut.n_positive) == (narrower.n_negative, narrower.n_positive)
    alike = {name: getattr(folds_alone, name) for name in ("p_paid", "p_self")}
    assert both.model_copy(update=alike) == folds_alone
    untold = np.full_like(scores, np.nan)
    assert Thresholds.fit(scores, truth, *rates, untold) == folds_alone


def test_a_left_out_rate_that_too_few_authors_carry_is_not_said_to_hold():
    """The other rate is held all the same."""
    rng = np.random.default_rng(0)
    n, few = 200, 4
    positive = np.arange(n) >= n - few
    authors = np.array([str(i) for i in range(n)])
    folds, left_out = (rng.random(n).astype(np.float32) for _ in range(2))
    left_out[positive] /= 1_000
    cut, other = (Threshold.fit(p, positive, authors) for p in (folds, left_out))
    assert other.opposite < cut.opposite
    assert (other.alpha_held, other.beta_held) == (True, False)
    both = cut.held_by(other, (folds, positive, authors), (left_out, positive, authors))
    assert both.flag == max(cut.flag, other.flag)
    assert both.opposite == cut.opposite
    assert both.left_out_flagged is not None
    assert both.left_out_missed is None


@pytest.mark.parametrize(
    ("low", "high", "label"),
    [
        (1, 0, "low"),
        (0, 1, "high"),
        (0, 0, "none"),
        (-1, 0, "unsure"),
        (0, -1, "unsure"),
        (1, -1, "low"),
    ],
)
def test_cause_label(low, high, label):
    """From two flags to one word."""
    assert cause_label(low, high) == label


@pytest.mark.parametrize(
    ("paid", "own", "label"),
    [
        (1, 0, "third_party"),
        (1, 1, "third_party"),
        (0, 1, "self"),
        (-1, 1, "self"),
        (0, 0, "none"),
        (-1, 0, "unsure"),
        (0, -1, "unsure"),
        (-1, -1, "unsure"),
    ],
)
def test_promotion_label(paid, own, label):
    """From the flags of paid and of one's own to one word."""
    assert promotion_label(paid, own) == label
