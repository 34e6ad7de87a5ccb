"""One row registers a family everywhere."""

import inspect
import subprocess
import sys
from typing import get_args

import pytest
from unpolished.models.base import Diagnosed
from unpolished.models.families.building import Setup
from unpolished.models.families.by_name import FAMILIES, family_class
from unpolished.training.recipe import family_keys, read_recipe
from unpolished.training.shipped_recipes import shipped_recipes


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.name)
def test_a_family_is_what_its_row_says(family):
    """Class, options, and a ``build`` that takes the keys of its recipe; it ships a recipe."""
    assert family_class(family.name).family == family.name
    recipe = read_recipe(family.name)
    assert recipe.family == family.name
    assert get_args(type(recipe).model_fields["family"].annotation) == (family.name,)
    setup, *keys = inspect.signature(family.load("build")).parameters
    assert setup == "setup"
    assert set(keys) == set(family_keys(recipe))
    options = family.options_class()
    assert ("model" in keys) == (options is not None)
    assert options is None or type(recipe.model) is options
    assert not family.by_post or issubclass(family_class(family.name), Diagnosed)


def test_every_family_has_a_shipped_recipe_of_its_name():
    """Recipes are shown in the order of families; others come after them."""
    assert shipped_recipes() == [*FAMILIES, "teacher"]
    for name in FAMILIES:
        assert read_recipe(name).family == read_recipe(name).name == name


def test_keys_of_another_family_are_refused(tmp_path):
    """The frozen embedding's layers are no key of the fine-tuned encoder."""
    path = tmp_path / "mine.toml"
    path.write_text('name = "mine"\nfamily = "encoder"\nlayers = 2')
    with pytest.raises(ValueError, match=r"mine\.toml: field layers"):
        read_recipe(path)


def test_the_table_imports_no_family():
    """Nor numpy: help lists the families."""
    code = (
        "import sys, unpolished.models.families.by_name as t; "
        "assert 'linear' in t.FAMILIES; sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_setup_needs_a_cache_alone(tmp_path):
    """Seed and listener have defaults."""
    model = FAMILIES["rules"].load("build")(Setup(tmp_path))
    assert type(model) is family_class("rules")
