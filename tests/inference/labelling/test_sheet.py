"""The sheet as it is read: badly filled ones say where, and how to mend it."""

import pytest
from unpolished.data.errors import InputError
from unpolished.data.posts import Post
from unpolished.inference.labelling.cells import MAX_CELL
from unpolished.inference.labelling.sheet import SHEET_COLUMNS, read_sheet, write_sheet

from .spreadsheets import rows_of

HEADER = "id,text,label_style,label_paid,label_cause\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (HEADER + "a,so tired,raw,maybe,\n", r"s\.csv, line 2: field 'label_paid': .*'yes', 'no'"),
        (HEADER + '"a","so\n\ntired",raw,,\nb,late,,,often\n', r"line 5: field 'label_cause'"),
        (HEADER + '"a","so\n\ntired",maybe,,\n', r"line 2: field 'label_style'"),
        (HEADER + "a,so tired,,,\n", "no row has a label yet"),
        (HEADER.replace("label_paid", "paid"), "line 1: no column 'label_paid'"),
        ("label_style,label_paid,label_cause\nraw,,\n", "no column 'key', 'id' or 'text'"),
        (HEADER.replace("text", "ID"), "column 'id' appears twice"),
        (HEADER + 'a,"so "tired",raw,,\n', "line 2: not valid CSV"),
        ("", "line 1: no column"),
    ],
)
def test_a_badly_filled_sheet_says_where(content, message, tmp_path):
    """With the line on which the row starts."""
    (tmp_path / "s.csv").write_text(content)
    with pytest.raises(InputError, match=message):
        read_sheet(tmp_path / "s.csv")


def test_a_sheet_that_is_not_there_says_so(tmp_path):
    """By its name."""
    with pytest.raises(InputError, match=r"s\.csv: cannot be read: No such file"):
        read_sheet(tmp_path / "s.csv")


def test_no_cell_is_longer_than_a_spreadsheet_takes(tmp_path):
    """It would cut it, or let the rest run into the next row."""
    write_sheet(tmp_path / "s.csv", [("a", Post(text="so tired " * 10_000)), ("b", Post(text="x"))])
    header, long, short = rows_of((tmp_path / "s.csv").read_bytes())
    assert header == list(SHEET_COLUMNS)
    assert len(long[4]) == MAX_CELL < 32_767
    assert short[4] == "x"
