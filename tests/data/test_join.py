"""Labels find their texts by id and hash."""

import pytest
from unpolished.data.join import JoinError, JoinReport, check_joined
from unpolished.data.public import join_reports, labelled_rows


def test_all_rows_join(mirror):
    """Every vote finds the text it was given for."""
    assert join_reports() == {
        "train.csv": JoinReport(4375, 4375, {}),
        "gold-dev.csv": JoinReport(668, 668, {}),
        "further.csv": JoinReport(10022, 10022, {}),
    }


def test_rows_are_sorted(mirror):
    """The order does not depend on the label files."""
    rows = labelled_rows()
    keys = list(zip(rows["split"], rows["source"], rows["source_id"], strict=True))
    assert keys == sorted(keys)


def test_gaps_are_refused():
    """A missing text is an error that names its source, not a smaller data set."""
    with pytest.raises(JoinError, match=r"train\.csv: 1 of 3 rows .*a/b: 2 missing"):
        check_joined("train.csv", JoinReport(3, 1, {"a/b": 2}))
