"""Measurements of growth, kept and judged."""

import pytest
from speed.growth import Kept, Measurement, Task
from speed.growth_report import rate, report, verdicts

SMALL, LARGE = Task("linear", 1_000, other=False), Task("linear", 100_000, other=False)


def _measured(seconds, memory=100.0):
    return Measurement(seconds, 1.0, 2.0, 50.0, memory, 0.5, "abc")


def test_what_is_measured_is_not_measured_again(tmp_path):
    """Also after the program was ended; a task is measured as often as it has to be."""
    path = tmp_path / "outputs" / "growth.json"
    kept = Kept(path)
    assert not kept.has(SMALL, 0)
    kept.add(SMALL, 0, _measured(2))
    again = Kept(path)
    assert again.has(SMALL, 0)
    assert not again.has(SMALL, 1)
    assert not again.has(LARGE, 0)
    again.add(SMALL, 1, _measured(4))
    assert Kept(path).all() == {SMALL: [_measured(2), _measured(4)]}
    assert [one.name for one in path.parent.iterdir()] == ["growth.json"]


def test_small_files_are_measured_more_often():
    """For they take hardly longer than a start."""
    assert SMALL.times > LARGE.times == 1


def test_a_rate_is_the_median_without_start_up():
    """Of all measurements of a task."""
    assert rate(SMALL, [_measured(2), _measured(3), _measured(11)]) == 500


@pytest.mark.parametrize(("seconds", "word"), [(112, "met"), (113, "MISSED")])
def test_growth_is_flat_within_a_tenth(seconds, word):
    """Beside the smallest file."""
    (line,) = verdicts({SMALL: [_measured(2)], LARGE: [_measured(seconds)]})
    assert line.endswith(f"**{word}**")


def test_memory_is_compared_with_the_other_build_at_the_same_size():
    """And with no other."""
    found = {SMALL: [_measured(2, 60)], LARGE: [_measured(100, 70)],
             LARGE._replace(other=True): [_measured(100, 100)]}  # fmt: skip
    _, memory = verdicts(found)
    assert "0.70 of that of abc" in memory
    assert "MISSED" in memory
    assert report(found).count("| linear |") == 3
