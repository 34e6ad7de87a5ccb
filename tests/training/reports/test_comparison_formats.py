"""A comparison in every format: all figures, the same sentences, names escaped."""

import csv
import io
import json
import re

import pytest
from unpolished.training.reports.comparison_formats import (
    FORMATS,
    csv_text,
    json_text,
    latex,
    markdown,
    records,
    table_cells,
)

from .comparisons import NAMES, compared, comparison

COMMON = ("a and b: 119 posts in both, 1 only in a",)


def test_rows_for_people_begin_with_the_run_compared_with():
    """Question by question; sources only where asked for."""
    rows = list(table_cells(comparison(), by_source=False))
    assert [row[:4] for row in rows] == [
        ("style", "all", "rules", "0.600"),
        ("style", "all", "linear c=0.2", "0.700"),
        ("style", "all", "linear c=2.0", "0.604"),
        ("paid", "all", "rules", "0.600"),
        ("paid", "all", "linear c=0.2", "0.550"),
        ("paid", "all", "linear c=2.0", "0.580"),
    ]
    assert rows[1][4:] == ("+0.100 [+0.080, +0.120]", "0.002", "0.028", "better")
    assert rows[2][5:] == ("0.700", "0.028", "not shown")
    assert rows[4][5:] == ("<.001", "0.028", "worse")
    assert rows[5][4:] == ("-0.020", "–", "–", "not told")
    by_source = list(table_cells(comparison(), by_source=True))
    assert {row[1] for row in by_source} == {"all", "a/one", "b/two"}


def test_what_no_difference_can_reach_is_none():
    """All figures are between 0 and 1."""
    rows = (compared(error=0.4),)
    (_, row) = table_cells(comparison(rows=rows), by_source=False)
    assert row[6] == "none"


def test_p_values_are_adjusted_among_those_that_were_told():
    """Three over all posts, two of single sources."""
    found = comparison()
    assert (found.tests(whole=True), found.tests(whole=False)) == (3, 2)
    assert found.better_or_worse() == 2


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_that_only_common_posts_were_compared(name):
    """And that gold was looked at."""
    for by_source in (False, True):
        text = FORMATS[name](comparison(common=COMMON, split="gold"), by_source=by_source)
        assert re.search(r"common posts|posts that all of them hold", text)
        assert "gold" in text
        assert not re.search(r"common posts|posts that all of them hold",
                             FORMATS[name](comparison(), by_source=by_source))  # fmt: skip


def test_markdown_is_a_table_of_equal_rows():
    """As many cells in each; a bar in a name is none of the table's."""
    text = markdown(comparison(names=("a|b", *NAMES[1:])), by_source=True)
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [re.split(r"(?<!\\)\|", line) for line in lines]
    assert {len(row) for row in cells} == {10}
    assert r"a\|b" in text


def test_names_begin_no_markup_and_no_page():
    """What was set in a recipe may be anything."""
    text = markdown(comparison(names=("<script>*x*</script>\n| new", "[a](b)", "_c_")))
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert r"\*x\*" in text
    assert r"\[a](b)" in text
    assert "\n| new" not in text


def test_latex_escapes_and_balances():
    """No special sign of a name is LaTeX's; minus signs are those of formulas."""
    text = latex(comparison(names=("50%_#1&2$3{~^\\", *NAMES[1:])))
    assert r"50\%\_\#1\&2\$3\{\textasciitilde{}\textasciicircum{}\textbackslash{}" in text
    assert "$-$0.050 [$-$0.070, $-$0.030]" in text
    assert "$<$.001" in text
    body = text[text.index(r"\toprule") : text.index(r"\bottomrule")]
    rows = [line for line in body.splitlines() if line.endswith(r"\\")]
    assert {len(re.findall(r"(?<!\\)&", row)) for row in rows} == {6}
    assert r"95 \%" in text
    for begin in ("table", "tabular"):
        assert text.count(rf"\begin{{{begin}}}") == text.count(rf"\end{{{begin}}}") == 1


def test_csv_holds_every_comparison_and_no_formula():
    """Numbers at full precision; empty where unknown."""
    found = comparison(names=("=1+1", *NAMES[1:]))
    rows = list(csv.DictReader(io.StringIO(csv_text(found))))
    assert len(rows) == len(found.rows)
    assert rows[0]["against"] == "'=1+1"
    assert float(rows[0]["difference"]) == found.rows[0].tested.difference
    assert (rows[-1]["p_holm"], rows[-1]["verdict"]) == ("", "not told")
    assert float(rows[4]["difference"]) == -0.05


def test_json_is_read_back():
    """With the facts, and null where unknown."""
    found = json.loads(json_text(comparison()))
    assert found["comparisons"] == records(comparison())
    assert found["comparisons"][-1]["p"] is None
    assert found["runs"][1] == {"run_id": "b" * 32, "name": "linear c=0.2"}
    assert found["common_posts_only"] is False
    assert found["draws"] == 1000
