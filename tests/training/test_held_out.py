"""Scores that are kept: bit-equal when read again, and never taken for those of something else."""

from dataclasses import replace

import numpy as np
import pytest
from unpolished.training import held_out
from unpolished.training.held_out import Posts, out_of_fold, without_folds
from unpolished.training.recipe import read_recipe
from unpolished.training.recipe_changes import changed
from unpolished.training.splits import SplitsReader

from .small_posts import RECIPE, write_posts


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A recipe, and posts."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "small.toml").write_text(RECIPE)
    recipe = read_recipe(folder / "small.toml")
    return recipe, Posts.of(SplitsReader(write_posts(folder / "own.jsonl")).read(recipe))


@pytest.fixture
def fits(monkeypatch):
    """How many models were made."""
    made = []
    new = held_out.new_model
    monkeypatch.setattr(held_out, "new_model", lambda *a: made.append(1) or new(*a))
    return made


def test_scores_that_are_kept_are_the_same_bit_by_bit(small, fits, tmp_path):
    """And nothing is fitted for them."""
    recipe, posts = small
    first = out_of_fold(recipe, posts, tmp_path)
    assert len(fits) == len(posts.folds)
    assert not np.isnan(first[:, 0]).any()
    again = out_of_fold(recipe, posts, tmp_path)
    np.testing.assert_array_equal(again, first)
    assert len(fits) == len(posts.folds)
    # Neither name nor thresholds move a score.
    other = changed(recipe, {"name": "other", "decision.alpha": 0.1, "sweep": None})
    out_of_fold(other, posts, tmp_path)
    assert len(fits) == len(posts.folds)


def test_only_the_posts_of_the_folds_are_scored(small, tmp_path):
    """By one model for both folds."""
    recipe, posts = small
    found = without_folds(recipe, posts, {1, 3}, tmp_path)
    scored = np.isin(posts.judged.folds, [1, 3])
    assert np.isnan(found[~scored]).all()
    assert not np.isnan(found[scored, 0]).any()
    assert len(list(tmp_path.rglob("*.npy"))) == 1


def _with_first(posts, **changes):
    """The same posts, but for one value of the first that is fitted on."""
    fitted = posts.fitted
    arrays = {name: getattr(fitted, name).copy() for name in changes}
    for name, value in changes.items():
        arrays[name][0] = value
    return replace(posts, fitted=replace(fitted, **arrays))


@pytest.mark.parametrize(
    "change",
    [
        lambda r, p: (changed(r, {"model.c": 2.5}), p),
        lambda r, p: (r, _with_first(p, style=0.25)),
        lambda r, p: (r, _with_first(p, cause=1 - p.fitted.cause[0])),
        lambda r, p: (r, _with_first(p, weight=0.5)),
        lambda r, p: (r, _with_first(p, authors="someone")),
        lambda r, p: (r, replace(p, fitted=p.fitted.take(np.arange(1, len(p.fitted))))),
        lambda r, p: (
            r, replace(p, fitted=replace(p.fitted, texts=("other", *p.fitted.texts[1:]),
                                         with_author=("other", *p.fitted.with_author[1:]))),
        ),
        lambda r, p: (r, replace(p, judged=replace(p.judged, texts=("a",) * len(p.judged)))),
        lambda r, p: (r, replace(p, spare=p.judged.take(np.arange(3)))),
    ],
)  # fmt: skip
def test_whatever_a_score_hangs_on_is_no_hit_once_it_changed(small, fits, tmp_path, change):
    """Recipe, labels, weights, authors, posts, texts."""
    recipe, posts = small
    fold = next(f for f in posts.folds if f != posts.fitted.folds[0])
    without_folds(recipe, posts, [fold], tmp_path)
    without_folds(*change(recipe, posts), [fold], tmp_path)
    assert len(fits) == 2


@pytest.mark.parametrize("part", ["program", "library_versions"])
def test_another_program_is_no_hit(small, fits, tmp_path, monkeypatch, request, part):
    """Code or library: a new version of either may score otherwise."""
    recipe, posts = small
    without_folds(recipe, posts, [0], tmp_path)
    monkeypatch.setattr(held_out, part, lambda: {"code": "another"})
    # A process has one program; here another one begins.
    held_out._program.cache_clear()
    request.addfinalizer(held_out._program.cache_clear)
    without_folds(recipe, posts, [0], tmp_path)
    assert len(fits) == 2


@pytest.mark.parametrize("damage", [b"", b"no array", b"\x93NUMPY"])
def test_a_damaged_file_is_computed_anew(small, fits, tmp_path, damage):
    """And nothing in it is ever unpickled."""
    recipe, posts = small
    first = without_folds(recipe, posts, [0], tmp_path)
    (path,) = tmp_path.rglob("*.npy")
    path.write_bytes(damage)
    np.testing.assert_array_equal(without_folds(recipe, posts, [0], tmp_path), first)
    np.save(path, np.zeros((2, 5), np.float32))
    np.testing.assert_array_equal(without_folds(recipe, posts, [0], tmp_path), first)
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    np.testing.assert_array_equal(without_folds(recipe, posts, [0], tmp_path), first)
    assert len(fits) == 4


def test_nothing_of_a_post_is_kept(small, tmp_path):
    """Scores under a hash: neither text nor author."""
    recipe, posts = small
    without_folds(recipe, posts, [0], tmp_path)
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.suffix for path in kept] == [".npy"]
    assert np.load(kept[0], allow_pickle=False).dtype == np.float32
