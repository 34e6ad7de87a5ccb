"""Labels find their texts by id and hash."""

import pytest
from unpolished.data.dataset.train_and_gold import join_reports, labelled_rows
from unpolished.data.labels.attach_texts import JoinError, JoinReport, check_joined
from unpolished.data.labels.label_files import FURTHER, GOLD, TRAIN, read_labels


def test_all_rows_join(mirror):
    """Every vote finds the text it was given for."""
    voted = {
        path.name: len(read_labels(path, n)) for path, n in ((TRAIN, 1), (GOLD, 3), (FURTHER, 1))
    }
    assert join_reports() == {name: JoinReport(n, n, {}) for name, n in voted.items()}


def test_rows_are_sorted(mirror):
    """The order does not depend on the label files."""
    rows = labelled_rows()
    keys = list(zip(rows["split"], rows["source"], rows["source_id"], strict=True))
    assert keys == sorted(keys)


def test_gaps_are_refused():
    """A missing text is an error that names its source, not a smaller data set."""
    with pytest.raises(JoinError, match=r"train\.csv: 1 of 3 rows .*a/b: 2 missing"):
        check_joined("train.csv", JoinReport(3, 1, {"a/b": 2}))
