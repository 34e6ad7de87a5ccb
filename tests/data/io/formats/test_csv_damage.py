"""A damaged CSV record is one reject, and no other record is cut, joined, shifted or made up."""

import csv
import io
import random
import re

import pytest
from unpolished.data.errors import InputError, Reject
from unpolished.data.io.fields.find import Fields
from unpolished.data.io.formats.csv_damage import Shape, Start
from unpolished.data.io.formats.csv_file import csv_rows
from unpolished.data.io.formats.csv_lines import Lines

TWO = "2,late bus again so tired\n"
HEAD = "id,text\n"


def _read(content):
    data = content if isinstance(content, bytes) else content.encode()
    return [record for _, record in csv_rows(io.BytesIO(data), "posts.csv", Fields())]


def _seen(content):
    """Ids or texts of rows, and the lines of rejects."""
    seen = []
    for found in _read(content):
        if isinstance(found, Reject):
            lines = re.search(r"lines (\d+) to (\d+)", found.message)
            last = int(lines[2]) if lines else found.line
            seen.append((found.code, found.line, last))
        else:
            seen.append(found.get("id") or found["text"])
    return seen


BAD = (
    '1,"first line with a "bad" quote\nsecond line, still the same post\nthird line and the end"\n'
)
CASES = {
    "over three lines": (HEAD + BAD + TWO, [("csv", 2, 4), "2"]),
    "at the end": (HEAD + TWO + BAD, ["2", ("csv", 3, 5)]),
    "two of them": (
        HEAD + BAD + BAD.replace("1", "3", 1) + TWO, [("csv", 2, 4), ("csv", 5, 7), "2"]
    ),
    "beside quoted rows": (
        HEAD + '0,"so, tired"\n' + BAD + '2,"late, late"\n', ["0", ("csv", 3, 5), "2"]
    ),
    "before a record of two lines": (HEAD + BAD + '2,"late bus\nagain"\n', [("csv", 2, 4), "2"]),
    "a last column behind it": (
        "id,text,note\n" + BAD.replace('end"', 'end",x') + "2,late bus,y\n", [("csv", 2, 4), "2"]
    ),
    "the text first": (
        'text,id\n"my "bad" week\nand more, of it\nthe end",1\nlate bus,2\n', [("csv", 2, 4), "2"]
    ),
    "all in quotes": (
        '"id","text"\n"1","a "bad" week\nand more"\n"2","late bus\nagain"\n', [("csv", 2, 3), "2"]
    ),
    "one column": (
        'text\n"my week with a "bad" quote\nthe second line\nand the third line too"\nlate bus\n',
        [("csv", 2, 4), "late bus"],
    ),
    "one column, one line": ('text\n"my "bad" week"\nlate bus\n', [("csv", 2, 2), "late bus"]),
    "a quotation that ends a line": (
        HEAD + '1,"he said "no"\nand then, "why not"\nthe end"\n' + TWO, [("csv", 2, 4), "2"]
    ),
    "a blank line within": (HEAD + '1,"a "bad" week\n\nand more"\n' + TWO, [("csv", 2, 4), "2"]),
    "one line": (HEAD + '1,"my "bad" week"\n' + TWO, [("csv", 2, 2), "2"]),
    "each line": (HEAD + '1,"my "bad" week"\n3,"a "good" one"\n' + TWO,
                  [("csv", 2, 2), ("csv", 3, 3), "2"]),
    "an inch": (HEAD + '1,"my 5" screen"\n' + TWO, [("csv", 2, 2), "2"]),
    "never closed, then quotes": (HEAD + '1,"late bus\n2,"made, soup"\n', [("csv", 2, 2), "2"]),
    "never closed, then rows": (
        HEAD + '1,"late bus\n' + "".join(f"{i},rain\n" for i in range(2, 9)) + '9,"made, soup"\n',
        [("csv", 2, 2), *map(str, range(2, 10))],
    ),
    "a line like a record amid it": (
        HEAD + '1,"a "bad" week:\nyes,no\nand then, rain\nthe end"\n' + TWO, [("csv", 2, 5), "2"]
    ),
    "bad rows behind it": (
        HEAD + '1,"my "bad" week"\n2,late bus\n3,so, tired\n4,x\n',
        [("csv", 2, 2), "2", ("columns", 4, 4), "4"],
    ),
    "bad rows behind an inch": (
        HEAD + '1,"my 5" screen"\n2,late bus\n3,so, tired\n4,x\n',
        [("csv", 2, 2), "2", ("columns", 4, 4), "4"],
    ),
    "the text first, in two lines": (
        'text,id\n"my "bad" week\nthe end",1\n"late bus\nagain",2\n', [("csv", 2, 3), "2"]
    ),
    "a row that looks whole, cut at an inch": (
        HEAD + '1,"so tired of 5"\n"bad" bus a"\n' + TWO, [("csv", 2, 3), "2"]
    ),
    "ids with spaces": (
        HEAD + 'a 1,rain\nb 2,"my "bad" week\nthe end"\nc 3,soup\n', ["a 1", ("csv", 3, 4), "c 3"]
    ),
    "an empty text behind it": (
        HEAD + '1,"late bus\n2,""\n3,"made, soup"\n', [("csv", 2, 2), "2", "3"]
    ),
    "a text that begins with quotes": (
        HEAD + BAD + '2,"""So"" late"\n', [("csv", 2, 4), "2"]
    ),
    "spaces behind commas": (
        'id, text\n1, "late, "bad" bus\nand on, and on"\n2, "made, soup"\n', [("csv", 2, 3), "2"]
    ),
    "too many values over two lines": (
        HEAD + '1,"first\nsecond",x,y\n' + TWO, [("columns", 2, 3), "2"]
    ),
    "cut in two by a quote and a comma": (
        'id,text,note\n1,"first ", line\nsecond line",x\n2,late bus,y\n', [("csv", 2, 3), "2"]
    ),
    "lines that are not in quotes": (
        "id,text,note\n1,first line\nsecond\nthird line,x\n2,late bus,y\n3,made soup\n4,rain,\n",
        [("columns", 2, 2), ("columns", 3, 3), ("columns", 4, 4), "2", "3", "4"],
    ),
    "two short lines that are one row": (
        "id,text,note\n1,first line\nsecond line, x\n2,late bus,y\n",
        [("columns", 2, 3), "2"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("name", CASES)
def test_where_damage_ends(name, end):
    """Before the next record, whatever the lines of the damaged one look like."""
    content, expected = CASES[name]
    assert _seen(content.replace("\n", end)) == expected


@pytest.mark.parametrize("end", ["\r", "\n"], ids=["CR", "LF"])
def test_a_record_cut_by_another_line_end_than_the_others(end):
    """Both halves are one reject: the first one looked whole."""
    content = f"id,text\r\n1,first line{end}second line\r\n2,late bus\r\n"
    assert _seen(content) == [("columns", 2, 3), "2"]


@pytest.mark.parametrize(
    "text",
    ['late "bus" again', 'my 5" screen', '"late" bus', "late\u2028bus", "late\u2029bus",
     "late\x85bus", "late\x0bbus", "late\x0cbus", "late\x1cbus\x1dand\x1eso",
     "late\nbus\r\nand\rso", "a,b\nc,d\ne,f"],
)  # fmt: skip
def test_texts_that_only_look_dangerous(text):
    """What a writer of CSV wrote is read as it was."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows([["id", "text"], ["1", text], ["2", text]])
    assert [row["text"] for row in _read(buffer.getvalue())] == [text, text]


def test_quotes_amid_a_cell_without_quotes():
    """They are letters like others."""
    assert [row["text"] for row in _read(HEAD + '1,late "bus"\n2,my 5" screen\n3,size 5"\n')] == [
        'late "bus"', 'my 5" screen', 'size 5"',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "values"),
    [("2,late bus", 2), ("2,late bus,ana", 3), ("2,late bus,ana,x", 4), ("2,late bus,ana,x,", 5)],
)
def test_only_last_cells_may_be_missing(row, values):
    """Those that are not read, or the very last; never one amid those that are read."""
    header = {
        2: "id,text,x,y",
        3: "id,text,author,likes",
        4: "id,text,author,x,y",
        5: "id,text,x,y,z",
    }
    (found,) = _read(f"{header[values]}\n{row}\n")
    assert (found["id"], found["text"]) == ("2", "late bus")
    for content in ("id,author,text\n2,ana\n", "id,text,author,likes\n2,late bus\n", "text\na,b\n"):
        (reject,) = _read(content)
        assert (reject.code, reject.line) == ("columns", 2)


def test_blank_lines_before_the_header():
    """They are passed over, as all blank lines."""
    found = list(
        csv_rows(io.BytesIO(b"\xef\xbb\xbf\n\r\nid,text\n1,late bus\n"), "p.csv", Fields())
    )
    assert found == [(4, {"id": "1", "text": "late bus"})]


def test_a_file_with_spaces_behind_its_commas():
    """The space is no part of a cell, and quotes behind it hold."""
    assert _read('id, text, x\n1, "late, bus", 5\n2, made soup, 6\n') == [
        {"id": "1", " text": "late, bus", " x": "5"}, {"id": "2", " text": "made soup", " x": "6"},
    ]  # fmt: skip


def test_lines_that_were_read_are_let_go():
    """Memory does not grow with the file."""
    lines = Lines(io.BytesIO(b"late bus\n" * 30_000), "posts.csv")
    for _ in lines:
        lines.begin()
    assert lines.first == 30_001
    assert len(lines._buffer) < 10_000


def test_a_quote_that_is_never_closed_is_refused():
    """With its line; what stood before is read."""
    rows = csv_rows(io.BytesIO(f'{HEAD}{TWO}3,"open\n'.encode()), "p.csv", Fields())
    assert next(rows)[1]["id"] == "2"
    with pytest.raises(InputError, match="line 3: a quote is opened"):
        next(rows)


def test_damage_on_every_line_takes_no_longer_than_its_lines():
    """Each line is looked at a few times, not as often as there are lines before it."""
    looked_at = 0
    start = Shape.start

    def counted(self, line):
        nonlocal looked_at
        looked_at += 1
        return start(self, line)

    n = 20_000
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Shape, "start", counted)
        assert all(isinstance(found, Reject) for found in _read(HEAD + '"a" b "c, "d" e\n' * n))
    assert n < looked_at < 100 * n


WORDS = ("late", "bus", "again", "so", "tired", "made", "soup", "rain", "keys", "the", "of,",
         "and,", "week,", "today.", "he", "said", "hello:")  # fmt: skip


def _text(dice):
    lines = []
    for _ in range(dice.choice([1, 1, 1, 2, 3, 5])):
        words = [dice.choice(WORDS) for _ in range(dice.randint(2, 7))]
        if dice.random() < 0.4:
            i = dice.randrange(len(words))
            words[i] = f'"{words[i]} late"'
        lines.append(" ".join(words))
    return "\n".join(lines)


def _written(dice, columns):
    """Rows, the file that a careless program writes of them, the rows it damages, their lines."""
    n, everything = dice.randint(3, 8), dice.random() < 0.2
    rows = [
        {"id": str(100 + i), "text": _text(dice), "author": dice.choice(["ana", "ben"]),
         "likes": str(i), "note": dice.choice(["x", "", "y z"])}
        for i in range(n)
    ]  # fmt: skip
    bad = {dice.randrange(n) for _ in range(dice.choice([1, 1, 1, 3]))}
    lines, places, at = [",".join(columns)], [], 2
    for i, row in enumerate(rows):
        cells = []
        for column in columns:
            value = row[column]
            if everything or any(sign in value for sign in '",\n'):
                value = f'"{value if i in bad else value.replace(chr(34), 2 * chr(34))}"'
            cells.append(value)
        lines.append(",".join(cells))
        places.append(range(at, at + lines[-1].count("\n") + 1))
        at = places[-1].stop
    bad = {i for i in bad if '"' in rows[i]["text"]}
    return rows, "\n".join(lines) + "\n", bad, places


@pytest.mark.parametrize("seed", range(300))
def test_a_careless_writer(seed):
    """Each record is read as it was or stands in the lines of a reject; none is made up."""
    dice = random.Random(seed)  # noqa: S311
    columns = dice.choice(
        [["id", "text", "note"], ["id", "author", "text"], ["id", "author", "text", "likes"]]
    )
    rows, content, bad, places = _written(dice, columns)
    texts = {row["id"]: row["text"] for row in rows}
    read, rejected = set(), set()
    for found in _read(content):
        if isinstance(found, Reject):
            lines = re.search(r"lines (\d+) to (\d+)", found.message)
            rejected |= set(range(found.line, (int(lines[2]) if lines else found.line) + 1))
        else:
            assert texts[found["id"]] == found["text"]
            assert found["id"] not in read
            read.add(found["id"])
    for i, row in enumerate(rows):
        assert row["id"] in read or rejected & set(places[i])
    assert bad or len(read) == len(rows)


def test_what_begins_a_record():
    """Cells with quotes around them or without any, none that begins with a space."""
    shape = Shape(width=2, text=1, id=0)
    for line, start in (
        ("7,late bus", Start.PERHAPS), ('7,"late, bus"', Start.YES), ('7,"late', Start.YES),
        ('7,"""So"" late', Start.YES), ('"7","late', Start.YES), ('7,"a "bad" one"', Start.YES),
        ("so late, bus", Start.NO), ("late,bus,again", Start.NO), ("late", Start.NO),
        ("", Start.NO), ('late bus"', Start.NO), ('he said, "no"', Start.NO),
        ('"No", she said', Start.NO), ("so late,bus", Start.NO),
    ):  # fmt: skip
        assert shape.start(line) is start, line
