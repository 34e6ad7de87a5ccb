"""The wheel scores a file in an environment that has none of the extras."""

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
def test_the_wheel_scores_without_extras(tmp_path):
    """Build, install into an empty environment, score the sample posts."""
    dist = tmp_path / "dist"
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", dist, ROOT],
        check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = dist.glob("*.whl")
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", wheel]
    subprocess.run(install, check=True, capture_output=True, cwd=tmp_path)
    packages = subprocess.run(
        [python, "-m", "pip", "list", "--format", "json"], check=True, capture_output=True
    )
    installed = {entry["name"].lower() for entry in json.loads(packages.stdout)}
    assert not installed & {"torch", "transformers", "mlflow", "datasets", "matplotlib", "pandas"}
    samples = ROOT / "data" / "corpus" / "samples.jsonl"
    command = [tmp_path / "env" / "bin" / "unpolished", "score", samples, "-o", "out.jsonl"]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == len(samples.read_text("utf-8").splitlines())
    assert rows[0]["model"]["name"] == "unpolished-stack"
