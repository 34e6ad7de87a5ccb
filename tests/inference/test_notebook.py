"""What a notebook shows of rows: a table, reasons marked, nothing of a post as markup."""

from html.parser import HTMLParser

import pytest
from unpolished import Scorer
from unpolished.inference.notebook import SHOWN


class Parsed(HTMLParser):
    """Tags seen, texts of cells and of marks."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.cells, self.marks = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Open a cell or a mark."""
        self.tags.add(tag)
        if tag == "td":
            self.cells.append("")
        if tag == "mark":
            self.marks.append("")

    def handle_data(self, data):
        """Text goes to the last cell, and mark."""
        if self.cells:
            self.cells[-1] += data


@pytest.fixture(scope="module")
def scorer():
    """The light model."""
    return Scorer.load("linear")


# A sign that a person types, and nothing that is mended.
NASTY = "Discover our new serum <3 & shop now! Use code GLOW10 today"


def test_nothing_of_a_post_is_markup(scorer):
    """Its text stands there as it is, reasons marked."""
    rows = scorer.score([{"id": "<i>7</i>", "text": NASTY}], reasons="all", keep=["text"])
    shown = Parsed(rows._repr_html_())
    assert shown.tags == {"table", "thead", "tbody", "tr", "th", "td", "mark"}
    assert shown.cells[0] == "<i>7</i>"
    assert shown.cells[-1] == NASTY
    assert shown.marks


def test_without_the_text_reasons_alone_are_shown(scorer):
    """And a row with an error shows that."""
    rows = scorer.score([{"text": NASTY}, {"text": 3}], reasons="all", errors="keep")
    cells = Parsed(rows._repr_html_()).cells
    assert all(reason.text in cells[5] for reason in rows[0].reasons)
    assert cells[-1] == rows[1].error


def test_a_long_table_is_cut(scorer):
    """With how many are left."""
    html = scorer.score(["a walk in the rain"] * (SHOWN + 3))._repr_html_()
    assert html.count("<tr>") == SHOWN + 1
    assert html.endswith("<p>and 3 more</p>")
    assert "more" not in scorer.score(["a walk in the rain"])._repr_html_()
