"""Runs in a real SQLite store: status, artefacts, the registered model and the way back."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from unpolished.models.registry.download import download_model
from unpolished.models.registry.mlflow_settings import settle_mlflow
from unpolished.models.saved_model import ModelError, load_model
from unpolished.training.reports.metric_names import with_interval
from unpolished.training.tracking import records as r
from unpolished.training.tracking import runs as tracking

from ..run_times import set_start


def _client():
    from mlflow import MlflowClient

    return MlflowClient(tracking_uri=tracking.tracking_uri())


def test_a_run_is_tracked_registered_and_read_back(store, facts, info, fitted, saved):
    """The whole way: everything logged, then the model opened again from its address."""
    folder = store / "saved"
    info = saved(folder, info, fitted)
    with tracking.started_run("unpolished-public", "linear") as run:
        run.log(r.records(replace(facts, info=info, folder=folder)))

    (found,) = tracking.finished_runs()
    assert (found.run_id, found.name, found.experiment) == (
        run.run_id, "linear", "unpolished-public",
    )  # fmt: skip
    assert found.tags["status"] == "completed"
    assert found.params["model.c"] == "2.0"
    assert 0 < found.metrics["oof.gold.paid.auc_within"] < 1
    value, low, high = found.figures["gold", "paid", "auc_within"]
    assert low <= value == found.metrics["oof.gold.paid.auc_within"] <= high
    with pytest.raises(ValueError, match=r"its other\.parquet cannot be read"):
        tracking.load_table(run.run_id, "other.parquet")
    predictions = tracking.load_table(run.run_id, "predictions.parquet")
    pd.testing.assert_frame_equal(predictions, r.predictions(facts.table), check_dtype=False)

    client = _client()
    logged = client.get_run(run.run_id)
    assert logged.info.status == "FINISHED"
    assert logged.info.artifact_uri.startswith((store / "mlartifacts").as_uri())
    assert {artifact.path for artifact in client.list_artifacts(run.run_id)} == {
        "MODEL_CARD.md", "counts.csv", "fairness.parquet",
        "metrics.parquet", "plots", "predictions.parquet",
        "recipe.json",
    }  # fmt: skip
    inputs = {entry.dataset.name: entry.dataset for entry in logged.inputs.dataset_inputs}
    assert set(inputs) == {"public-train", "public-gold"}
    assert json.loads(inputs["public-gold"].source)["fingerprint"] == "f" * 64
    version = client.get_model_version(info.name, "1")
    assert version.run_id == run.run_id
    assert version.tags == {
        "run.name": "linear", "run.status": "completed", "recipe": "linear",
        "data.name": "public", "data.fingerprint": "f" * 64,
    }  # fmt: skip
    assert version.description.startswith(f"Of run `linear` ({info.run_id}). Trained on `public`")
    assert "a version for each run" in client.get_registered_model(info.name).description
    noted = logged.data.tags["mlflow.note.content"]
    assert "AUC within sources, out of fold on gold: style " in noted
    assert with_interval(*found.figures["gold", "paid", "auc_within"]) in noted
    experiment = client.get_experiment(logged.info.experiment_id)
    assert "trained on `public`" in experiment.tags["mlflow.note.content"]

    client.set_registered_model_alias(info.name, "champion", "1")
    model, train = fitted
    for address in ("@champion", "/1"):
        path = download_model(f"models:/{info.name}{address}")
        loaded, described = load_model(path)
        # Every row of it tells the version that the alias pointed to.
        assert described == info.model_copy(update={"version": "1"})
        np.testing.assert_array_equal(
            loaded.predict_proba(train.texts), model.predict_proba(train.texts)
        )
    assert load_model(download_model(f"runs:/{run.run_id}/model"))[1] == info


def test_the_logged_model_is_code_and_scores(store, info, fitted, saved):
    """MLflow itself can serve it: models-from-code, with signature, no pickle in the folder."""
    import mlflow

    folder = store / "saved"
    info = saved(folder, info, fitted)
    with tracking.started_run("unpolished-public", "linear") as run:
        run.log([r.SavedModel(folder, info, info.name)])
    files = [path for path in (store / "mlartifacts").rglob("*") if path.is_file()]
    assert any(path.name == "pyfunc_script.py" for path in files)
    assert not [path for path in files if path.suffix in (".pkl", ".pickle", ".joblib")]
    mlflow.set_tracking_uri(tracking.tracking_uri())
    try:
        served = mlflow.pyfunc.load_model(f"models:/{info.name}/1")
        rows = served.predict(pd.DataFrame({"text": ["We stand with everyone affected a"]}))
    finally:
        mlflow.set_tracking_uri(None)
    assert rows["id"].tolist() == ["row-1"]
    assert rows["p_paid"].between(0, 1).all()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_crashed_run_is_never_completed(store, info, fitted, saved, error):
    """Nor is the model it registered."""
    folder = store / "saved"
    info = saved(folder, info, fitted)

    def crash():
        with tracking.started_run("unpolished-public", "linear") as run:
            run.log([r.SavedModel(folder, info, info.name)])
            raise error("stop")

    with pytest.raises(error, match="stop"):
        crash()
    assert tracking.finished_runs() == []
    (run,) = tracking.finished_runs(completed_only=False)
    assert run.tags["status"] == "failed"
    assert _client().get_run(run.run_id).info.status == "FAILED"
    assert _client().get_model_version(info.name, "1").tags["run.status"] == "failed"


def test_a_run_under_way_is_not_completed(store):
    """A killed run would stay like this."""
    with tracking.started_run("unpolished-public", "linear"):
        assert tracking.finished_runs() == []
        (run,) = tracking.finished_runs(completed_only=False)
        assert run.tags["status"] == "started"


def test_newest_run_first_and_foreign_experiments_left_out(store):
    """A shared store may hold anything."""
    made = (("unpolished-a", "one", 2), ("other", "two", 4), ("unpolished-b", "three", 3),
            ("unpolished-a", "four", 1))  # fmt: skip
    for experiment, name, start in made:
        with tracking.started_run(experiment, name) as run:
            pass
        set_start(run.run_id, start)
    assert [run.name for run in tracking.finished_runs()] == ["three", "one", "four"]


def test_a_run_is_named_by_what_its_id_begins_with(store):
    """Where one run alone does; none is taken for another."""
    with tracking.started_run("unpolished-a", "one") as one:
        pass
    with tracking.started_run("unpolished-a", "two") as two:
        pass
    assert tracking.named_run(one.run_id).name == "one"
    assert tracking.named_run(two.run_id[:12]).name == "two"
    for name, count in (("", 2), ("no run", 0)):
        with pytest.raises(ValueError, match=f"{count} completed runs"):
            tracking.named_run(name)


def test_the_environment_is_left_as_it_was(store, monkeypatch):
    """MLflow writes the address into it."""
    with tracking.started_run("unpolished-a", "one"):
        assert os.environ["MLFLOW_TRACKING_URI"] == f"sqlite:///{store}/mlflow.db"
    assert "MLFLOW_TRACKING_URI" not in os.environ
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///mlflow.db")
    with tracking.started_run("unpolished-a", "two"):
        pass
    assert os.environ["MLFLOW_TRACKING_URI"] == "sqlite:///mlflow.db"
    assert len(tracking.finished_runs()) == 2


def test_telemetry_and_pickles_are_off(monkeypatch):
    """And schema errors do not echo posts, whatever the environment says."""
    from mlflow import environment_variables as mlflow_reads

    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "false")
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "true")
    monkeypatch.setenv("MLFLOW_DISABLE_SCHEMA_DETAILS", "false")
    settle_mlflow()
    assert mlflow_reads.MLFLOW_DISABLE_TELEMETRY.get()
    assert mlflow_reads.MLFLOW_DISABLE_SCHEMA_DETAILS.get()
    assert not mlflow_reads.MLFLOW_ALLOW_PICKLE_DESERIALIZATION.get()


def test_processes_may_start_on_an_empty_folder_at_once(tmp_path):
    """Unlocked, MLflow breaks the store."""
    code = (
        "from unpolished.training.tracking import runs as tracking\n"
        "with tracking.started_run('unpolished-a', 'x'): pass"
    )
    given = {k: v for k, v in os.environ.items() if k != "MLFLOW_TRACKING_URI"}
    command = [sys.executable, "-c", code]
    started = [
        subprocess.Popen(command, cwd=tmp_path, env=given, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in started:
        _, errors = process.communicate(timeout=600)
        assert process.returncode == 0, errors
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        patch.chdir(tmp_path)
        assert len(tracking.finished_runs()) == 2


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("models:/nobody/1", "models:/nobody/1 was not found"),
        ("models:/nobody@champion", "was not found"),
        ("runs:/0123456789/model", "was not found"),
        ("models:/nobody", "is not a model address"),
        ("models:/a/../b/1", "is not a model address"),
    ],
)
def test_an_address_that_leads_nowhere(store, address, message):
    """Says what to check."""
    with pytest.raises(ModelError, match=message):
        download_model(address)


def test_a_foreign_model_is_refused(store):
    """A run's artefact without our description."""
    with tracking.started_run("unpolished-a", "one") as run:
        run.log([r.Text("model/weights.txt", "1 2 3")])
    with pytest.raises(ModelError, match="not logged by unpolished"):
        download_model(f"runs:/{run.run_id}/model")
