"""Recipes: a typo is an error that says where."""

import pytest
from unpolished.training.recipe import RECIPES, RecipeError, read_recipe


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda p: p.stem)
def test_shipped_recipes_read_and_are_named_after_their_file(path):
    """By name and by path alike."""
    recipe = read_recipe(path.stem)
    assert recipe == read_recipe(path)
    assert recipe.name == path.stem


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('name = "x"\nfamily = "linear"\nsede = 1', "field sede"),
        ('name = "x"\nfamily = "linear"\n[model]\nc = -1.0', "field model.c"),
        ('name = "x"\nfamily = "linear"\n[model.ngrams]\nmin_authors = 2', "min_authors"),
        ('name = "x"\nfamily = "linear"\n[model]\nc = "2"', "field model.c"),
        ('name = "X y"\nfamily = "rules"', "field name"),
        ('name = "x"\nfamily = "oracle"', "field family"),
        ('name = "x"', "field family"),
        ("name = ", "not valid TOML"),
        ('name = "x"\nfamily = "rules"\n[decision]\nalpha = 0.7', "decision.alpha"),
    ],
)
def test_a_bad_recipe_names_file_and_field(tmp_path, text, message):
    """Unknown keys, wrong types, values out of range."""
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(RecipeError, match=message) as error:
        read_recipe(path)
    assert "mine.toml" in str(error.value)


def test_an_unknown_recipe_names_the_known():
    """What would work."""
    with pytest.raises(RecipeError, match="embed, encoder, linear, rules, stack"):
        read_recipe("lineal")


def test_recipes_are_frozen():
    """Nothing changes a recipe under way."""
    with pytest.raises(ValueError, match="frozen"):
        read_recipe("linear").seed = 2
