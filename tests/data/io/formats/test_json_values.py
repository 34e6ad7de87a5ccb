"""Objects of JSON are read wherever they begin and end, and none is lost without a word."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.errors import InputError, Reject
from unpolished.data.io.fields.find import Fields
from unpolished.data.io.formats import json_values
from unpolished.data.io.formats.bounded_lines import MAX_LINE_BYTES
from unpolished.data.io.formats.json_objects import from_array
from unpolished.data.io.formats.jsonl import jsonl_rows

A, B, C = (
    {"id": "a", "text": 'late }bus ]{ "so" \\ [ tired', "x": {"y": [1, {"z": []}]}},
    {"id": "b", "text": "made soup\nand\u2028watched the café"},
    {"id": "c", "text": "", "y": None},
)
ALL = [A, B, C]


def _read(content):
    data = content if isinstance(content, bytes) else content.encode()
    return list(jsonl_rows(io.BytesIO(data), "posts.jsonl", Fields()))


def _seen(content):
    return [
        (line, found.code) if isinstance(found, Reject) else found["id"]
        for line, found in _read(content)
    ]


def _lines(between=",\n", **options):
    return between.join(json.dumps(record, **options) for record in ALL)


SPELLINGS = {
    "lines": _lines("\n"),
    "an array in lines": f"[\n{_lines()}\n]\n",
    "an array that begins and ends beside its objects": f"[{_lines()}]",
    "commas before the objects": f"[\n{_lines(chr(10) + ',')}\n]",
    "no commas": f"[\n{_lines(chr(10))}\n]",
    "a last comma": f"[\n{_lines()},\n]",
    "blank lines": f"\n[\n\n{_lines(',' + chr(10) * 3)}\n\n]\n\n",
    "an array on one line": json.dumps(ALL),
    "an array indented": json.dumps(ALL, indent=2),
    "an array indented by tabs": json.dumps(ALL, indent="\t"),
    "an array two to a line": "[" + _lines().replace(",\n", ",", 1) + "]",
    "two arrays": f"[\n{json.dumps(A)}\n]\n[\n{json.dumps(B)},\n{json.dumps(C)}\n]",
    "objects indented": _lines("\n", indent=2),
    "objects indented, end to end": _lines("", indent=2),
    "commas behind the lines": _lines() + ",\n",
    "RFC 7464": "".join(f"\x1e{json.dumps(record)}\n" for record in ALL),
    "RFC 7464, indented": "".join(f"\x1e{json.dumps(record, indent=1)}\n" for record in ALL),
    "not escaped": f"[\n{_lines(ensure_ascii=False)}\n]",
}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("name", SPELLINGS)
def test_the_same_objects_in_many_spellings(name, end):
    """With the line on which each begins, and a mark at the start of the file or none."""
    content = SPELLINGS[name]
    for mark in ("", "\ufeff"):
        rows = _read((mark + content).replace("\n", end))
        assert [record for _, record in rows] == ALL
    lines = content.split("\n")
    assert all("{" in lines[line - 1] for line, _ in rows)


WITHIN = [
    ('{"id": "b", "text": "torn,', [(3, "json")]),
    ('{"id": "b", "text": "x",', [(3, "json")]),
    ('{"id": "b", "text": "x"', [(3, "json")]),
    ('{"id": "b", "text": NaN},', [(3, "json")]),
    ('{"id": "b", "id": "c"},', [(3, "json")]),
    ("7,", [(3, "json")]),
    ('"late bus",', [(3, "json")]),
    ("null, true,", [(3, "json")]),
    ("[1, 2],", [(3, "json")]),
    ("},", [(3, "json")]),
    ('{"id": "b"\n"text": "x"\n},', [(3, "json")]),
]


@pytest.mark.parametrize(("raw", "rejects"), WITHIN)
def test_what_is_no_object_in_an_array(raw, rejects):
    """It is rejected alone; those beside it are read."""
    content = f"[\n{json.dumps(A)},\n{raw}\n{json.dumps(C)}\n]\n"
    assert _seen(content) == ["a", *rejects, "c"]


def test_bytes_that_are_no_utf8_in_an_array():
    """Only their object is rejected."""
    content = f"[\n{_lines(ensure_ascii=False)},\n".encode() + b'{"id": "x", "text": "caf\xe9"}\n]'
    assert _seen(content) == ["a", "b", "c", (5, "encoding")]


def test_the_last_object_may_lack_its_end():
    """If the array is closed; a file that was cut short is told."""
    assert _seen(f'[\n{json.dumps(A)},\n{{"id": "b", "text": "x"\n]') == ["a", (3, "json")]
    assert _seen(f"[\n{json.dumps(A)},\n{json.dumps(B)}") == ["a", "b", (3, "json")]
    assert _seen(f"[\n{json.dumps(A)}\n]\n{json.dumps(B)}\n") == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('[\n{\n "id": "a",\n "text": "torn\n},\n{"id": "b"}\n]', 4),
        ('[\n{"id": "a", "x": [1}\n]', 2),
        ('{\n"id": "a",\n', 1),
        ('[\n{"id": "a",\n"text": "x", "y":\n', 2),
        ('[\n{"id": "a", "text": "torn\nand more", "x": 1}\n]', 2),
    ],
)
def test_where_the_next_object_cannot_be_found(content, line):
    """The file is refused, with the line, before anything is made up."""
    with pytest.raises(InputError, match=f"posts.jsonl, line {line}: .*jq -c"):
        _read(content)


def test_an_object_of_many_lines_is_bounded(monkeypatch):
    """As a line is."""
    monkeypatch.setattr(json_values, "MAX_LINE_BYTES", 1_000)
    content = b'[\n{"id": "a",\n' + b'"x": 1,\n' * 200
    with pytest.raises(InputError, match=r"line 2: .*longer than"):
        _read(content)


def test_a_line_of_an_array_is_bounded():
    """Only its object is lost, if all of it stands there."""
    long = b'{"text": "' + b"a" * MAX_LINE_BYTES + b'"},\n'
    assert _seen(b"[\n" + json.dumps(A).encode() + b",\n" + long + b"]") == ["a", (3, "too_long")]
    wide = b'[\n{"id": "a", "x":\n' + long.rstrip(b",\n") + b"}]"
    assert _seen(wide) == [(2, "too_long")]


def test_a_torn_first_line_is_one_line():
    """Where the second one is whole, the first was to be so too."""
    assert _seen('{"id": "x", "text": "torn\n' + json.dumps(A)) == [(1, "json"), "a"]
    assert _seen('{"id": "x",\n' + json.dumps(A)) == [(1, "json"), "a"]
    for torn in ('{"id": "x", "text": "torn', '{"id": "x",'):
        content = f'{torn}\n{json.dumps(A)}\n{{"id": [1}}\n{json.dumps(C)}'
        assert _seen(content) == [(1, "json"), "a", (3, "json"), "c"]
    assert _seen(f"[1]\n{json.dumps(A)}\n[2]\n") == [(1, "json"), "a", (3, "json")]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.lists(st.dictionaries(st.text(max_size=4), VALUES, max_size=4), min_size=2, max_size=5),
    st.sampled_from([None, 0, 1, 4]), st.booleans(), st.sampled_from(["\n", "\r\n"]),
)  # fmt: skip
def test_whatever_an_array_holds(records, indent, ascii_only, end):
    """All of its objects, in their order."""
    options = {"indent": indent, "ensure_ascii": ascii_only}
    for content in (
        json.dumps(records, **options),
        "[\n" + ",\n".join(json.dumps(record, **options) for record in records) + "\n]",
    ):
        data = content.replace("\n", end).encode("utf-8", "replace")
        expected = json.loads(data)
        assert [dict(record) for _, record in _read(data)] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"[", b""), (b"]", b""), (b" ],\n", b""), (b",", b""), (b"  ", b""), (b"[]", b""),
        (b'{"a": 1},', b'{"a": 1}'), (b'[{"a": 1},', b'{"a": 1}'), (b'{"a": [1]}]', b'{"a": [1]}'),
        (b'\x1e{"a": 1}\n', b'{"a": 1}'), (b"[1, 2]", b"[1, 2]"), (b'["a"]', b'["a"]'),
        (b'{"a": 1}', b'{"a": 1}'), (b"{torn,", b"{torn,"),
    ],
)  # fmt: skip
def test_a_line_of_an_array_by_itself(line, expected):
    """For an engine that sees single lines."""
    assert from_array(line) == expected
