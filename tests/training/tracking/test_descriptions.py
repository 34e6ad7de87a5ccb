"""What MLflow says of runs and versions in words."""

import pytest
from unpolished.training.tracking.descriptions import run_description, version_description


def _of(info, name):
    training = info.training.model_copy(update={"name": name})
    return info.model_copy(update={"training": training})


def test_a_run_says_on_what_how_well_and_what_for(facts, info):
    """Three lines; headline metrics have their intervals."""
    data, figures, purpose = run_description(info, facts.metrics, "gold").split("\n\n")
    assert data == "Trained on `public`: 300 posts of 80 authors."
    assert figures.startswith("AUC within sources, out of fold on gold: style 0.")
    assert figures.count(" [0.") == 4
    assert purpose.endswith(f"`unpolished promote --run {info.run_id}`")
    *_, purpose = run_description(_of(info, "corpus"), facts.metrics, "train").split("\n\n")
    assert purpose == "A smoke test on made-up posts: no result."


def test_a_version_says_its_run_and_data_and_that_it_was_not_measured(facts, info):
    """The figures are those of the models of the folds."""
    said = version_description(info, "linear c=0.2", facts.metrics, "gold")
    assert said.startswith(f"Of run `linear c=0.2` ({info.run_id}). Trained on `public`")
    assert "`ffffffffffff`" in said
    assert "is measured on none of them" in said


@pytest.mark.parametrize("name", ["`](javascript:x)`", "a`b"])
def test_no_name_of_a_file_is_read_as_markdown(facts, info, name):
    """It stays within its backticks."""
    said = run_description(_of(info, name), facts.metrics, "train")
    assert f"`{name.replace('`', ' ')}`" in said
