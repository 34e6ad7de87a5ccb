"""Values of a recipe by dotted keys: checked as if they had been read."""

import pytest
from unpolished.training.recipe import read_recipe
from unpolished.training.recipe_changes import changed, value_at


def test_a_change_is_a_change_of_one_value():
    """At any depth; the recipe itself stays as it was."""
    recipe = read_recipe("linear")
    other = changed(recipe, {"model.ngrams.cue_weight": 0.3, "model.c": 1.0, "seed": 4})
    assert (other.model.ngrams.cue_weight, other.model.c, other.seed) == (0.3, 1.0, 4)
    back = {key: value_at(recipe, key) for key in ("model.ngrams.cue_weight", "model.c", "seed")}
    assert changed(other, back) == recipe == read_recipe("linear")


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("model.cc", 1.0, r"model\.cc: there is no such key: cc is none of ngrams, c"),
        ("model.c.d", 1.0, r"model\.c\.d: there is no such key"),
        ("model.c", -1.0, r"model\.c = -1\.0: .*greater than 0"),
        ("model.c", "2", r"model\.c = '2': "),
        ("model.ngrams.min_authors", 2, r"min_authors = 2: .*greater than or equal to 5"),
    ],
)
def test_a_change_that_cannot_be_names_its_key(key, value, message):
    """No such key, another type, out of range."""
    with pytest.raises(ValueError, match=message):
        changed(read_recipe("linear"), {key: value})


def test_what_a_table_that_is_left_out_would_hold_cannot_be_changed():
    """Said, and not made up."""
    alone = changed(read_recipe("embed"), {"model.ngrams": None})
    with pytest.raises(ValueError, match="the table before cue_weight is left out"):
        changed(alone, {"model.ngrams.cue_weight": 0.1})
