"""The strict reading of second readings, and that they stay what they are for."""

import pytest
from unpolished.data.labels.folder import LabelFileError
from unpolished.data.labels.label_files import FURTHER, GOLD, TRAIN, read_labels
from unpolished.data.labels.soft_labels import HEADER, readings


def _written(tmp_path, *lines):
    path = tmp_path / "second_reading.csv"
    path.write_text("\n".join([",".join(HEADER), *lines]) + "\n")
    return path


def test_two_readings_are_averaged(tmp_path):
    """One alone counts as it is."""
    found = readings(_written(tmp_path, "a/b,1,20,60,40,40", "a/b,2,3,0,,"))
    assert found == {
        ("a/b", "1"): pytest.approx((0.3, 0.5)),
        ("a/b", "2"): pytest.approx((0.03, 0.0)),
    }


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("a/b,1,101,0,,", "paid_1"),
        ("a/b,1,,0,,", "paid_1"),
        ("a/b,1,5,-1,,", "self_1"),
        ("a/b,1,60,41,,", "self_1"),
        ("a/b,1,5,5,7,x", "self_2"),
    ],
)
def test_faults_name_line_and_field(tmp_path, line, field):
    """Percentages, together at most 100."""
    with pytest.raises(LabelFileError, match=f"line 2, field '{field}'"):
        readings(_written(tmp_path, line))


def test_a_post_stands_there_once(tmp_path):
    """A second line of the same post is refused."""
    with pytest.raises(LabelFileError, match="line 3, field 'source_id'"):
        readings(_written(tmp_path, "a/b,1,5,5,,", "a/b,1,5,5,,"))


def test_other_columns_are_refused(tmp_path):
    """The message names those that must be."""
    path = tmp_path / "second_reading.csv"
    path.write_text("source,source_id,paid\n")
    with pytest.raises(LabelFileError, match="line 1: the columns must be source"):
        readings(path)


def test_only_posts_that_are_trained_on_were_read_again():
    """Of gold none: its three votes alone judge."""
    voted = {(r.source, r.source_id) for path in (TRAIN, FURTHER) for r in read_labels(path, 1)}
    gold = {(r.source, r.source_id) for r in read_labels(GOLD, 3)}
    read = set(readings())
    assert len(read) == 2828
    assert read <= voted
    assert not read & gold
