"""The fine-tuned encoder: fitted with torch, kept, exported in 8 bits, scored without torch."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from unpolished import Scorer
from unpolished.models.families.encoder import FinetunedEncoder
from unpolished.models.finetune.export_check import ExportError
from unpolished.models.finetune.options import EncoderOptions
from unpolished.models.finetune.pinned import pinned_encoder
from unpolished.models.onnx import int8_weights
from unpolished.models.pipeline import Pipeline
from unpolished.models.saved_model import ModelError, load_model, save_model
from unpolished.models.shipped.folders import SHIPPED

OPTIONS = EncoderOptions(epochs=2, batch_size=8, max_tokens=32, checks_per_epoch=1)
TEXTS = [
    "ugh my bus was late again",
    "so in love with this serum from @user1, use <code>",
    "nope",
    "",
]


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """Where fits are kept."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def fitted(tiny_train, cache):
    """Two passes over the tiny training set."""
    return FinetunedEncoder(OPTIONS, pinned_encoder(), cache).fit(tiny_train)


@pytest.mark.slow
def test_it_learns_and_says_how_far_the_export_is_off(fitted, tiny_train):
    """Training posts are told apart; eight bits cost next to nothing."""
    p = fitted.predict_proba(tiny_train.texts)
    assert (p.dtype, p.shape) == (np.float32, (len(tiny_train), 5))
    assert (p[:, 2] + p[:, 3] <= 1 + 1e-6).all()
    assert (p[:, 1] + p[:, 4] <= 1 + 1e-6).all()
    paid = tiny_train.paid == 1
    assert np.median(p[paid, 1]) > np.median(p[tiny_train.paid == 0, 1]) + 0.2
    report = fitted.diagnostics(()).figures
    assert report["export.relative_difference"] <= 0.05
    assert 0 < report["export.mean_difference"] < report["export.max_difference"] < 0.05


@pytest.mark.slow
def test_batch_mates_do_not_change_a_score(fitted, tiny_train):
    """Alone, among others, backwards: within 1e-5."""
    together = fitted.predict_proba([*TEXTS, *tiny_train.texts])[: len(TEXTS)]
    alone = np.concatenate([fitted.predict_proba([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_allclose(fitted.predict_proba(TEXTS[::-1])[::-1], alone, atol=1e-5)
    assert fitted.predict_proba([]).shape == (0, 5)


@pytest.mark.slow
def test_a_fit_is_kept_and_found_again(fitted, tiny_train, cache, monkeypatch):
    """By all that goes into it; another seed is another fit."""
    monkeypatch.setattr(FinetunedEncoder, "_fit", lambda *_: pytest.fail("fitted again"))
    again = FinetunedEncoder(OPTIONS, pinned_encoder(), cache).fit(tiny_train)
    np.testing.assert_array_equal(again.predict_proba(TEXTS), fitted.predict_proba(TEXTS))
    changed = replace(tiny_train, weight=tiny_train.weight * 2)
    for model, train in (
        (FinetunedEncoder(OPTIONS, pinned_encoder(), cache, seed=1), tiny_train),
        (FinetunedEncoder(OPTIONS, pinned_encoder(), cache), changed),
    ):
        with pytest.raises(pytest.fail.Exception, match="fitted again"):
            model.fit(train)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_scores(fitted, tiny_train):
    """Without the cache."""
    again = FinetunedEncoder(OPTIONS, pinned_encoder()).fit(tiny_train)
    np.testing.assert_array_equal(again.predict_proba(TEXTS), fitted.predict_proba(TEXTS))


@pytest.mark.slow
def test_steps_are_told(tiny_train):
    """Done, planned, loss and time left."""
    steps = []
    FinetunedEncoder(OPTIONS, pinned_encoder(), on_step=steps.append).fit(tiny_train)
    assert [step.done for step in steps] == list(range(1, len(steps) + 1))
    assert steps[-1].done <= steps[-1].total
    assert steps[-1].loss < steps[0].loss
    assert steps[0].seconds_left > 0


@pytest.mark.slow
def test_saved_small_reloaded_bit_equal_and_scored_without_torch(fitted, tiny_info, tmp_path):
    """Under 30 MB; a changed weight is refused."""
    folder = tmp_path / "model"
    save_model(folder, fitted, tiny_info(fitted), "# card\n")
    assert sum(path.stat().st_size for path in folder.iterdir()) < 30_000_000
    model, _ = load_model(folder)
    np.testing.assert_array_equal(model.predict_proba(TEXTS), fitted.predict_proba(TEXTS))
    assert Pipeline.load(folder).info.family == "encoder"
    post = "late bus again so tired"
    program = (
        "import sys; sys.modules.update(torch=None, transformers=None)\n"
        "from unpolished import Scorer\n"
        f"print(Scorer.load({str(folder)!r}).score({post!r})[0].model_dump_json())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == Scorer.load(folder).score(post)[0].model_dump_json()
    weights = folder / "encoder.onnx"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(bytes(content))
    with pytest.raises(ModelError, match=r"encoder\.onnx was changed"):
        load_model(folder)


@pytest.mark.slow
@pytest.mark.parametrize("epochs", [1, 2])
def test_an_export_is_held_against_the_network(tiny_train, epochs, monkeypatch):
    """Eight bits pass however little was learnt, four do not."""
    options = OPTIONS.model_copy(update={"epochs": epochs, "trainable_layers": 1})
    FinetunedEncoder(options, pinned_encoder()).fit(tiny_train)
    monkeypatch.setattr(int8_weights, "LIMIT", 7)
    with pytest.raises(ExportError, match="of their spread"):
        FinetunedEncoder(options, pinned_encoder()).fit(tiny_train)


def test_without_its_origin_nothing_is_fitted(tiny_train):
    """Said at once."""
    with pytest.raises(ValueError, match="not given"):
        FinetunedEncoder(OPTIONS).fit(tiny_train)


def test_a_missing_extra_is_named(tmp_path, monkeypatch):
    """What to install, instead of a traceback."""
    (tmp_path / "encoder.json").write_text('{"options": {}, "export": {}}')
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ImportError, match="pip install onnxruntime tokenizers"):
        FinetunedEncoder.load(tmp_path)


class _Counted(FinetunedEncoder):
    """An encoder whose fit is a graph that says the same of every token."""

    fits = 0

    def _fit(self, train, origin, folder):
        """Count, and write the folder of a fit."""
        type(self).fits += 1
        ids, mask = (
            helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "length"])
            for name in ("input_ids", "attention_mask")
        )
        out = helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", 5])
        table = numpy_helper.from_array(np.full((1, 5), 0.2, np.float32), "table")
        zero = numpy_helper.from_array(np.zeros(1, np.int64), "zero")
        nodes = [
            helper.make_node("Mul", ["input_ids", "zero"], ["zeros"]),
            helper.make_node("Gather", ["table", "zeros"], ["each"]),
            helper.make_node("ReduceMean", ["each"], ["probabilities"], axes=[1], keepdims=0),
        ]
        graph = helper.make_graph(nodes, "g", [ids, mask], [out], [table, zero])
        opset = [helper.make_opsetid("", 17)]
        onnx.save(
            helper.make_model(graph, opset_imports=opset, ir_version=8), folder / "encoder.onnx"
        )
        shutil.copyfile(SHIPPED["default"] / "tokenizer.json", folder / "tokenizer.json")
        described = {"options": self.options.model_dump(), "export": {}, "columns": 5}
        (folder / "encoder.json").write_text(json.dumps(described), "utf-8")


def test_each_fit_is_made_once_and_fits_stand_side_by_side(tiny_train, tmp_path, monkeypatch):
    """In one folder, however many there are; without one, nothing is kept."""
    monkeypatch.setattr(_Counted, "fits", 0)
    (tmp_path / "model.safetensors").write_bytes(b"the encoder to fine-tune")
    cache = tmp_path / "cache"
    for seed in (0, 1, 0, 1):
        _Counted(OPTIONS, tmp_path, cache, seed=seed).fit(tiny_train)
    assert _Counted.fits == len(list((cache / "fits").iterdir())) == 2
    for _ in range(2):
        _Counted(OPTIONS, tmp_path).fit(tiny_train)
    assert _Counted.fits == 4
