"""Which lines are kept, to the byte."""

import io

import pytest
from unpolished.data.io.formats.bounded_lines import bounded_lines


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n", b""])
def test_a_line_may_be_as_long_as_the_limit(end):
    """Its end counts; one byte more is too long, wherever the line stands."""
    fits, more = b"a" * (10 - len(end)) + end, b"a" * (11 - len(end)) + end
    assert list(bounded_lines(io.BytesIO(fits), 10)) == [fits]
    assert list(bounded_lines(io.BytesIO(more), 10)) == [None]
    if end:
        lines = list(bounded_lines(io.BytesIO(fits + more + fits), 10))
        assert lines == [fits, None, fits]
