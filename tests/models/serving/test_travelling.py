"""A logged model brings the program that scores along."""

import subprocess
import sys
from importlib.metadata import version

import mlflow
import pytest
from packaging.requirements import Requirement
from unpolished.models.serving import pyfunc
from unpolished.models.serving.pyfunc import ARTIFACT, signature
from unpolished.models.serving.travelling import copied_program, requirements


def test_what_travels_has_no_posts_labels_or_models(tmp_path):
    """Code, tables, and the arrays that tell the language; little of it."""
    package = copied_program(tmp_path)
    files = [path for path in package.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".py", ".toml", ".txt", ".json", ".npy"}
    assert (package / "data/text/language/py3langid/LICENSE.txt").exists()
    assert not (package / "models" / "shipped" / "linear").exists()
    assert sum(path.stat().st_size for path in files) < 15_000_000


def test_what_it_needs_is_pinned_to_what_is_here():
    """MLflow among it, and neither torch nor the package itself."""
    needed = {Requirement(line).name: Requirement(line) for line in requirements()}
    assert {"mlflow", "pandas", "numpy", "onnxruntime", "scikit-learn"} <= set(needed)
    assert not {"unpolished", "torch", "transformers"} & set(needed)
    assert all(version(name) in one.specifier for name, one in needed.items())


ALONE = """
import sys, mlflow, pandas
model = mlflow.pyfunc.load_model(sys.argv[1])
frame = model.predict(pandas.DataFrame({"text": ["ugh the bus was late again"]}))
import unpolished
print(unpolished.__file__)
assert frame["error"].isna().all()
"""


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*input example was not provided")
def test_it_runs_on_what_came_along(model_folder, tmp_path):
    """Loaded by MLflow in a fresh process, whatever is installed there."""
    target = tmp_path / "logged"
    mlflow.pyfunc.save_model(
        target, python_model=pyfunc.__file__.replace("pyfunc.py", "pyfunc_script.py"),
        artifacts={ARTIFACT: str(model_folder)}, signature=signature(),
        code_paths=[str(copied_program(tmp_path / "program"))], pip_requirements=requirements(),
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(target)], cwd=tmp_path, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().startswith(str(target))
