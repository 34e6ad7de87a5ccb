"""The table ``[sweep]``: a fault in it is found when the recipe is read."""

import json
from typing import get_args

import pytest
from unpolished.training.evaluation.fold_aucs import MEAN, SCORED
from unpolished.training.recipe import RecipeError, read_recipe
from unpolished.training.recipe_text import recipe_toml
from unpolished.training.sweep_options import Metric

HEAD = 'name = "x"\nfamily = "linear"\n[sweep]\n'


def _read(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(HEAD + text)
    return read_recipe(path)


def test_metrics_are_those_that_can_be_told():
    """The names in recipes are the names of what is judged."""
    assert set(get_args(Metric)) == {MEAN, *SCORED}


def test_keys_need_no_quotes(tmp_path):
    """TOML reads dots as tables within tables; they are meant as one key."""
    quoted = _read(tmp_path, '[sweep.space]\n"model.c" = { low = 1, high = 4 }\n'
                   '"model.ngrams.char_ngrams" = { choices = [3, 5] }')  # fmt: skip
    plain = _read(tmp_path, "[sweep.space]\nmodel.c = { low = 1, high = 4 }\n"
                  "[sweep.space.model.ngrams]\nchar_ngrams = { choices = [3, 5] }")  # fmt: skip
    assert quoted == plain
    assert set(plain.sweep.space) == {"model.c", "model.ngrams.char_ngrams"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("trials = 3", r"field sweep\.space: "),
        ("[sweep.space]", r"field sweep\.space: "),
        ('[sweep.space]\n"model.cc" = { low = 1, high = 2 }', r"field sweep\.space\.model\.cc: "),
        ('[sweep.space]\n"model.c" = { low = 0, high = 2 }', r"sweep\.space\.model\.c = 0: "),
        (
            '[sweep.space]\n"model.c" = { low = 2, high = 1 }',
            r"sweep\.space\.model\.c: .*less than",
        ),
        ('[sweep.space]\n"model.c" = { low = 2, high = inf }', r"sweep\.space\.model\.c: .*less"),
        ('[sweep.space]\n"model.c" = { low = 2 }', r"sweep\.space\.model\.c: .*give low and high"),
        ('[sweep.space]\n"model.c" = { low = 1, high = 2, choices = [1.0, 2.0] }', "choices alone"),
        ('[sweep.space]\n"model.c" = { choices = [1.0] }', "two different values"),
        ('[sweep.space]\n"model.c" = { low = -1, high = 2, log = true }', "above 0"),
        ('[sweep.space]\n"model.c" = { low = 1, high = 2, lag = true }', r"model\.c\.lag"),
        ('[sweep.space]\n"model.ngrams.char_ngrams" = { low = 3, high = 9 }', "char_ngrams = 9"),
        ('[sweep.space]\n"model.ngrams.char_ngrams" = { choices = [3, "a"] }', "char_ngrams = 'a'"),
        ('[sweep.space]\n"leave_one_source_out" = { low = 0, high = 1 }', "give choices"),
        ('[sweep.space]\n"decision.alpha" = { low = 0.1, high = 0.2 }', "moves a score"),
        ('[sweep.space]\n"sweep.trials" = { low = 1, high = 2 }', "moves a score"),
        ('metric = "cause"\n[sweep.space]\n"model.c" = { low = 1, high = 2 }', "sweep.metric"),
        ('trials = 0\n[sweep.space]\n"model.c" = { low = 1, high = 2 }', "sweep.trials"),
    ],
)
def test_a_faulty_space_names_file_and_key(tmp_path, text, message):
    """Before anything is fitted."""
    with pytest.raises(RecipeError, match=message) as error:
        _read(tmp_path, text)
    assert "mine.toml" in str(error.value)


def test_a_space_is_written_out_and_read_back(tmp_path):
    """As commented TOML, and as the JSON of a run."""
    recipe = _read(
        tmp_path,
        'metric = "paid"\n[sweep.space]\n"model.c" = { low = 0.5, high = 4, log = true }\n'
        '"model.ngrams.word_ngrams" = { choices = [1, 2] }\n',
    )
    path = tmp_path / "again.toml"
    path.write_text(recipe_toml(recipe), "utf-8")
    assert read_recipe(path) == recipe
    path = tmp_path / "again.json"
    path.write_text(json.dumps(recipe.model_dump(mode="json")), "utf-8")
    assert read_recipe(path) == recipe
