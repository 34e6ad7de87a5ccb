"""Nothing heavy is imported to score with a linear model, nothing at all to print help."""

import json
import subprocess
import sys

TRAINING = {"torch", "transformers", "datasets", "skops", "mlflow", "matplotlib"}
HEAVY = TRAINING | {"onnxruntime", "onnx", "tokenizers"}

TELL = "\nimport sys, json; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"


def _modules(code):
    command = [sys.executable, "-c", code + TELL]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_scoring_one_post_imports_nothing_heavy():
    """With all of it installed; the light model. Nor scikit-learn and what it brings along."""
    code = "from unpolished import Scorer; Scorer.load('linear').score('late bus again lol')"
    loaded = _modules(code)
    assert "numpy" in loaded
    assert not loaded & (HEAVY | {"sklearn", "scipy", "pandas"})


def test_the_default_model_needs_nothing_of_training():
    """The encoder is scored by onnxruntime."""
    loaded = _modules("from unpolished import Scorer; Scorer.load().score('late bus again lol')")
    assert "onnxruntime" in loaded
    assert not loaded & TRAINING


def test_explaining_one_post_imports_nothing_heavy():
    """Through the command line's own code."""
    code = (
        "import sys\nsys.argv = ['unpolished', 'explain', 'late bus again', '--model', 'linear']\n"
    )
    code += "from unpolished.cli.main import app\napp(standalone_mode=False)"
    assert not _modules(code) & HEAVY


def test_help_imports_next_to_nothing():
    """Neither numpy nor scikit-learn nor pydantic."""
    code = "import sys; sys.argv = ['unpolished', '--help']\n"
    code += "from unpolished.cli.main import app\napp(standalone_mode=False)"
    assert not _modules(code) & (
        HEAVY | {"pandas", "numpy", "sklearn", "pydantic", "pyarrow", "scipy"}
    )
