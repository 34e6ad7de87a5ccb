"""The posts of a run, with the extra ones that its recipe weighs."""

import numpy as np
import pytest
from unpolished.training.recipe import read_recipe
from unpolished.training.splits import SplitsReader, read_splits


def recipe(**weights):
    """Any, with weights of extra posts."""
    return read_recipe("linear").model_copy(update=weights)


def test_corpus_data_takes_no_extra_posts():
    """They belong to the public data."""
    splits = read_splits(recipe(), "corpus")
    assert (splits.gold, splits.extra) == (None, None)
    assert len(splits.everything()) == len(splits.train)


def test_extra_posts_weigh_what_the_recipe_says(mirror):
    """And those of weight 0 are not there."""
    del mirror
    none = read_splits(recipe(extra_posts_weight=0, corpus_weight=0), "public")
    assert none.extra is None
    some = read_splits(recipe(extra_posts_weight=0, corpus_weight=0.25), "public")
    assert set(some.extra.weight) == {np.float32(0.25)}
    assert set(some.extra.sources) == {"corpus"}
    n = len(some.train) + len(some.gold) + len(some.extra)
    assert len(some.everything()) == n


def test_unmasked_texts_are_the_posts(mirror):
    """For peers that mask nothing, same rows and labels."""
    del mirror
    masked, plain = (
        read_splits(recipe(extra_posts_weight=0), "public", unmasked=unmasked).train
        for unmasked in (False, True)
    )
    assert masked.texts != plain.texts
    np.testing.assert_array_equal(masked.paid, plain.paid)


@pytest.mark.slow
def test_spare_posts_share_no_group_with_a_judged_one(mirror):
    """An encoder may read them whatever post it is judged on."""
    del mirror
    splits = read_splits(recipe(extra_posts_weight=1, readings_weight=1), "public")
    spare = splits.spare()
    judged = {*splits.train.groups, *splits.gold.groups}
    assert len(spare)
    assert not judged & set(spare.groups)
    shared = np.isin(splits.extra.groups, list(judged))
    assert shared.any()
    assert len(spare) == (~shared).sum()


def test_nothing_is_spare_where_there_are_no_extra_posts():
    """As of one's own posts."""
    assert read_splits(recipe(), "corpus").spare() is None


def test_recipes_that_weigh_posts_alike_share_what_was_read():
    """Others do not; a reader keeps but a few data sets."""
    reader = SplitsReader("corpus")
    first = reader.read(recipe())
    assert reader.read(recipe(name="other", seed=3)) is first
    assert reader.read(recipe(), unmasked=True).train.texts != first.train.texts
    other = reader.read(recipe(soft_label_weight=0.0))
    assert other is not first
    assert other.train.texts == first.train.texts
