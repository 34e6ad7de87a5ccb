"""A brief as people write it, and what is at fault in one."""

import os

import pytest
from unpolished.data.errors import InputError
from unpolished.inference.vetting.brief import MAX_CHARS, MAX_POINTS, read_brief


def _read(tmp_path, content):
    path = tmp_path / "brief.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_brief(path)


def test_each_line_is_a_point_with_its_number(tmp_path):
    """Comments and empty lines are none, marks of a list are no words, a hashtag is one."""
    content = (
        "\ufeff# For Ana\n\r\n- beach clean-ups\r\n## more\n2. less plastic\n#BeachClean days\n"
    )
    assert [(point.line, point.text) for point in _read(tmp_path, content)] == [
        (3, "beach clean-ups"), (5, "less plastic"), (6, "#BeachClean days"),
    ]  # fmt: skip


def test_a_point_in_another_language_is_marked(tmp_path):
    """With the language; the others are read."""
    german = "Wir suchen Menschen, die sich für saubere Meere einsetzen"
    points = _read(tmp_path, f"beach clean-ups\n{german}\n")
    assert [point.readable for point in points] == [True, False]
    assert points[1].language == "de"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", r"brief\.txt: no line says what is looked for"),
        ("# only\n\n#\n", r"brief\.txt: no line says"),
        (b"beach clean-ups\nplastic \xe9t\xe9\n", r"brief\.txt, line 2: not UTF-8; save it"),
        (b"\xff\xfeb\x00", r"brief\.txt, line 1: not UTF-8"),
        ("trees\n" + "a " * MAX_CHARS, rf"txt, line 2: 1,599 characters, and at most {MAX_CHARS}"),
        ("trees\n\nbees\nTrees\n", r"brief\.txt, line 4: the same as line 1; keep one"),
        ("Trees\nbees\ntrees\n", r"brief\.txt, line 3: the same as line 1; keep one"),
        ("trees\n!!! https://short.example/x\n", r"brief\.txt, line 2: no word to compare"),
        ("trees\nbe\x00es\n", r"brief\.txt, line 2: holds control characters"),
        ("\n".join(f"trees {n}" for n in range(MAX_POINTS + 1)), rf"line {MAX_POINTS + 1}: more"),
        ("x\n" * (1 << 20), r"brief\.txt: more than 1 MB"),
        ("\nWir suchen Menschen, die sich für saubere Meere einsetzen",
         r"brief\.txt, line 2: reads as another language than English \(de\)"),
    ],
)  # fmt: skip
def test_a_faulty_brief_is_named_with_its_line(tmp_path, content, said):
    """And what to do."""
    with pytest.raises(InputError, match=said):
        _read(tmp_path, content)


def test_what_is_no_file_is_refused(tmp_path):
    """Not there, a folder, and a pipe, which nobody writes to."""
    with pytest.raises(InputError, match=r"none\.txt: No such file"):
        read_brief(tmp_path / "none.txt")
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(InputError, match="no file; give a brief as a text file"):
            read_brief(path)


def test_the_longest_line_and_the_most_points_are_read(tmp_path):
    """Limits are limits, not less."""
    assert len(_read(tmp_path, "a" * MAX_CHARS)) == 1
    assert len(_read(tmp_path, "\n".join(f"trees {n}" for n in range(MAX_POINTS)))) == MAX_POINTS
