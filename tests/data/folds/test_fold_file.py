"""Folds: committed, whole, even, and never splitting a group."""

from collections import Counter, defaultdict

import pytest
from unpolished.data.dataset.rebuild_folds import build_folds
from unpolished.data.dataset.train_and_gold import labelled_rows
from unpolished.data.folds.assign import N_FOLDS, assign_folds
from unpolished.data.folds.fold_file import fold_of, folds, read_folds
from unpolished.data.folds.near_duplicates import near_duplicates
from unpolished.data.labels.folder import LabelFileError
from unpolished.data.labels.label_files import GOLD, TRAIN, read_labels

FILES = ((TRAIN, 1), (GOLD, 3))


def labelled():
    """All rows of the label files with the name of their file."""
    return [(path.stem, row) for path, n in FILES for row in read_labels(path, n)]


def test_every_labelled_row_has_a_fold():
    """The committed file covers both label files and nothing else."""
    assert set(folds().places) == {(row.source, row.source_id) for _, row in labelled()}


def test_no_author_stands_in_two_folds():
    """Within a source one author is one fold, over both label files."""
    seen = defaultdict(set)
    for _, row in labelled():
        seen[row.source, row.author].add(folds().places[row.source, row.source_id].fold)
    assert all(len(found) == 1 for found in seen.values())


def test_folds_are_even():
    """Each fold holds a fifth of each file and of each label, within a tolerance."""
    counts = defaultdict(Counter)
    for name, row in labelled():
        fold = folds().places[row.source, row.source_id].fold
        counts[name, "posts"][fold] += 1
        for axis in ("style", "paid", "cause"):
            value = getattr(row.targets, axis)
            if value is not None and value >= 0:
                counts[name, axis, value][fold] += 1
    for stratum, by_fold in counts.items():
        mean = by_fold.total() / N_FOLDS
        worst = max(abs(by_fold[fold] - mean) for fold in range(N_FOLDS))
        assert worst <= max(3, 0.15 * mean), stratum


def test_sources_with_many_authors_are_even():
    """Sources of few authors may be uneven, but only that of one author misses a fold."""
    counts, authors = defaultdict(Counter), defaultdict(set)
    for _, row in labelled():
        counts[row.source][folds().places[row.source, row.source_id].fold] += 1
        authors[row.source].add(row.author)
    for source, by_fold in counts.items():
        mean = by_fold.total() / N_FOLDS
        if len(authors[source]) >= 50:
            assert all(abs(by_fold[fold] - mean) <= 0.1 * mean for fold in range(N_FOLDS)), source
        elif len(authors[source]) > 1:
            assert all(by_fold[fold] >= 0.4 * mean for fold in range(N_FOLDS)), source


def test_fold_of_known_and_new_groups():
    """A known group keeps its fold; a new one gets one from its name alone."""
    group, fold = next(iter(folds().of_group.items()))
    assert fold_of(group) == fold
    # Written down: the same in every process, so not by Python's own hash of a string.
    assert [fold_of(f"never seen {n}") for n in range(6)] == [0, 2, 1, 3, 4, 0]
    assert {fold_of(f"never seen {n}") for n in range(100)} == set(range(N_FOLDS))


def test_assignment_is_deterministic_and_whole():
    """The same seed gives the same folds; groups are not split, all folds are used."""
    groups = [f"g{n % 37}" for n in range(400)]
    strata = [[f"s{n % 3}"] for n in range(400)]
    first = assign_folds(groups, strata, seed=1)
    assert first == assign_folds(groups[::-1], strata[::-1], seed=1)
    assert set(first) == set(groups)
    assert set(first.values()) == set(range(N_FOLDS))


def test_too_few_groups():
    """Folds cannot outnumber groups."""
    with pytest.raises(ValueError, match="at least 5 groups, got 2"):
        assign_folds(["a", "b", "b"], [[], [], []])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("source,source_id,fold\n", "line 1: columns"),
        ("source,source_id,group,fold\na/b,1,g,5\n", "line 2, field 'fold'"),
        ("source,source_id,group,fold\na/b,1,g,0\na/b,2,g,1\n", "line 3, field 'group'"),
    ],
)
def test_a_faulty_file_is_refused(tmp_path, text, message):
    """Errors name file, line and field."""
    path = tmp_path / "folds.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LabelFileError, match=rf"folds\.csv, {message}"):
        read_folds(path)


def test_no_near_duplicates_stand_in_two_folds(mirror):
    """If masking or grouping changed so that they do, the fold file must be built anew."""
    rows = labelled_rows()
    fold = [folds().places[key].fold for key in zip(rows["source"], rows["source_id"], strict=True)]
    pairs = list(near_duplicates(rows["masked"].tolist()))
    assert len(pairs) > 300
    assert all(fold[left] == fold[right] for left, right in pairs)


@pytest.mark.slow
def test_folds_can_be_built_again(mirror, tmp_path):
    """A build writes a valid file for the same rows as the committed one."""
    again = build_folds(tmp_path / "folds.csv")
    assert set(again.places) == set(folds().places)
    assert set(again.of_group.values()) == set(range(N_FOLDS))
