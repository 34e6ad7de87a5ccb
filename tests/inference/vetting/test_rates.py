"""Corrected shares are right on the average, and their intervals hold what they promise."""

import numpy as np
import pytest
from unpolished.inference.vetting.rates import ENOUGH, Rate, Rates, corrected, rates_of
from unpolished.models.pipeline import Pipeline

GOOD = Rates(Rate(0.8, 200), Rate(0.05, 200))


def test_of_too_few_posts_nothing_is_said():
    """One more is enough."""
    assert corrected(3, ENOUGH - 1, GOOD) is None
    assert corrected(3, ENOUGH, GOOD) is not None


@pytest.mark.parametrize("flagged", [0, 5, 50, 100])
def test_a_share_is_in_its_interval_and_between_none_and_all(flagged):
    """Also where more is flagged than a perfect creator's would be."""
    found = corrected(flagged, 100, GOOD)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_what_is_certain_is_counted_as_such():
    """The correction is for the others alone; that others may come is in the interval."""
    found = corrected(0, 100, Rates(Rate(0.8, 1e6), Rate(0.0, 1e6)), certain=40)
    assert found.value == 0.4
    assert 0.3 < found.low < 0.4 < found.high < 0.52
    assert corrected(0, 40, GOOD, certain=40).value == 1


@pytest.mark.parametrize("flagged", [0, 100])
def test_of_nothing_or_all_flagged_some_doubt_is_left(flagged):
    """No interval is a point: a creator's own rates may be better than those of others."""
    found = corrected(flagged, 100, GOOD)
    assert found.high - found.low > 0.01


@pytest.mark.parametrize(("disclosed", "hidden"), [(0.3, 0.0), (0.3, 0.1), (0.5, 0.0)])
def test_intervals_cover_where_some_is_disclosed(disclosed, hidden):
    """The share of the creator, not only that of these posts."""
    generator = np.random.default_rng(11)
    hit, false, posts, covered = 0.6, 0.05, 50, 0
    for trial in range(300):
        kind = generator.choice(3, posts, p=[disclosed, hidden, 1 - disclosed - hidden])
        flagged = generator.random(posts) < np.where(kind == 1, hit, false)
        rates = Rates(
            Rate(generator.binomial(150, hit) / 150, 150),
            Rate(generator.binomial(400, false) / 400, 400),
        )
        found = corrected(
            int(flagged[kind > 0].sum()), posts, rates, certain=int((kind == 0).sum()), seed=trial
        )
        covered += found.low <= disclosed + hidden <= found.high
    assert covered / 300 >= 0.92


@pytest.mark.parametrize(
    ("share", "hit", "false"), [(0.3, 0.8, 0.05), (0.1, 0.6, 0.04), (0.6, 0.9, 0.1)]
)
def test_intervals_cover_the_truth(share, hit, false):
    """Rates are measured on samples, and the creator's posts are one, too: 95 % of the time."""
    generator = np.random.default_rng(7)
    covered, values = 0, []
    for trial in range(300):
        posts, n_hit, n_false = 80, 150, 400
        positive = generator.random(posts) < share
        flagged = int((generator.random(posts) < np.where(positive, hit, false)).sum())
        rates = Rates(
            Rate(generator.binomial(n_hit, hit) / n_hit, n_hit),
            Rate(generator.binomial(n_false, false) / n_false, n_false),
        )
        found = corrected(flagged, posts, rates, seed=trial)
        covered += found.low <= share <= found.high
        values.append(found.value)
    assert covered / 300 >= 0.92
    assert np.mean(values) == pytest.approx(share, abs=0.03)


def test_a_flag_without_use_says_nothing():
    """As often right as wrong: the share may be anything."""
    found = corrected(10, 100, Rates(Rate(0.1, 50), Rate(0.1, 50)))
    assert found.low == 0
    assert found.high > 0.9


def test_the_shipped_model_has_rates():
    """Of each flag that the report shows."""
    info = Pipeline.load(None).info
    rates = rates_of(info)
    assert set(rates) == {"polished", "paid", "performative"}
    for flag, (axis, column) in {
        "paid": ("paid", "p_paid"),
        "polished": ("style", "p_polished"),
    }.items():
        assert rates[flag].hit.mean == info.metrics[axis]["recall"][0]
        assert rates[flag].false_flag.mean == getattr(info.thresholds, column).negatives_flagged
        assert rates[flag].hit.mean > rates[flag].false_flag.mean
