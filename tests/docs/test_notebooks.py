"""Notebooks of the documentation run from their first cell to their last, on a run of one's own."""

import json
import re
from pathlib import Path

import pytest
from unpolished.training.recipe import read_recipe
from unpolished.training.reports.metric_names import with_interval
from unpolished.training.tracking.runs import named_run
from unpolished.training.train import train

NOTEBOOKS = Path(__file__).parents[2] / "docs" / "notebooks"
FIGURE = NOTEBOOKS / "from-a-run-to-a-figure.ipynb"


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_what_it_printed(path):
    """Its outputs are those of a reader's run; a change of it can be read."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    assert not [cell["outputs"] for cell in cells if cell.get("outputs")]
    assert {cell.get("execution_count") for cell in cells} == {None}


@pytest.mark.slow
def test_from_a_run_to_a_figure(tmp_path, monkeypatch):
    """Figure, table and caption are written; the table has the run's own figures."""
    import nbformat
    from nbclient import NotebookClient
    from traitlets.config import Config

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.delenv("UNPOLISHED_FIGURES", raising=False)
    done = train(read_recipe("rules"), "corpus")
    monkeypatch.setenv("UNPOLISHED_RUN", done.run_id[:10])
    notebook = nbformat.read(FIGURE, nbformat.NO_CONVERT)
    # Over files rather than ports, which others on the machine could read.
    config = Config({"KernelManager": {"transport": "ipc"}})
    place = {"metadata": {"path": str(tmp_path)}}
    ran = NotebookClient(notebook, timeout=600, resources=place, config=config).execute()
    outputs = [out for cell in ran.cells if cell.cell_type == "code" for out in cell.outputs]
    assert not [out.text for out in outputs if out.output_type == "stream" and out.name == "stderr"]
    made = {path.suffix: path for path in (tmp_path / "figures").iterdir()}
    assert {path.stem for path in made.values()} == {f"precision-recall-{done.run_id[:8]}"}
    assert made[".pdf"].read_bytes().startswith(b"%PDF")
    assert made[".png"].read_bytes().startswith(b"\x89PNG")
    latex = made[".tex"].read_text("utf-8")
    figures = named_run(done.run_id).figures
    for axis in ("style", "paid", "performative"):
        cell = with_interval(*figures["train", axis, "auc_within"])
        assert re.search(rf"^{axis} & {re.escape(cell)} ", latex, re.MULTILINE)
    # Rules tell nothing of it.
    assert "self" not in latex
    caption = made[".txt"].read_text("utf-8")
    assert done.run_id in caption
    assert "no result" in caption
