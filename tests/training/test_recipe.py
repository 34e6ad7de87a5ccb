"""Recipes: a typo is an error that says where."""

import pytest
from unpolished.training.recipe import RecipeError, read_recipe
from unpolished.training.shipped_recipes import RECIPES


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


OLD = """
name = "x"
family = "cascade"
further_weight = 0.5
[model]
sent_on = 0.2
[model.encoder]
tuned_layers = 3
validation = 0.1
[model.linear.ngrams]
cue_scale = 0.2
"""


def test_keys_of_version_0_1_are_read_with_a_warning(tmp_path):
    """Each is named with its new name; a key under both names is an error."""
    path = tmp_path / "mine.toml"
    path.write_text(OLD)
    with pytest.warns(FutureWarning) as told:
        recipe = read_recipe(path)
    assert (recipe.extra_posts_weight, recipe.model.deferral_rate) == (0.5, 0.2)
    assert (recipe.model.encoder.trainable_layers, recipe.model.encoder.validation_fraction) == (
        3,
        0.1,
    )
    assert recipe.model.linear.ngrams.cue_weight == 0.2
    assert [str(warning.message).split(": ")[1].split(";")[0] for warning in told] == [
        "further_weight is now called extra_posts_weight",
        "sent_on is now called deferral_rate",
        "tuned_layers is now called trainable_layers",
        "validation is now called validation_fraction",
        "cue_scale is now called cue_weight",
    ]
    path.write_text('name = "x"\nfamily = "rules"\nfurther_weight = 1.0\nextra_posts_weight = 1.0')
    with pytest.warns(FutureWarning), pytest.raises(RecipeError, match="give one of them"):
        read_recipe(path)
