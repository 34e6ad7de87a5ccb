"""Log the records of a run to MLflow, one call for each record."""

from __future__ import annotations

import json
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from . import records as r
from .descriptions import registered_description
from .mlflow_store import client

# As tables of runs show it; the whole fingerprint is in the source and in a tag.
_DIGEST_LENGTH = 12
_MODEL_SCRIPT = Path(__file__).parents[2] / "models" / "serving" / "pyfunc_script.py"


class Logged(NamedTuple):
    """A registered model version."""

    name: str
    version: str


def log_record(run_id: str, record: r.Record) -> Logged | None:
    """Log one record; returns the version where a model was registered."""
    from mlflow.entities import Param, RunTag

    store = client()
    match record:
        case r.Params(values):
            store.log_batch(run_id, params=[Param(k, v) for k, v in values.items()])
        case r.Tags(values):
            store.log_batch(run_id, tags=[RunTag(k, v) for k, v in values.items()])
        case r.Metric(name, value):
            store.log_metric(run_id, name, value)
        case r.DatasetInput():
            _log_input(run_id, record)
        case r.Text(path, text):
            store.log_text(run_id, text, path)
        case r.Table(path, table):
            with tempfile.TemporaryDirectory() as scratch:
                local = Path(scratch) / Path(path).name
                table.to_parquet(local, index=False)
                store.log_artifact(run_id, str(local), _folder(path))
        case r.Figure(path, figure):
            with tempfile.TemporaryDirectory() as scratch:
                local = Path(scratch) / Path(path).name
                figure.savefig(local)
                store.log_artifact(run_id, str(local), _folder(path))
        case r.Folder(path, folder):
            store.log_artifacts(run_id, str(folder), path)
        case r.SavedModel():
            return _log_model(record)
    return None


def tag_version(version: Logged, tags: dict[str, str]) -> None:
    """Tag a registered version."""
    for key, value in tags.items():
        client().set_model_version_tag(version.name, version.version, key, value)


def describe_version(version: Logged, text: str) -> None:
    """Describe a registered version, in Markdown; MLflow shows it above everything else."""
    client().update_model_version(version.name, version.version, description=text)


def describe_registered(name: str, text: str) -> None:
    """Describe a registered model that nobody has described yet."""
    if not client().get_registered_model(name).description:
        client().update_registered_model(name, description=text)


def _folder(path: str) -> str | None:
    parent = str(Path(path).parent.as_posix())
    return None if parent == "." else parent


def _log_input(run_id: str, record: r.DatasetInput) -> None:
    # Built by hand: MLflow's own classes want the rows, and hash only the first 10,000.
    from mlflow.entities import Dataset, DatasetInput, InputTag

    data = Dataset(
        name=record.name,
        digest=record.fingerprint[:_DIGEST_LENGTH],
        source_type="unpolished",
        source=json.dumps({"name": record.name, "fingerprint": record.fingerprint}),
        profile=json.dumps(dict(record.counts)),
    )
    tags = [InputTag("mlflow.data.context", record.context)]
    client().log_inputs(run_id, [DatasetInput(data, tags)])


@contextmanager
def _same_path() -> Iterator[None]:
    """Leave ``sys.path`` as it was: MLflow tries what it logged, and puts the copied program first.

    Processes that are started later would take that copy, which is gone by then.
    """
    before = list(sys.path)
    try:
        yield
    finally:
        sys.path[:] = before


def _log_model(record: r.SavedModel) -> Logged:
    """Log as models-from-code: MLflow copies the folder and a script, nothing is pickled."""
    import mlflow
    import pandas as pd

    with warnings.catch_warnings(record=True):
        # Advice to add type hints: the signature is given. MLflow puts it past every filter.
        from ...models.serving.pyfunc import ARTIFACT, INPUT_EXAMPLE, signature
    from ...models.serving.travelling import copied_program, requirements

    with tempfile.TemporaryDirectory() as scratch, _same_path():
        # To the active run, which ``started_run`` has opened: there is no call by run id.
        logged: Any = mlflow.pyfunc.log_model(
            name="model",
            python_model=str(_MODEL_SCRIPT),
            artifacts={ARTIFACT: str(record.folder)},
            signature=signature(),
            input_example=pd.DataFrame(INPUT_EXAMPLE),
            # The program goes along: it need not be installed, or be in an index, where it runs.
            code_paths=[str(copied_program(Path(scratch)))],
            pip_requirements=requirements(),
            registered_model_name=record.registered_name,
        )
    version = Logged(record.registered_name, str(logged.registered_model_version))
    training = record.info.training
    of = {"data.name": training.name, "data.fingerprint": training.fingerprint}
    tag_version(version, {**record.tags, **of, "run.status": "started"})
    describe_version(version, record.description)
    recipe = record.tags.get("recipe", record.info.family)
    describe_registered(version.name, registered_description(recipe, training.name))
    return version
