"""A recipe written out with comments reads as that recipe."""

import json
import tomllib

import pytest
from pydantic import BaseModel
from unpolished.training.recipe import RecipeError, read_recipe
from unpolished.training.recipe_text import meanings, recipe_toml
from unpolished.training.shipped_recipes import shipped_recipes


def _tables(options):
    yield options
    for value in dict(options).values():
        if isinstance(value, BaseModel):
            yield from _tables(value)


@pytest.mark.parametrize("name", shipped_recipes())
def test_a_recipe_written_out_is_the_same_recipe(name, tmp_path):
    """With every key, those that are left out in comments."""
    recipe = read_recipe(name)
    path = tmp_path / "mine.toml"
    path.write_text(recipe_toml(recipe), "utf-8")
    assert read_recipe(path) == recipe
    written = tomllib.loads(path.read_text("utf-8"))
    for key in type(recipe).model_fields:
        assert key in written or f"# {key} is left out" in path.read_text("utf-8")


@pytest.mark.parametrize("name", shipped_recipes())
def test_every_key_has_a_meaning(name):
    """Taken from the class that has it."""
    for table in _tables(read_recipe(name)):
        said = meanings(table)
        assert set(type(table).model_fields) == set(said), type(table)
        assert all(text.rstrip(".").strip() for text in said.values())


@pytest.mark.parametrize("name", shipped_recipes())
def test_the_recipe_of_a_run_is_a_recipe_again(name, tmp_path):
    """As it is logged, in JSON."""
    recipe = read_recipe(name)
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps(recipe.model_dump(mode="json")), "utf-8")
    assert read_recipe(path) == recipe


@pytest.mark.parametrize("text", ["[]", "3", "{", '{"name": "x"}'])
def test_what_is_no_recipe_is_refused_by_its_file(text, tmp_path):
    """With what is wrong."""
    path = tmp_path / "recipe.json"
    path.write_text(text)
    with pytest.raises(RecipeError, match=r"recipe\.json: "):
        read_recipe(path)
