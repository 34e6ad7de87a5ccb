"""The wheel scores a file in an environment that has none of the extras."""

import json
import shutil
import subprocess
import sys
import venv
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]


def _built(folder):
    """A wheel of a copy of the checkout, in which a build would leave its own files."""
    not_ours = shutil.ignore_patterns(".*", "build", "*.egg-info", "mlflow.db*", "mlartifacts")
    shutil.copytree(ROOT, folder / "source", ignore=not_ours)
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder,
         folder / "source"],
        check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    return wheel


def _required(of, found):
    """What a distribution requires without its extras, and what that requires, installed here."""
    for requirement in map(Requirement, of.requires or []):
        wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if wanted and requirement.name not in found:
            found[requirement.name] = distribution(requirement.name)
            assert requirement.specifier.contains(found[requirement.name].version)
            _required(found[requirement.name], found)
    return found


def _linked(of, site):
    """Its files in another environment: nothing is downloaded."""
    here = Path(of.locate_file(""))
    for name in {file.parts[0] for file in of.files} - {"..", "__pycache__"}:
        if not (site / name).exists():
            (site / name).symlink_to(here / name)


@pytest.mark.slow
def test_the_wheel_scores_without_extras(tmp_path):
    """Build, install into an empty environment with what it requires, score the sample posts."""
    venv.create(tmp_path / "env", with_pip=True)
    binaries = tmp_path / "env" / "bin"
    install = [binaries / "pip", "install", "--quiet", "--no-deps", "--no-index", _built(tmp_path)]
    subprocess.run(install, check=True, capture_output=True, cwd=tmp_path)
    (site,) = (tmp_path / "env").glob("lib/*/site-packages")
    (ours,) = Distribution.discover(name="unpolished", path=[str(site)])
    required = _required(ours, {})
    assert not set(required) & {
        "torch",
        "transformers",
        "mlflow",
        "datasets",
        "matplotlib",
        "pandas",
    }
    for found in required.values():
        _linked(found, site)
    samples = ROOT / "data" / "corpus" / "samples.jsonl"
    command = [binaries / "unpolished", "score", samples, "-o", "out.jsonl"]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == len(samples.read_text("utf-8").splitlines())
    assert rows[0]["model"]["name"] == "unpolished-student"
