"""Which rows there are."""

from pathlib import Path

import pytest
from speed.goals import GOALS
from speed.rows import all_rows
from throughput import chosen

from .made import OTHER, OURS


def test_rows_are_chosen_by_name():
    """An unknown one is answered with those there are."""
    rows = all_rows(2, OURS, None)
    assert chosen("default,starts", rows) == {"default", "starts"}
    with pytest.raises(SystemExit, match=r"--only fast: no such row.*pipeline"):
        chosen("fast", rows)


def test_a_row_of_the_other_build_is_next_to_ours_and_runs_the_other_command():
    """On the same posts."""
    rows = {row.name: row for row in all_rows(2, OURS, OTHER)}
    names = list(rows)
    for name in ("default", "linear-1", "linear-2"):
        twin = rows[f"other-{name}"]
        assert names.index(twin.name) == names.index(name) + 1
        assert twin.kind == rows[name].kind
        ours, theirs = (one.command(None, Path("p"), Path("o")) for one in (rows[name], twin))
        assert (ours[0], theirs[0]) == (OURS.command, OTHER.command)
        assert ours[1:] == theirs[1:]


def test_every_goal_is_of_rows_that_there_are():
    """So none is left out by a row that has another name now."""
    names = {row.name for row in all_rows(2, OURS, OTHER)}
    assert {one for goal in GOALS for one in (goal.row, goal.against)} <= names
    assert not {row.name for row in all_rows(2, OURS, None)} & {"other-default"}
