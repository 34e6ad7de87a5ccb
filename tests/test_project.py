"""Rules that hold for the whole tree."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("data", "models", "training", "inference")
PACKING = {"gzip.compress", "gzip.open", "gzip.GzipFile", "GzipFile"}
SOURCES = sorted(p for d in PACKAGES for p in (ROOT / d).rglob("*.py"))


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_can_unpickle(path):
    """No pickle, joblib, dill, cloudpickle or skops; no torch.load, no mlflow.pyfunc.load_model."""
    roots = {name.split(".")[0] for name in _imports(path)}
    assert not roots & {"pickle", "joblib", "dill", "cloudpickle", "skops", "shelve", "marshal"}
    text = path.read_text("utf-8")
    assert "torch.load" not in text
    assert "pyfunc.load_model" not in text
    assert "allow_pickle=True" not in text


def test_no_test_packs_with_the_time_of_day():
    """A byte of it may be a line break on some days: the head of a gzip file says no time."""
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in PACKING:
                given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
                assert given.get("mtime") == "0", f"{path}, line {node.lineno}"


def test_make_alone_prints_every_target_with_what_it_does():
    """The targets are those that the Makefile calls phony, and those it has a rule for."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    rules = re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE)
    assert sorted(phony.split()) == sorted(rules)
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    printed = dict(re.findall(r"^  make ([a-z-]+) +(\S.*)$", done.stdout, re.MULTILINE))
    assert sorted(printed) == sorted(rules)
