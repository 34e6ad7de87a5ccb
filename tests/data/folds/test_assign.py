"""Groups are spread so that every stratum is even, the rare ones too."""

from collections import Counter

import pytest
from unpolished.data.folds.assign import N_FOLDS, assign_folds


def _per_fold(groups, strata, **options):
    """Posts in each fold, of all and of each stratum."""
    folds = assign_folds(groups, strata, **options)
    counts = {}
    for group, of_post in zip(groups, strata, strict=True):
        for stratum in ("all", *of_post):
            counts.setdefault(stratum, Counter())[folds[group]] += 1
    n_folds = options.get("n_folds", N_FOLDS)
    return {
        stratum: [by_fold[fold] for fold in range(n_folds)] for stratum, by_fold in counts.items()
    }


@pytest.mark.parametrize("seed", range(5))
def test_a_rare_label_is_spread_as_evenly_as_all_posts(seed):
    """Among groups of one post, each fold gets a fifth of every label, whatever breaks ties."""
    labels = ["rare"] * 10 + ["some"] * 50 + ["most"] * 440
    groups = [f"g{n}" for n in range(len(labels))]
    found = _per_fold(groups, [[label] for label in labels], seed=seed)
    assert found["rare"] == [2] * N_FOLDS
    assert found["some"] == [10] * N_FOLDS
    assert found["most"] == [88] * N_FOLDS


def test_labels_of_two_kinds_are_spread_at_once():
    """A post stands in a source and in a label of it; both are even."""
    strata = [[f"source {n % 3}", f"label {n % 7 == 0}"] for n in range(420)]
    found = _per_fold([f"g{n}" for n in range(420)], strata)
    for stratum, by_fold in found.items():
        assert max(by_fold) - min(by_fold) <= 2, stratum
    assert found["label True"] == [12] * N_FOLDS


@pytest.mark.parametrize("seed", range(5))
def test_large_groups_do_not_drown_a_rare_label(seed):
    """Each stratum weighs the same in all: two of ten rare posts a fold, whatever groups hold."""
    groups, strata = [], []
    for n in range(60):
        size = 1 + 11 * n % 29
        groups += [f"g{n}"] * size
        strata += [["rare"] if n % 6 == 0 and first == 0 else [] for first in range(size)]
    found = _per_fold(groups, strata, seed=seed)
    assert found["rare"] == [2] * N_FOLDS
    assert max(found["all"]) - min(found["all"]) <= 0.1 * sum(found["all"]) / N_FOLDS


def test_small_groups_fill_up_what_large_ones_leave():
    """The largest go first, so that folds differ by no more than the smallest group."""
    sizes = [12, 6, 6, 4, 4, 4, 3, 3, 3, 3]
    for order in (sizes, sizes[::-1]):
        groups = [f"g{n}" for n, size in enumerate(order) for _ in range(size)]
        (posts,) = _per_fold(groups, [[] for _ in groups], n_folds=4).values()
        assert sum(posts) == sum(sizes)
        assert max(posts) - min(posts) <= min(sizes)


def test_a_seed_breaks_ties_only():
    """Groups of one size change places; a group that is largest does not."""
    groups = ["large"] * 9 + [f"g{n}" for n in range(40)]
    strata = [[] for _ in groups]
    found = [assign_folds(groups, strata, seed=seed) for seed in range(4)]
    assert len({tuple(sorted(folds.items())) for folds in found}) == len(found)
    assert {folds["large"] for folds in found} == {0}
