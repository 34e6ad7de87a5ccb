"""A group that shares one MLflow server on PostgreSQL; two trainings at once, there and here."""

import json
import os
import subprocess
import sys

import pytest

from .conftest import run_id
from .servers import mlflow_server, postgres

pytestmark = pytest.mark.slow
NAME = "unpolished-own_mine"


@pytest.fixture
def at_once(tmp_path):
    """A function that runs several commands at the same time; returns what each printed."""

    def run(*commands, **variables):
        given = {name: value for name, value in os.environ.items() if name != "MLFLOW_TRACKING_URI"}
        given |= {"UNPOLISHED_CACHE": str(tmp_path / "cache")} | variables
        started = [
            subprocess.Popen(
                [sys.executable, "-m", "unpolished.cli", *words], cwd=tmp_path, env=given,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
            for words in commands
        ]  # fmt: skip
        printed = []
        for process in started:
            said, errors = process.communicate(timeout=900)
            assert process.returncode == 0, errors
            printed.append(said)
        return printed

    return run


def test_a_shared_server(typed, at_once, posts, tmp_path):
    """Two train into it at once; from runs to a champion that is scored with, over HTTP alone."""
    import psycopg
    from mlflow import MlflowClient

    lines = "".join(json.dumps(post) + "\n" for post in posts)
    (tmp_path / "mine.jsonl").write_text(lines, "utf-8")
    server = tmp_path / "server"
    (server / "artifacts").mkdir(parents=True)
    with (
        postgres() as store,
        mlflow_server(store, server / "artifacts", server / "log") as address,
    ):
        at = {"MLFLOW_TRACKING_URI": address}
        trained = [
            ["train", "--recipe", name, "--data", "mine.jsonl"] for name in ("rules", "linear")
        ]
        weak, strong = map(run_id, at_once(*trained, **at))
        compared = typed("compare", **at)
        assert weak[:8] in compared
        assert strong[:8] in compared
        assert strong in typed("evaluate", "--run", strong[:12], **at)
        client = MlflowClient(tracking_uri=address)
        challenger = client.get_model_version_by_alias(NAME, "challenger")
        assert challenger.run_id in (weak, strong)
        assert "the first champion" in typed("promote", "--run", weak, **at)
        assert "better and nowhere worse" in typed("promote", "--run", strong, **at)
        champion = client.get_model_version_by_alias(NAME, "champion")
        assert champion.run_id == strong
        typed(
            "score", "mine.jsonl", "-o", "rows.jsonl", "--model", f"models:/{NAME}@champion", **at
        )
        row = json.loads((tmp_path / "rows.jsonl").read_text("utf-8").splitlines()[0])
        assert row["model"] == {"name": NAME, "version": champion.version, "run_id": strong}
        run = client.get_run(strong)
        assert 0.5 < run.data.metrics["oof.train.style.auc_within"] <= 1
        assert run.data.metrics["cpu_seconds"] > 0
        assert run.info.artifact_uri.startswith("mlflow-artifacts:/")
        (dataset,) = [entry.dataset for entry in run.inputs.dataset_inputs]
        assert champion.tags["data.fingerprint"] == json.loads(dataset.source)["fingerprint"]
        with psycopg.connect(store.replace("+psycopg", "")) as database:
            asked = "SELECT count(*) FROM runs WHERE status = 'FINISHED'"
            assert database.execute(asked).fetchone() == (2,)
    assert len(list((server / "artifacts").rglob("predictions.parquet"))) == 2
    assert not (tmp_path / "mlflow.db").exists()
    assert not (tmp_path / "mlruns").exists()
    # A server that is gone is told in one line.
    said = typed("compare", code=2, **at)
    assert f"the tracking server {address} cannot be reached" in said


def test_two_trainings_at_once_in_one_file(at_once, typed, tmp_path, monkeypatch):
    """Both complete, with all that a run has and a version each; whoever writes first."""
    from unpolished.training.tracking.runs import finished_runs

    command = ["train", "--recipe", "rules", "--data", "corpus"]
    ids = set(map(run_id, at_once(command, command)))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(tmp_path)
    runs = finished_runs()
    assert {run.run_id for run in runs} == ids
    assert len({frozenset(run.tags) for run in runs}) == 1
    assert len({frozenset(n for n in r.metrics if n.startswith("oof.")) for r in runs}) == 1
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=f"sqlite:///{tmp_path}/mlflow.db")
    versions = client.search_model_versions("name = 'unpolished-rules-corpus'")
    assert {version.run_id for version in versions} == ids
    assert {version.tags["run.status"] for version in versions} == {"completed"}
