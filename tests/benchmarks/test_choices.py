"""What a choice changes of a recipe."""

import pytest
from choices import CHOICES, changed
from unpolished.training.recipe import read_recipe


@pytest.mark.parametrize("name", CHOICES)
def test_each_choice_makes_a_valid_recipe_that_differs_in_it_alone(name):
    """Options of the model that are not named stay as the recipe has them."""
    recipe = read_recipe(name)
    before = recipe.model_dump()
    for changes in CHOICES[name].values():
        after = type(recipe).model_validate(changed(recipe, changes).model_dump()).model_dump()
        inner = changes.get("model", {})
        expected = before | changes | {"model": before["model"] | inner}
        assert after == expected != before
