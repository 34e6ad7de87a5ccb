"""Device, batch size, length and numbers: taken where there is a network, refused elsewhere."""

import onnxruntime
import pytest
from unpolished.models.families.by_name import FAMILIES, family_class
from unpolished.models.families.embed import Embed
from unpolished.models.finetune.export import exported_encoder
from unpolished.models.onnx.sentence_encoder import SentenceEncoder
from unpolished.models.runtime import (
    Runtime,
    Tunable,
    default_threads,
    processors,
    providers,
    tuned,
)
from unpolished.models.saved_model import load_model
from unpolished.models.shipped.folders import SHIPPED


def test_every_family_with_a_network_takes_what_is_set():
    """The others have nothing that could."""
    found = {name for name in FAMILIES if issubclass(family_class(name), Tunable)}
    assert found == {"embed", "encoder", "stack", "cascade", "student"}


def test_what_is_set_reaches_the_network():
    """Through the model around it."""
    student, _ = load_model(SHIPPED["default"])
    runtime = Runtime(batch_size=3, max_length=9, threads=2)
    assert tuned(student, runtime) is student
    network = student.encoder._network
    assert (network.batch_size, network.max_tokens, network.threads) == (3, 9, 2)


@pytest.mark.slow
def test_an_embedding_model_runs_as_asked(tmp_path):
    """Its embeddings are of fewer tokens, in other batches the same, and it tells."""
    encoder = SentenceEncoder(exported_encoder(tmp_path))
    texts = ["late bus again lol", "so in love with this serum from @user1 " * 40, "nope"]
    model = Embed(encoder)
    whole = encoder.read(texts)
    assert whole.truncated.tolist() == [False, True, False]
    tuned(model, Runtime(batch_size=1, threads=1))
    assert abs(encoder.read(texts).output - whole.output).max() < 1e-5
    tuned(model, Runtime(max_length=8))
    short = encoder.read([*texts, "the bus was late again and so was I, this morning"])
    assert short.truncated.tolist() == [False, True, False, True]
    assert abs(short.output[1] - whole.output[1]).max() > 1e-3


@pytest.mark.parametrize(
    "runtime",
    [Runtime("cuda"), Runtime(batch_size=4), Runtime(max_length=9), Runtime(precision="int8")],
)
@pytest.mark.parametrize("family", ["rules", "linear"])
def test_what_has_no_meaning_is_refused(family, runtime):
    """A model without a network has neither batches nor a GPU; threads are no matter."""
    model = family_class(family)()
    with pytest.raises(ValueError, match=f"a model of the family {family}"):
        tuned(model, runtime)
    assert tuned(model, Runtime(threads=3)) is model


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


def test_threads_are_those_told(monkeypatch):
    """OMP_NUM_THREADS, as Spark sets it; else one for each processor."""
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert default_threads() == 3
    for nothing in ("", "0", "many"):
        monkeypatch.setenv("OMP_NUM_THREADS", nothing)
        assert default_threads() == processors()
