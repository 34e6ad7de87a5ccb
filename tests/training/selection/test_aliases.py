"""Aliases in a real registry: challenger, champion, previous."""

import pytest
from unpolished.models.registry.download import download_model
from unpolished.models.saved_model import load_model
from unpolished.training.selection.aliases import (
    CHALLENGER,
    CHAMPION,
    NoModelError,
    alias,
    challenge,
    champion_name,
    step_back,
)
from unpolished.training.tracking import records as r
from unpolished.training.tracking import runs as tracking
from unpolished.training.tracking.mlflow_store import client


@pytest.fixture
def trained(store, info, fitted, saved):
    """A function that tracks a run which registers a model, and nothing else."""
    info = saved(store / "saved", info, fitted)

    def track():
        with tracking.started_run("unpolished-public", "linear") as run:
            of = {"recipe": "linear"}
            run.log([r.SavedModel(store / "saved", info, info.name, "As it was logged.", of)])
        return run.run_id

    return track


def test_the_challenger_is_the_newest_and_steps_back_alone(trained):
    """Another run takes the alias; a run that has it not takes it from none."""
    first, second = trained(), trained()
    address = challenge(first, "public")
    assert address == "models:/unpolished@challenger"
    assert load_model(download_model(address))[1].version == "1"
    challenge(second, "public")
    assert alias("unpolished", CHALLENGER).run_id == second
    step_back(first, "public")
    assert alias("unpolished", CHALLENGER).run_id == second
    step_back(second, "public")
    assert alias("unpolished", CHALLENGER) is None


def test_a_run_has_one_version_among_champions(trained):
    """However often it is asked for; run, tags and description come along."""
    run = trained()
    challenge(run, "public")
    challenge(run, "public")
    (version,) = client().search_model_versions("name = 'unpolished'")
    assert version.run_id == run
    assert version.description == "As it was logged."
    assert version.tags["data.name"] == "public"
    assert version.tags["run.status"] == "completed"
    assert "**challenger**" in client().get_registered_model("unpolished").description


def test_a_run_without_a_model(store):
    """Says to train again."""
    with tracking.started_run("unpolished-public", "linear") as run:
        pass
    with pytest.raises(NoModelError, match="train it again"):
        challenge(run.run_id, "public")
    assert alias(champion_name("public"), CHAMPION) is None
