"""What runs say; no time is asserted."""

import numpy as np
from speed.goals import verdicts
from speed.measure import ratio, sample
from speed.process import Run

from .made import row


def test_start_up_is_taken_off_but_counted_in_the_whole():
    """Of wall and processor time."""
    found = sample(Run(2, 3, 0, 0, {}), Run(12, 8, 50, 70, {}), 1000)
    assert (found.whole, found.rate, found.cpu) == (1000 / 12, 100, 5)
    assert (found.largest_mb, found.together_mb, found.start) == (50, 70, 2)


def test_a_run_that_times_itself_is_believed():
    """However long its start, which is in neither figure."""
    found = sample(Run(20, 3, 0, 0, {}), Run(24, 8, 0, 0, {"seconds": 4, "cpu": 6}), 1000)
    assert (found.rate, found.cpu) == (250, 6)


def test_posts_that_take_no_longer_than_start_up_have_no_rate():
    """A slow start would make a rate of any size; a round that has one counts."""
    slow = sample(Run(50, 3, 0, 0, {}), Run(51, 8, 0, 0, {}), 1000)
    assert np.isnan(slow.rate)
    rows = {"default": row("default", slow.rate), "pipeline": row("pipeline", 1)}
    assert "not told" in next(iter(verdicts(rows)))
    assert row("a", slow.rate, 7).median("rate") == 7
    assert ratio(row("a", slow.rate, 7), row("b", 1, 2)) == 3.5


def test_a_ratio_is_that_of_the_same_round():
    """So a machine that is slow for a whole round does not move it."""
    assert ratio(row("a", 20, 200, 30), row("b", 10, 100)) == 2
    assert ratio(row("a", 1, memory=3), row("b", 1, memory=5), "together_mb") == 0.6
