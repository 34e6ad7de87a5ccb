"""What heads are fitted on: labels, and a share of what a teacher answers."""

from dataclasses import replace

import numpy as np
import pytest
from unpolished.models.features.targets import soft_labels, taught_labels

NAN = np.nan
AXES = ("style", "paid", "cause")


@pytest.fixture
def asked(tiny_train):
    """Posts of which a teacher said something, one aside."""
    rng = np.random.default_rng(0)
    three, causes = (rng.dirichlet([1, 1, 1], len(tiny_train)) for _ in range(2))
    columns = [rng.random(len(tiny_train)), three[:, 2], causes[:, 1], causes[:, 2], three[:, 1]]
    taught = np.stack(columns, axis=1).astype(np.float32)
    taught[3] = NAN
    return replace(tiny_train, taught=taught)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_shares_sum_to_one_or_are_unknown(asked, share):
    """Of each post, on each axis."""
    for labels in soft_labels(asked, dict.fromkeys(AXES, share)).values():
        sums = labels.sum(axis=1)
        assert (np.isclose(sums, 1, atol=1e-5) | np.isnan(sums)).all()


def test_without_a_share_the_teacher_is_not_heard(asked, tiny_train):
    """The labels are those that they would be without a teacher."""
    for axis, labels in soft_labels(asked).items():
        np.testing.assert_array_equal(labels, soft_labels(tiny_train)[axis])


def test_a_label_and_an_answer_are_mixed_and_no_answer_makes_up_for_a_label(asked):
    """Small shares are left out, so the mix is held to within them; each axis has its own."""
    style = asked.style.copy()
    style[:2] = [1.0, NAN]
    style[3] = 0.0
    posts = replace(asked, style=style)
    labels = soft_labels(posts, {"style": 0.25, "paid": 0.0, "cause": 0.0})
    mixed = labels["style"][:, 1]
    assert mixed[0] == pytest.approx(0.75 + 0.25 * asked.taught[0, 0], abs=0.02)
    assert np.isnan(mixed[1])
    assert mixed[3] == 0.0
    np.testing.assert_array_equal(labels["cause"], soft_labels(posts)["cause"])


def test_a_teacher_that_does_not_tell_promotion_of_ones_own_speaks_of_two_classes():
    """A third class of which nothing was said makes the answer unknown."""
    taught = np.array([[0.5, 0.3, 0.1, 0.2, NAN]], np.float32)
    np.testing.assert_allclose(taught_labels(taught, 2)["paid"], [[0.7, 0.3]], rtol=1e-6)
    assert np.isnan(taught_labels(taught, 3)["paid"]).any()
    np.testing.assert_allclose(taught_labels(taught, 3)["cause"], [[0.7, 0.1, 0.2]], rtol=1e-6)
