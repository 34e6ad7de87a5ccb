"""Why a line of JSON is no record, in words that say what to mend."""

import pytest
from unpolished.data.errors import Reject
from unpolished.data.io.formats.json_objects import decoded


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (b'{"text"', "json", "at column 8"),
        (b'{"text": ' + b"[" * 100_000, "json", "not valid JSON: nested too deeply"),
        (b'{"text": NaN}', "json", "not valid JSON: NaN is not a JSON number"),
        (b'{"likes": ' + b"9" * 5000 + b"}", "json", "a number with too many digits"),
        (b'{"text": "\xff"}', "encoding", "not UTF-8 at byte 10"),
        (b'["late bus"]', "json", "must be one JSON object"),
        (b'{"text": "a", "text": "b"}', "json", "key 'text' appears twice"),
        (b'{"secret": "a", "secret": "b"}', "json", "a key appears twice"),
    ],
)
def test_a_line_that_is_no_record_says_why(content, code, message):
    """Each fault has its own words, and none shows what stands in the line."""
    found = decoded(7, content)
    assert isinstance(found, Reject)
    assert (found.line, found.code) == (7, code)
    assert message in found.message
    assert "secret" not in found.message


def test_a_comma_behind_an_object_is_passed_over():
    """As lines cut from an array have it; not within one."""
    assert decoded(1, b' {"text": "late bus"}, \r\n') == {"text": "late bus"}
    assert isinstance(decoded(1, b'{"text": "late bus",}'), Reject)
