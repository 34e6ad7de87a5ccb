"""What speaks for a flag: the strongest spans, and nothing that speaks against it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.text.masking import mask
from unpolished.models.explain import MAX_GROUPS, MAX_WORDS, find_reasons

TEXT = "grand soup today with cold bread and warm tea"


class Additive:
    """A model whose words have shares of their own, for ``paid``."""

    def __init__(self, shares):
        self.shares = shares

    def contributions(self, text):
        """Each word with its share."""
        found, start = [], 0
        for word in text.split():
            start = text.index(word, start)
            share = np.array([0.0, self.shares.get(word, 0.0), 0.0, 0.0, 0.0])
            found.append((start, start + len(word), share))
            start += len(word)
        return found


class Occluded:
    """A model without shares: paid is likelier by each word that is there."""

    def __init__(self, log_odds):
        self.log_odds = log_odds

    def predict_proba(self, texts):
        """A sum over the words, seen from outside."""
        sums = [sum(self.log_odds.get(word, 0.0) for word in text.split()) for text in texts]
        p = 1 / (1 + np.exp(-np.array(sums)))
        return np.stack([np.full(len(p), 0.5), p, *np.zeros((3, len(p)))], 1)


def _reasons(model, text=TEXT):
    return find_reasons(model, mask(text), text, (1,))


@pytest.mark.parametrize("kind", [Additive, Occluded])
def test_a_word_that_speaks_against_a_flag_is_no_reason(kind):
    """There are fewer reasons than could be shown, none of weight 0 or below."""
    reasons = _reasons(kind({"soup": 1.0, "bread": 0.5, "cold": -2.0, "tea": -0.1}))
    assert [reason.text for reason in reasons] == ["soup", "bread"]
    assert [reason.weight for reason in reasons] == pytest.approx([1.0, 0.5], abs=1e-3)
    assert _reasons(kind({"soup": -1.0})) == ()
    assert _reasons(kind({})) == ()


def test_the_strongest_come_first_and_neighbours_are_one_span():
    """Their weights add up; a place is that of the post as it was written."""
    reasons = _reasons(Additive({"cold": 0.4, "bread": 0.5, "grand": 0.7}))
    assert [(reason.text, reason.weight) for reason in reasons] == [
        ("cold bread", 0.9), ("grand", 0.7),
    ]  # fmt: skip
    assert all(TEXT[reason.start : reason.end] == reason.text for reason in reasons)


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=30))
def test_reasons_are_the_highest_shares_above_nothing(shares):
    """Against sorting them by hand, whatever is joined."""
    words = [f"w{i}x" for i in range(len(shares))]
    of_word = dict(zip(words, map(float, shares), strict=True))
    reasons = _reasons(Additive(of_word), " ".join(words))
    weights = sorted((share for share in shares if share > 0), reverse=True)[:MAX_WORDS]
    assert sum(reason.weight for reason in reasons) == pytest.approx(sum(weights))
    assert [r.weight for r in reasons] == sorted((r.weight for r in reasons), reverse=True)


def test_a_long_post_is_hidden_in_at_most_twenty_groups():
    """Each is asked once, beside the whole."""
    asked = []

    class Counting(Occluded):
        def predict_proba(self, texts):
            asked.append(len(texts))
            return super().predict_proba(texts)

    text = " ".join(f"w{i}x" for i in range(90))
    assert _reasons(Counting({"w4x": 1.0}), text)[0].text.split()[-1] == "w4x"
    assert asked == [1 + MAX_GROUPS]
