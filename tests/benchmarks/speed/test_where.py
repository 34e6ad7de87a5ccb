"""What each stage costs."""

import sys
import time
from pathlib import Path

from speed.where import STAGES, STAGES_0_1, Looker, stage, stage_of
from unpolished import __file__ as package


def test_a_function_is_more_exact_than_its_module():
    """And what is not known is the rest."""
    assert stage("models.onnx.session", "_tokenised") == "tokenizer"
    assert stage("models.onnx.session", "_run") == "network"
    assert stage("data.text.masking", "mask") == "masking"
    assert stage("data.text.language.batch", "posteriors") == "language"
    assert "rest" in stage("inference.batch.score_file", "score_file")


def test_modules_of_the_first_version_have_stages_of_their_own():
    """Its names, which are no folders."""
    assert stage("data.masking", "mask") == "masking"
    assert stage("models.network", "_tokenised") == "tokenizer"
    assert set(STAGES_0_1.values()) <= set(STAGES.values())


def test_stages_are_named_by_modules_that_are_there():
    """A module that moves takes its stage along."""
    for name in STAGES:
        path = Path(package).parent / name.replace(".", "/")
        module = path if path.with_suffix(".py").is_file() else path.parent
        assert path.is_dir() or module.with_suffix(".py").is_file()


def test_what_a_library_does_counts_for_the_function_that_called_it(tmp_path):
    """The innermost one below the folder of the project."""
    code = compile(
        "import sys\ndef mask(go): return go()", str(tmp_path / "data/masking.py"), "exec"
    )
    names = {}
    exec(code, names)  # noqa: S102
    assert names["mask"](lambda: stage_of(sys._getframe(), tmp_path)) == "masking"
    assert "rest" in stage_of(sys._getframe(), tmp_path)


def test_all_processor_time_of_the_thread_is_counted():
    """Nearly: what has passed since the last look is not."""
    began = time.thread_time()
    with Looker(Path(__file__).parent / "none") as looker:
        while time.thread_time() - began < 0.2:
            pass
    assert 0.1 < sum(looker.seconds.values()) < 0.4
