"""Names of runs: what their recipes change, and nothing else."""

import json

import pytest
from unpolished.training.recipe import read_recipe
from unpolished.training.run_names import changes, changes_text, run_name
from unpolished.training.shipped_recipes import shipped_recipes


def _changed(tmp_path, shipped, **values):
    """A recipe with other values, by dotted keys; the file is read as a user's is."""
    whole = read_recipe(shipped).model_dump(mode="json")
    for key, value in values.items():
        *tables, last = key.split("__")
        place = whole
        for table in tables:
            place = place[table]
        place[last] = value
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(whole), "utf-8")
    return read_recipe(path)


@pytest.mark.parametrize("name", shipped_recipes())
def test_a_shipped_recipe_is_called_by_its_name(name, tmp_path):
    """Read by name, or from the file that its run kept."""
    assert run_name(read_recipe(name)) == run_name(_changed(tmp_path, name)) == name
    assert changes_text(read_recipe(name)) == "none"


def test_what_differs_is_named_options_of_the_model_first(tmp_path):
    """By its last key where no other ends so."""
    recipe = _changed(tmp_path, "linear", model__c=0.2, seed=1)
    assert run_name(recipe) == "linear c=0.2 seed=1"
    assert changes(recipe) == {"c": "0.2", "seed": "1"}
    recipe = _changed(tmp_path, "linear", leave_one_source_out=False, decision__alpha=0.1)
    assert run_name(recipe) == "linear leave_one_source_out=false alpha=0.1"


def test_what_a_sweep_may_try_is_no_change(tmp_path):
    """A run does not keep it: trained again by its own recipe, it is called the same."""
    assert read_recipe("linear").sweep is not None
    whole = _changed(tmp_path, "linear", sweep=None)
    assert (run_name(whole), changes_text(whole)) == ("linear", "none")
    assert run_name(_changed(tmp_path, "linear", sweep=None, model__c=0.2)) == "linear c=0.2"


def test_keys_that_end_alike_are_told_apart(tmp_path):
    """The teacher of a student has options called as the student's own are."""
    recipe = _changed(tmp_path, "student", model__teacher__model__embedding_scale=3.0)
    assert run_name(recipe) == "student teacher.model.embedding_scale=3.0"
    recipe = _changed(tmp_path, "student", model__embedding_scale=3.0)
    (key,) = changes(recipe)
    assert key == "model.embedding_scale"


def test_a_recipe_of_ones_own_also_tells_its_family(tmp_path):
    """It is compared with the shipped recipe of the family."""
    recipe = _changed(tmp_path, "linear", name="mine", model__c=0.2)
    assert run_name(recipe) == "mine (linear) c=0.2"


def test_a_long_name_ends_with_how_many_are_left_out(tmp_path):
    """All of them are in the tag."""
    many = {"extra_posts_weight": 0.25, "corpus_weight": 0.125, "soft_label_weight": 0.75,
            "weak_weight": 0.5, "seed": 3}  # fmt: skip
    recipe = _changed(tmp_path, "linear", **many)
    assert run_name(recipe).endswith(" +2 more")
    assert len(run_name(recipe)) <= 72
    assert changes_text(recipe).count("=") == len(changes(recipe)) == 5
