"""Goals are met from their number on, and nothing is said of what was not measured."""

import pytest
from speed.areas import Area
from speed.goals import area_verdict, start_verdicts, verdicts

from .made import OTHER, OURS, row, start


@pytest.mark.parametrize(("rate", "word"), [(25, "met"), (24, "MISSED")])
def test_a_rate_is_asked_to_be_at_least_so_large(rate, word):
    """Beside the other build's."""
    rows = {"default": row("default", rate, memory=5), "other-default": row("other", 10, memory=10)}
    first, memory = verdicts(rows)
    assert first.endswith(f"**{word}**")
    assert "0.50 of the memory" in memory


@pytest.mark.parametrize(("memory", "word"), [(60, "met"), (61, "MISSED")])
def test_memory_is_asked_to_be_at_most_so_large(memory, word):
    """Of all processes."""
    rows = {
        "linear-2": row("linear-2", 40, memory=memory),
        "other-linear-2": row("other", 10, memory=100),
    }
    *_, found = verdicts(rows)
    assert found.endswith(f"**{word}**")


def test_nothing_is_said_of_a_goal_without_its_peer():
    """Or with one that has not run yet."""
    assert not list(verdicts({"default": row("default", 9), "pipeline": row("pipeline")}))
    assert not list(start_verdicts([start("linear", OURS, 1)]))
    assert not list(area_verdict([]))


@pytest.mark.parametrize(("seconds", "word"), [(0.6, "met"), (0.62, "MISSED")])
def test_a_start_is_compared_round_by_round(seconds, word):
    """A round in which the machine is slow moves nothing."""
    starts = [start("default", OURS, seconds, 10 * seconds), start("default", OTHER, 1, 10)]
    (line,) = start_verdicts(starts)
    assert line.endswith(f"**{word}**")


def test_the_light_model_has_to_be_better_on_every_axis():
    """Equal is not better."""
    (line,) = area_verdict([Area("style", 0.9, 0.8), Area("paid", 0.8, 0.8)])
    assert "not on paid" in line
    assert "MISSED" in line
    (line,) = area_verdict([Area("style", 0.9, 0.8)])
    assert "**met**" in line
