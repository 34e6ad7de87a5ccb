"""A scorer that is sent elsewhere: the address of its model, and what has to be the same there."""

from copy import copy

import pytest
from unpolished.inference.reopen import reopened
from unpolished.inference.scorer import Scorer
from unpolished.models.fingerprint import program
from unpolished.models.runtime import Runtime
from unpolished.models.saved_model import ModelError

TEXT = "in love with this serum from @glow, use code MAYA10 #ad"


def test_it_scores_alike_and_is_opened_once(scorer):
    """As what is taken apart and put together again by whatever sends it."""
    sent = copy(scorer)
    assert sent is not scorer
    assert sent is copy(scorer)
    assert sent.score(TEXT) == scorer.score(TEXT)
    assert sent.runtime == scorer.runtime


def test_a_shipped_model_goes_by_its_name(model_folder):
    """It may lie in another folder there; one's own goes by its whole path, with how it is run."""
    assert Scorer.load("linear").__reduce__()[1][0] == "linear"
    own = Scorer.load(model_folder, Runtime(threads=1)).__reduce__()
    assert own[1][:2] == (str(model_folder), Runtime(threads=1))


def test_another_model_or_other_rules_are_found_out(scorer):
    """Nothing is scored with them."""
    address, runtime, digest, made_of = scorer.__reduce__()[1]
    assert made_of == dict(program())
    with pytest.raises(ModelError, match="the model was changed while it was in use"):
        reopened(address, runtime, "0", made_of)
    with pytest.raises(ModelError, match="another program: the table data/text/disclosure/terms"):
        reopened(address, runtime, digest, made_of | {"data/text/disclosure/terms.toml": "0"})


def test_a_model_in_no_folder_stays_where_it_is(scorer):
    """There is nothing to find it by."""
    with pytest.raises(TypeError, match=r"open it with Scorer\.load"):
        copy(Scorer(scorer._bundle))
