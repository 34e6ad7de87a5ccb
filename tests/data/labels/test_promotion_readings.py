"""Readings of posts without votes: read strictly, and of nobody who is judged by."""

import pytest
from unpolished.data.labels.folder import LabelFileError
from unpolished.data.labels.label_files import (
    FURTHER,
    GOLD,
    TRAIN,
    read_labels,
    read_readings,
)
from unpolished.data.labels.reserved_authors import reserved_authors

HEADER = "source,source_id,author_sha1,text_sha1,paid_1,self_1,paid_2,self_2"
POST = f"a/b,1,{'0' * 12},{'1' * 40}"


def _written(tmp_path, *lines):
    path = tmp_path / "promotion_readings.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return path


def test_two_readings_are_averaged(tmp_path):
    """One alone counts as it is."""
    other = POST.replace("a/b,1", "a/b,2")
    once, twice = read_readings(_written(tmp_path, f"{POST},20,60,,", f"{other},20,60,40,40"))
    assert (once.paid, once.own) == pytest.approx((0.2, 0.6))
    assert (twice.paid, twice.own) == pytest.approx((0.3, 0.5))


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (f"{POST},101,0,,", "paid_1"),
        (f"{POST},60,41,,", "self_1"),
        (f"{POST},5,5,7,x", "self_2"),
        (f"{POST.replace('a/b', 'ab')},5,5,,", "source"),
        (f"{POST.replace('11', '1z')},5,5,,", "text_sha1"),
        (f"{POST},5,5,", "self_2"),
    ],
)
def test_faults_name_line_and_field(tmp_path, line, field):
    """Percentages, together at most 100, of a post that can be found."""
    with pytest.raises(LabelFileError, match=f"line 2, field '{field}'"):
        read_readings(_written(tmp_path, line))


def test_a_post_stands_there_once(tmp_path):
    """A second line of the same post is refused."""
    with pytest.raises(LabelFileError, match="line 3, field 'source_id'"):
        read_readings(_written(tmp_path, f"{POST},5,5,,", f"{POST},5,5,,"))


def test_nobody_of_gold_and_nobody_reserved_was_read():
    """Nor any post that has votes."""
    read = read_readings()
    voted = {row[:2] for path, n in ((TRAIN, 1), (FURTHER, 1), (GOLD, 3)) for row in
             read_labels(path, n)}  # fmt: skip
    # One source names no authors but the event, which hundreds share.
    gold = {(row.source, row.author) for row in read_labels(GOLD, 3)}
    authors = {(row.source, row.author) for row in read if row.source != "sajao/CrisisLex"}
    assert not {row[:2] for row in read} & voted
    assert not authors & gold
    assert not {author for _, author in authors} & reserved_authors()
    assert len(read) == 15_059
