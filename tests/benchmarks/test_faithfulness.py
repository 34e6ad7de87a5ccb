"""What reasons carry, on a model whose log-odds are a sum over words."""

from types import SimpleNamespace

import numpy as np
import pytest
from faithfulness import Posts, alone, case_of, falls, flagged_cases, without
from reasons import Hidden
from unpolished.data.text.masking import mask
from unpolished.models.decision.threshold import FLAGGED

PAID = 1
WEIGHTS = {"voucher": 2.0, "serum": 1.5, "glow": 1.0, "rain": -1.0, "bus": -0.5, "late": 0.1}
TEXTS = (
    "late again with the voucher for that serum and the rain came down on all of us",
    "my glow is from the serum i say while the bus stands in rain and nobody sings",
    "a voucher and one more voucher then home by bus to a dog that wants its walk now",
)


class Additive:
    """Paid is likelier by each word that is there."""

    def predict_proba(self, texts):
        """A sum over the words."""
        sums = [sum(WEIGHTS.get(word, 0.0) for word in text.split()) for text in texts]
        p = 1 / (1 + np.exp(-np.array(sums)))
        return np.stack([np.full(len(p), 0.5), p, *np.zeros((3, len(p)))], 1)

    def contributions(self, text):
        """Each word with its weight."""
        ends = np.cumsum([len(word) + 1 for word in text.split()])
        return [
            (end - len(word) - 1, end - 1, np.eye(5)[PAID] * WEIGHTS.get(word, 0.0))
            for word, end in zip(text.split(), ends, strict=True)
        ]


@pytest.fixture
def pipeline():
    """The model, whose probabilities need no calibration."""
    return SimpleNamespace(
        model=Additive(), info=SimpleNamespace(calibration=SimpleNamespace(apply=lambda p: p))
    )


def _cases(explained):
    return [case_of(explained, text, mask(text), PAID) for text in TEXTS]


@pytest.mark.parametrize("explained", [Additive(), Hidden(Additive())])
def test_reasons_carry_a_flag_more_than_random_words(pipeline, explained):
    """Of every post, by every quantity, whichever way they were found."""
    for found in falls(pipeline, _cases(explained)).values():
        assert (found.without > found.without_random).all()
        assert (found.alone < found.alone_random).all()


def test_words_that_speak_against_a_flag_are_found_out(pipeline):
    """Reasons that are none carry it less than random words."""
    wrong = [
        case._replace(reasons=case.strongest[-2:], strongest=case.strongest[::-1])
        for case in _cases(Additive())
    ]
    for found in falls(pipeline, wrong).values():
        assert (found.without < found.without_random).all()
        assert (found.alone > found.alone_random).all()


def test_log_odds_lose_the_weights_of_what_is_taken(pipeline):
    """Without the reasons, theirs; with the reasons alone, all others."""
    found = falls(pipeline, _cases(Additive()))["log-odds"]
    for n, text in enumerate(TEXTS):
        weights = [WEIGHTS.get(word, 0.0) for word in text.split()]
        assert found.without[n] == pytest.approx(sum(w for w in weights if w > 0), abs=1e-5)
        assert found.alone[n] == pytest.approx(sum(w for w in weights if w < 0), abs=1e-5)


def test_words_are_taken_from_the_post_as_it_was_written():
    """What the model does not see is no word; what is left is masked anew."""
    text = "#ad @shop sent me a serum, code ANA15 https://short.example/x #glow"
    case = case_of(Additive(), text, mask(text), PAID)
    everything = range(len(case.words))
    assert mask(without(case, everything)).text == ""
    assert mask(alone(case, everything)).text == mask(text).text
    taken = [text[slice(*case.words[i])] for i in everything]
    assert "#ad" not in taken
    assert taken[2:4] == ["code ANA15"] * 2


def test_only_flagged_posts_whose_reasons_leave_a_word_are_judged():
    """Where all words are reasons, no other words could be drawn; of the rest, so many at most."""
    texts = ["voucher serum", *TEXTS, "late bus in rain"]
    posts = Posts(texts, [f"g{n}" for n in range(5)])
    flags = np.zeros((5, 5), np.int8)
    flags[:4, PAID] = FLAGGED
    found = flagged_cases(Additive(), posts, flags, PAID, 9)
    assert {case.text for case in found} == set(TEXTS)
    assert len(flagged_cases(Additive(), posts, flags, PAID, 2)) == 2
