"""What became of an input, as numbers."""

from collections import Counter

from unpolished.inference.summary import Summary


def _summary(**more):
    found = Summary(rows=100, scored=97, rejected=Counter(json=2, empty=1), truncated=4, **more)
    found.labels["style"].update(raw=90, polished=7)
    return found


def test_time_and_rate_are_given_as_precisely_as_they_mean_something():
    """Milliseconds, and tenths of a row a second; a run of no time has no rate."""
    shown = _summary(seconds=7.00049).as_json()
    assert (shown["seconds"], shown["rows_per_second"]) == (7.0, 14.3)
    assert _summary(seconds=0.0016).as_json()["seconds"] == 0.002
    assert _summary().as_json()["rows_per_second"] is None


def test_counts_are_read_back_as_they_were_written():
    """Without the time, which another run does not share."""
    summary = _summary(seconds=7.0)
    again = Summary.from_counts(summary.counts())
    assert (again.counts(), again.seconds) == (summary.counts(), 0)
    assert again.n_rejected == 3


def test_parts_add_up():
    """Every count of both, whether or not a value stood in the first."""
    total = _summary()
    other = Summary(rows=2, scored=1, rejected=Counter(value=1), truncated=1)
    other.labels["style"].update(raw=1)
    other.labels["paid"].update(likely=1)
    total.add(other)
    assert (total.rows, total.scored, total.truncated, total.n_rejected) == (102, 98, 5, 4)
    assert total.labels["style"] == {"raw": 91, "polished": 7}
    assert total.labels["paid"] == {"likely": 1}
