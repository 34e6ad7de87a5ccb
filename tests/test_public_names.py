"""What a user imports: names are there, importing is cheap, and examples do what they show."""

import doctest
import json
import re
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PUBLIC = [
    "unpolished", "unpolished.data", "unpolished.data.io", "unpolished.data.text.disclosure",
    "unpolished.data.text.language", "unpolished.inference", "unpolished.inference.spark",
    "unpolished.models", "unpolished.training", "unpolished.training.tracking",
]  # fmt: skip
FOLDERS = ("data", "models", "training", "inference", "cli")
SHOWING = sorted(
    ".".join(["unpolished", *path.relative_to(ROOT).with_suffix("").parts])
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*.py")
    if ">>> " in path.read_text("utf-8")
)
PAGES = ["README.md", "docs/tutorial.md"]


@pytest.mark.parametrize("package", PUBLIC)
def test_every_public_name_can_be_imported(package):
    """And another name is an AttributeError, as of any module."""
    module = import_module(package)
    for name in module.__all__:
        assert getattr(module, name) is not None
    with pytest.raises(AttributeError, match="nothing_of_this_name"):
        _ = module.nothing_of_this_name


def test_importing_the_packages_imports_nothing_else():
    """Neither numpy nor pydantic, let alone pyspark or MLflow, until a name is used."""
    code = "import sys, json\n" + "".join(f"import {package}\n" for package in PUBLIC)
    code += "print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(json.loads(done.stdout)) & {
        "numpy", "pydantic", "pyarrow", "pyspark", "mlflow", "pandas", "torch", "onnxruntime",
    }  # fmt: skip


@pytest.mark.parametrize("module", SHOWING)
def test_the_examples_of_docstrings_are_true(module):
    """Each module with an example in a docstring."""
    failed, tried = doctest.testmod(import_module(module))
    assert tried
    assert not failed


@pytest.mark.parametrize("page", PAGES)
def test_the_python_of_a_page_runs(page):
    """Each block of Python, in order, as a reader would paste it."""
    blocks = re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text("utf-8"), re.M | re.S)
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, page, "exec"), names)  # noqa: S102


def test_the_commands_of_the_tutorial_run(tmp_path):
    """What it says to type into a terminal, with the posts it says to put into a file."""
    page = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
    (posts,) = re.findall(r"^```text\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "posts.csv").write_text(posts, "utf-8")
    commands = re.findall(r"^\.venv/bin/unpolished (.*)$", page, re.MULTILINE)
    assert len(commands) >= 3
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", "unpolished.cli", *shlex.split(command)],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert len((tmp_path / "scored.csv").read_text("utf-8").splitlines()) == 4
