"""The floor: what cues written down beforehand say."""

import numpy as np
import pytest
from unpolished.models.base import SELF
from unpolished.models.families.rules import BIAS, WEIGHTS, Rules

NO_CUE = "grey stone beside cold water"


def test_a_post_without_a_cue_has_what_is_said_of_most_posts():
    """Neither polished nor paid nor committed: exp(b) / (1 + exp(b)), low and high sharing one."""
    (p,) = Rules().predict_proba([NO_CUE])
    np.testing.assert_allclose(p[:4], [0.3775, 0.0759, 0.1142, 0.0420], atol=5e-5)


def test_own_promotion_is_not_told():
    """No cue was written down for it."""
    assert np.isnan(Rules().predict_proba([NO_CUE, "shop my store"])[:, SELF]).all()


def test_each_axis_has_its_own_bias():
    """They are read by their order."""
    assert list(BIAS) == list(WEIGHTS)


@pytest.mark.parametrize(
    ("column", "more", "less"),
    [
        (0, "Shop the new collection now!", "ugh my bus is late again lol"),
        (1, "love it, use <code> from @user1", "my bus is late, refund please"),
        (2, "We stand with you, thoughts and prayers", "they sell soup"),
        (3, "I donated to the relief fund <url>", "they sell soup"),
    ],
)
def test_cues_move_their_axis(column, more, less):
    """Above what a post without any has, and below it where they speak against."""
    there, against, none = Rules().predict_proba([more, less, NO_CUE])[:, column]
    assert there > none
    assert against <= none + 1e-6
