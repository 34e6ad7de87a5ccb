"""Sheets of Excel, written by openpyxl and by pandas."""

from datetime import UTC, datetime
from itertools import count

import openpyxl
import pandas as pd
import pytest
from unpolished.data.errors import InputError
from unpolished.data.io.fields.find import Fields
from unpolished.data.io.read import read_items, read_posts
from unpolished.data.posts import Post


def _book(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title.replace("_", " "))
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


ROWS = [
    ["id", "Text", "likes", "paid_partnership", "posted_at"],
    ["007", "late bus\nagain", 12, True, datetime(2024, 3, 2, 7, 15)],
    [8, "made soup", None, False, "2024-03-02T07:15:00Z"],
    [None, None, None, None, None],
    ["9", None, 1, None, None],
]


def test_cells_are_read_as_what_they_are(tmp_path):
    """Numbers, yes and no, dates, ids that are text; empty rows are none, and lines are rows."""
    path = _book(tmp_path / "x.xlsx", Sheet1=[[], *ROWS])
    first, second, third = read_posts(path, Post)
    assert first[0] == 3
    assert (first[1].id, first[1].text, first[1].likes) == ("007", "late bus\nagain", 12)
    assert (first[1].paid_partnership, first[1].posted_at) == (True, datetime(2024, 3, 2, 7, 15))
    assert (second[1].id, second[1].likes, second[1].paid_partnership) == ("8", None, False)
    assert second[1].posted_at == datetime(2024, 3, 2, 7, 15, tzinfo=UTC)
    assert (third.line, third.code, third.id) == (6, "missing", "9")


def test_the_sheet_with_texts_is_read(tmp_path):
    """Or the one that was asked for; never one of several."""
    path = _book(tmp_path / "x.xlsx", Notes=[["about"], ["me"]], Posts=ROWS)
    assert len(list(read_posts(path, Post))) == 3
    two = _book(tmp_path / "y.xlsx", March=ROWS, April_2024=ROWS[:2])
    with pytest.raises(InputError, match=r"several sheets .*--sheet \(March, April 2024\)"):
        list(read_posts(two, Post))
    assert len(list(read_posts(two, Post, sheet="April 2024"))) == 1
    with pytest.raises(InputError, match="no sheet 'May'; there are March, April 2024"):
        list(read_posts(two, Post, sheet="May"))
    none = _book(tmp_path / "z.xlsx", One=[["a"], ["b"]], Two=[["c"]])
    with pytest.raises(InputError, match=r"no sheet has a column of texts"):
        list(read_posts(none, Post))


def test_a_sheet_of_a_known_export_is_read_as_such(tmp_path):
    """A colleague saved the scraper's table as a workbook."""
    path = tmp_path / "x.xlsx"
    pd.DataFrame(
        {"shortCode": ["a"], "ownerUsername": ["ana"], "likesCount": [-1], "timestamp": [None],
         "caption": ["late bus"], "paidPartnership": [True]}
    ).to_excel(path, index=False)  # fmt: skip
    ((_, post),) = read_posts(path, Post)
    assert (post.author, post.likes, post.paid_partnership) == ("ana", None, True)


def test_values_beside_the_named_columns_are_told(tmp_path):
    """As in CSV; the sheets that are not read are named."""
    rows = [["id", "text"], ["1", "late bus"], ["2", "late tram", "who put this here"]]
    path = _book(tmp_path / "x.xlsx", Posts=rows, Notes=[["a"], ["b"]])
    fields = Fields(exports=True)
    first, second = read_items(path, Post, None, fields, count(1))
    assert (first.found.text, second.found.code) == ("late bus", "columns")
    assert fields.export.left == ["x.xlsx, sheet 'Notes'"]


def test_a_cell_far_out_is_refused_before_memory_is_filled(tmp_path, monkeypatch):
    """All cells up to it would be made."""
    path = _book(tmp_path / "x.xlsx", One=[["text"], ["late bus"], *[[]] * 7, [None, None, 1]])
    assert len(list(read_posts(path, Post))) == 2
    monkeypatch.setattr("unpolished.data.io.formats.spreadsheet._MAX_CELLS", 29)
    with pytest.raises(InputError, match="a sheet of 10 rows and 3 columns"):
        list(read_posts(path, Post))
