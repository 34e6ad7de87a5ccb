"""Device, batch size and length: they change how an encoder runs, not what it says."""

import numpy as np
import onnxruntime
import pytest
from unpolished.models.encoder import FinetunedEncoder
from unpolished.models.encoder_export import pinned_encoder
from unpolished.models.encoder_options import EncoderOptions
from unpolished.models.families import family_class
from unpolished.models.runtime import Runtime, providers, tuned
from unpolished.models.stack import Stack

TEXTS = ["ugh my bus was late again", "so in love with this serum from @user1, use <code>", "nope"]


class Holding:
    """Stands for a stack: it has a member that is an encoder."""

    family = "stack"

    def __init__(self, encoder):
        self.encoder = encoder


@pytest.mark.slow
def test_an_encoder_runs_as_asked(tiny_train, tmp_path):
    """Other batches and threads give the same scores within 1e-5; fewer tokens give others."""
    options = EncoderOptions(epochs=1, batch_size=8, max_tokens=32, checks_per_epoch=1)
    encoder = FinetunedEncoder(options, pinned_encoder(), tmp_path / "cache").fit(tiny_train)
    encoder.save(tmp_path)
    expected = encoder.predict_proba([*TEXTS, *tiny_train.texts])
    running = tuned(encoder, Runtime(batch_size=3, threads=1), tmp_path)
    found = running.predict_proba([*TEXTS, *tiny_train.texts])
    np.testing.assert_allclose(found, expected, atol=1e-5)
    short = tuned(encoder, Runtime(max_length=8), tmp_path)
    assert np.abs(short.predict_proba(TEXTS)[1] - expected[1]).max() > 1e-4
    held = tuned(Holding(encoder), Runtime(batch_size=3), tmp_path)
    assert held.encoder.batch_size == 3
    assert held.encoder.max_tokens == 32


@pytest.mark.parametrize("runtime", [Runtime("cuda"), Runtime(batch_size=4), Runtime(max_length=9)])
def test_what_has_no_meaning_is_refused(runtime, tmp_path):
    """A model without an encoder has neither batches nor a GPU; threads are no matter."""
    rules = family_class("rules")()
    with pytest.raises(ValueError, match="a model of the family rules"):
        tuned(rules, runtime, tmp_path)
    assert tuned(rules, Runtime(threads=3), tmp_path) is rules


def test_a_gpu_is_taken_only_where_there_is_one(monkeypatch):
    """Asked for and not there: said so."""
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    assert providers("auto") == providers("cpu") == ["CPUExecutionProvider"]
    with pytest.raises(ValueError, match="install onnxruntime-gpu"):
        providers("cuda")
    known = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: known)
    assert providers("auto") == providers("cuda") == known
    assert providers("cpu") == ["CPUExecutionProvider"]


def test_the_members_have_the_names_that_are_looked_for():
    """Else an encoder inside another model would not be found."""
    assert Stack(None, "encoder", 0.5).encoder == "encoder"
