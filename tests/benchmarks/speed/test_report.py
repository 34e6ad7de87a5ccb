"""What the page says."""

import math
from dataclasses import replace

from speed.report import Findings
from speed.rows import Row
from speed.tables import HEADER, bound_lines, cells, stage_table, start_table

from .made import OTHER, OURS, row, start


def test_every_row_has_a_cell_for_every_column():
    """Whether or not there is a peer."""
    assert len(cells(row("a", 1), {})) == len(HEADER)
    assert len(cells(row("a", 1, beside="b"), {"b": row("b", 2)})) == len(HEADER)


def test_what_could_not_be_told_is_not_called_a_number():
    """But by a question mark."""
    assert cells(row("a", math.nan), {})[HEADER.index("posts/s")] == "?"


def test_memory_is_compared_at_as_many_posts_alone():
    """Of a file four times as long it says nothing."""
    ours, theirs = row("a", 1, memory=6, beside="b"), row("b", 1, memory=10)
    column = HEADER.index("of other's MB")
    assert cells(ours, {"b": theirs})[column] == "0.60"
    theirs.posts *= 4
    assert cells(ours, {"b": theirs})[column] == ""


def test_the_page_names_rows_with_fewer_rounds():
    """And keeps what there is of them."""
    rows = {"a": row("a", 5, 6), "b": row("b", 7), "c": row("c")}
    text = Findings("x", rows=rows).markdown()
    assert "| a | 100 |" in text
    assert "| c |" not in text
    assert "fewer rounds: b (1), c (0)" in text


def test_a_row_is_bounded_by_the_sum_of_its_parts():
    """By processor time; a row one of whose parts was not measured is left out."""
    parts = {"session-float32": 3, "tokenizer": 0.5, "io": 0.25}
    rows = {"default-float32": row("d", 1, cpu=5), "linear-1": row("l", 1, cpu=1)}
    assert bound_lines(rows) == []
    rows |= {name: row(name, 1, cpu=cpu) for name, cpu in parts.items()}
    lines = {line[0]: line[1:] for line in bound_lines(rows)}
    assert lines["d"] == ["5,000", "3,000", "500", "250", "75%"]
    assert lines["l"] == ["1,000", "", "", "250", "25%"]


def test_starts_and_stages_stand_side_by_side():
    """A stage that a build does not have costs it nothing."""
    ours = start("linear", OURS, 1.0)
    ours.stages.append({"imports": 0.75})
    text = "\n".join(start_table([ours, start("help", OTHER, 0.5), start("help", OURS)]))
    assert "| one post, linear | this build | 1.00 | 0.50 | 0.75 |" in text
    assert "| --help | version 0.1.0 | 0.50 | 0.25 |  |" in text
    text = "\n".join(stage_table({("linear", OTHER): {"masking": 9}, ("linear", OURS): {"new": 2}}))
    assert "| masking | 9 | 0 |" in text
    assert "| all | 9 | 2 |" in text


def test_a_row_can_be_told_apart_from_that_of_another_build():
    """By what it is divided by."""
    assert replace(row("a").row, beside="b") != Row("a", "a", "posts", row("a").row.command)
