"""What a sweep reports was scored by choices that never saw it; models are invented."""

from contextlib import contextmanager

import numpy as np
import pytest
from unpolished.training import held_out
from unpolished.training.evaluation.crossfit import no_progress
from unpolished.training.evaluation.fold_aucs import MEAN
from unpolished.training.held_out import Posts
from unpolished.training.recipe import read_recipe
from unpolished.training.splits import SplitsReader
from unpolished.training.sweep.nested import Judge, run_search
from unpolished.training.sweep.results import swept
from unpolished.training.sweep.search import Search

from ..small_posts import RECIPE, Told, right_answers, write_posts

# The seed stands for whatever may be chosen: what models say hangs on it alone.
FIVE = "[sweep.space]\nseed = { choices = [0, 1, 2, 3, 4] }\n"
MANY = "[sweep.space]\nseed = { low = 0, high = 100000 }\n"


class _Run:
    run_id = "none"

    def step(self, value, step):
        """Not tracked."""

    def end_as(self, state):
        """Not tracked."""


@contextmanager
def untracked(*_):
    """In place of a run in MLflow."""
    yield _Run()


@pytest.fixture(scope="module")
def posts(tmp_path_factory):
    """A reader of few posts, the posts, and what is true of each text."""
    folder = tmp_path_factory.mktemp("small")
    path = write_posts(folder / "own.jsonl")
    (folder / "small.toml").write_text(RECIPE)
    recipe = read_recipe(folder / "small.toml")
    reader = SplitsReader(path)
    return reader, Posts.of(reader.read(recipe)), right_answers(path, recipe)[1]


@pytest.fixture
def told(posts, tmp_path, monkeypatch):
    """A function that sweeps, with models that say what they are told to."""
    import optuna

    # Families that no seed moves share scores of all seeds.
    monkeypatch.setattr(held_out, "family_of", lambda _: type("Row", (), {"seeded": True}))
    reader, read, _ = posts
    calls = iter(range(100))

    def run(space, say, **options):
        path = tmp_path / "small.toml"
        said = "".join(f"{name} = {value!r}\n" for name, value in options.items())
        path.write_text(RECIPE.split("[sweep]")[0] + f"[sweep]\n{said}{space}")
        recipe, fitted = read_recipe(path), []
        monkeypatch.setattr(
            held_out, "new_model",
            lambda of, *_: Told(lambda texts: say(of.seed, texts), fitted),
        )  # fmt: skip
        judge = Judge(reader, read, recipe.sweep.metric, tmp_path / f"cache{next(calls)}")
        kept, by_search = optuna.storages.InMemoryStorage(), {}
        searches = {
            fold: Search.opened(kept, str(fold), recipe, recipe.sweep)
            for fold in (*read.folds, None)
        }
        for fold, search in searches.items():
            start = len(fitted)
            run_search(search, judge, fold, untracked, no_progress)
            by_search[fold] = fitted[start:]
        return swept("none", recipe, judge, searches), by_search

    return run


def _noisy(truth, spread):
    def say(seed, texts):
        right = np.array([truth[text] for text in texts])
        return right + np.random.default_rng(seed).normal(0, spread(seed), right.shape)

    return say


def test_a_choice_that_only_the_fold_itself_rewards_is_never_made_for_it(told, posts):
    """A planted leak: choice k is right about all of fold k and wrong about all else.

    Whoever has not seen fold k has every reason not to take k, and is wrong about all of the fold;
    whoever has looked at it takes k, and reports a perfect score.
    """
    _, read, truth = posts
    fold_of = dict(zip(read.judged.texts, read.judged.folds.tolist(), strict=True))

    def say(seed, texts):
        right = np.array([truth[text] for text in texts])
        at_home = np.array([fold_of[text] == seed for text in texts])[:, None]
        return np.where(at_home, right, 1 - right)

    done, _ = told(FIVE, say, trials=10, startup_trials=10)
    searches = {found.fold: found for found in done.searches}
    assert set(searches) == {0, 1, 2, 3, 4, None}
    for fold in range(5):
        assert searches[fold].params["seed"] != fold
        assert searches[fold].value > 0
        assert searches[fold].held_out == 0
    assert all(gain.nested.value == 0 for gain in done.gains)
    # The recipe was chosen by these very posts: it is right about one fold, and says too much.
    assert done.gains[0].axis == MEAN
    assert done.gains[0].tuned.value > 0.1


def test_what_is_found_by_luck_is_not_reported(told):
    """Noise: the best of many seeds looks good on the posts it was chosen by, and on no others."""

    def say(seed, texts):
        return np.array([np.random.default_rng([seed, *t.encode()]).random(5) for t in texts])

    done, _ = told(MANY, say, trials=25, startup_trials=25, pruner="none")
    mean = done.gains[0]
    assert mean.tuned.value > 0.53
    assert mean.nested.value < mean.tuned.value - 0.02
    assert abs(mean.nested.value - 0.5) < 0.04


def test_no_fit_of_a_search_has_a_post_of_the_fold_it_must_not_see(told, posts):
    """Nor one of its authors: every fit of every search is looked at."""
    _, read, truth = posts
    _, by_search = told(FIVE, _noisy(truth, lambda _: 1), trials=3)
    for fold, fits in by_search.items():
        for train in fits:
            # Without the fold that judges, and without the one that is hidden.
            assert len(np.unique(train.folds)) == (4 if fold is None else 3)
            if fold is not None:
                assert fold not in train.folds
                assert not set(read.judged.groups[read.judged.folds == fold]) & set(train.groups)
    assert by_search[0]


def test_the_same_seed_is_the_same_sweep_and_another_is_not(told, posts):
    """Trial by trial."""
    say = _noisy(posts[2], lambda _: 1)
    first, again, other = (told(MANY, say, seed=seed, trials=8)[0] for seed in (1, 1, 2))
    assert first.trials.equals(again.trials)
    assert first.gains == again.gains
    assert not first.trials.equals(other.trials)


def test_the_first_trial_is_the_recipe_as_it_is(told, posts):
    """Where the space holds it; so no search ends with less than that on the folds it sees."""
    done, _ = told(MANY, _noisy(posts[2], lambda _: 1), trials=2)
    assert set(done.trials[done.trials["trial"] == 0]["seed"]) == {0}
    done, _ = told("[sweep.space]\nseed = { low = 5, high = 9 }\n",
                   _noisy(posts[2], lambda _: 1), trials=2)  # fmt: skip
    assert done.trials["seed"].between(5, 9).all()


def test_a_trial_below_the_median_is_given_up(told, posts):
    """Unless none is to be: then each sees all of its folds."""
    say = _noisy(posts[2], lambda seed: seed / 50_000)
    for pruner in ("median", "none"):
        done, _ = told(MANY, say, trials=12, pruner=pruner)
        given_up = done.trials[done.trials["state"] == "pruned"]
        assert bool(len(given_up)) == (pruner == "median")
        kept = done.trials[done.trials["state"] == "complete"]
        assert set(kept["folds"]) == {4, 5}
        assert (given_up["folds"] < 5).all()
        assert {found.complete + found.pruned for found in done.searches} == {12}


def test_one_axis_alone_can_be_tuned_for(told, posts):
    """By whatever the others lose."""
    truth = posts[2]

    def say(seed, texts):
        right = np.array([truth[text] for text in texts])
        return np.where(np.arange(5) == seed, right, 1 - right)

    done, _ = told("[sweep.space]\nseed = { choices = [0, 1] }\n", say, trials=6, metric="paid")
    assert {found.params["seed"] for found in done.searches} == {1}
    values = {gain.axis: gain.nested.value for gain in done.gains}
    assert (values["paid"], values["style"]) == (1, 0)
