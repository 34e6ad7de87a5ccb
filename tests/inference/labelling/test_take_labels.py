"""A filled sheet taken back, whatever a spreadsheet made of it: to the right post or not at all."""

import csv
import json

import pytest
from unpolished.data.dataset.own_posts import read_own_posts
from unpolished.data.errors import InputError
from unpolished.data.posts import Post
from unpolished.data.row_id import row_id
from unpolished.inference.labelling.sheet import SHEET_COLUMNS, read_sheet, write_sheet
from unpolished.inference.labelling.take_labels import take_labels

from .spreadsheets import rows_of, saved, through_a_workbook

POSTS = [
    {"id": "1780000000000000011", "text": "lovely week with the new bike and the sea"},
    {"id": "1780000000000000027", "text": "late bus again\r\n\r\nso tired of this, 'really'"},
    {"id": "007", "text": "made soup; watched the rain, twice", "author": "@glow", "likes": 3},
    {"id": "7", "text": "the other seven, on a Monday"},
    {"id": "3-4", "text": "“crème brûlée” für alle 😀 — at last"},
    {"id": "1E5", "text": "=HYPERLINK(\"http://x.example\",\"a bus in the rain\")"},
    {"id": "=1+1", "text": "- first\n- second\n+ third of all this"},
    {"id": "true", "text": "TRUE story about soup and bread"},
    {"text": "Сегодня мы гуляли у моря #ad"},
    {"text": "Вчера мы сидели дома #ad"},
    {"id": "long", "text": "so tired of this week. " * 3_000},
    {"id": "twice", "text": "a post that stands here twice"},
    {"id": "twice", "text": "another one under its id"},
    {"id": "same", "text": "two posts with the same words"},
    {"id": "other", "text": "two posts with the same words"},
]  # fmt: skip
IDS = [post.get("id", row_id(n)) for n, post in enumerate(POSTS, 1)]
ALL = len(POSTS)
PLACE = {name: i for i, name in enumerate(SHEET_COLUMNS)}


def _labels(n):
    """Labels that differ from post to post, so that one at another post is seen."""
    return {
        "label_style": ("raw", "polished", "unsure")[n % 3],
        "label_paid": ("yes", "no")[n // 3 % 2],
        "label_cause": ("none", "low", "high")[n // 6 % 3],
    }


@pytest.fixture
def source(tmp_path):
    """The posts of a person."""
    path = tmp_path / "posts.jsonl"
    path.write_text("".join(json.dumps(post) + "\n" for post in POSTS), encoding="utf-8")
    return path


@pytest.fixture
def sheet(tmp_path):
    """Rows of the sheet for all of them, filled in."""
    path = tmp_path / "to-label.csv"
    write_sheet(path, [(i, Post(**post)) for i, post in zip(IDS, POSTS, strict=True)])
    header, *rows = rows_of(path.read_bytes())
    for n, row in enumerate(rows):
        row[-3:] = [label.capitalize() + " " for label in _labels(n).values()]
    return [header, *rows]


def _without(rows, *names):
    places = [i for i, name in enumerate(rows[0]) if name not in names]
    return [[row[i] for i in places] for row in rows]


def _check(taken_from, source, n=ALL):
    target = taken_from.with_name("mine.jsonl")
    taken = take_labels(taken_from, source, target)
    assert taken.labelled == n
    records = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert len(records) == n
    expected = [post | {"id": IDS[i]} | _labels(i) for i, post in enumerate(POSTS)]
    assert all(record in expected for record in records)
    assert len(read_own_posts(target)) == n
    return taken


SAVED = {
    "Excel, CSV UTF-8": {},
    "Excel, CSV of western Europe": {"separator": ";", "encoding": "cp1252", "point": ","},
    "Excel, CSV in UTF-8 of western Europe": {"separator": ";", "point": ","},
    "Excel, CSV of the old Mac": {"separator": ";", "encoding": "mac-roman", "line_end": "\r"},
    "Excel, CSV of MS-DOS": {"encoding": "cp850"},
    "Excel, Unicode text": {"separator": "\t", "encoding": "utf-16"},
    "Excel, without the last empty cells": {"short": True},
    "LibreOffice": {"encoding": "utf-8", "line_end": "\n"},
    "Numbers": {"separator": ";", "encoding": "utf-8", "line_end": "\n"},
    "an encoding without these letters": {"encoding": "ascii", "lost": "_"},
}


@pytest.mark.parametrize("how", SAVED)
def test_a_sheet_comes_back_from_every_spreadsheet(how, source, sheet, tmp_path):
    """Ids rounded, without zeros or as dates, letters lost: each label is at its own post."""
    filled = tmp_path / "filled.csv"
    data = saved(sheet, **SAVED[how])
    assert b"1780000000000000011" not in data
    filled.write_bytes(data)
    assert _check(filled, source).unlabelled == []


def test_a_sheet_comes_back_from_a_workbook(source, sheet, tmp_path):
    """Of openpyxl, with typed cells."""
    rows = [[cell[:32_767] for cell in row] for row in sheet]
    (tmp_path / "filled.csv").write_bytes(through_a_workbook(rows, tmp_path / "book.xlsx"))
    _check(tmp_path / "filled.csv", source)
    with pytest.raises(InputError, match="this is a workbook: save it as CSV"):
        take_labels(tmp_path / "book.xlsx", source, tmp_path / "other.jsonl")


def test_google_sheets_takes_the_first_apostrophe_away(source, sheet, tmp_path):
    """It marks text there."""
    rows = [[cell.removeprefix("'") for cell in row] for row in sheet]
    (tmp_path / "filled.csv").write_bytes(saved(rows))
    _check(tmp_path / "filled.csv", source)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_sheet_without_keys_comes_back_by_its_texts(source, sheet, tmp_path, encoding):
    """As sheets of before; ids that were changed mislead nobody, posts alike are told by theirs."""
    rows = _without(sheet, "key")
    (tmp_path / "filled.csv").write_bytes(saved(rows, encoding=encoding))
    _check(tmp_path / "filled.csv", source)


def test_rows_may_be_sorted_filtered_and_columns_moved(source, sheet, tmp_path):
    """Rows are taken as a whole; further columns do not matter."""
    header, *rows = sheet
    rows.sort(key=lambda row: row[PLACE["text"]][::-1])
    order = [4, 0, 7, 5, 1, 6, 3, 2]
    moved = [[row[i] for i in order] + ["note"] for row in [header, *rows[:9]]]
    moved[0][order.index(PLACE["label_paid"])] = " Label_Paid "
    (tmp_path / "filled.csv").write_bytes(saved(moved))
    _check(tmp_path / "filled.csv", source, n=9)


def test_rows_without_a_label_are_named(source, sheet, tmp_path):
    """With their lines, which a text may take several of."""
    for n in (1, 3):
        sheet[n][-3:] = ["", " ", ""]
    sheet.insert(3, [""] * len(SHEET_COLUMNS))
    (tmp_path / "filled.csv").write_bytes(saved(sheet))
    assert _check(tmp_path / "filled.csv", source, n=ALL - 2).unlabelled == [2, 7]


def _sorted_apart(*names):
    def change(rows):
        for i in (i for i, name in enumerate(rows[0]) if name in names):
            cells = sorted(row[i] for row in rows[1:5])
            for row, cell in zip(rows[1:5], cells, strict=True):
                row[i] = cell

    return change


def _edited(rows):
    rows[1][PLACE["text"]] = "something else altogether"


def _twice(rows):
    rows.append([*rows[1][:-1], "high"])


def _unknown(rows):
    rows[1][PLACE["key"]] = rows[1][PLACE["id"]] = ""
    rows[1][PLACE["text"]] = "something else altogether"


def _no_text_unknown_key(rows):
    rows[1][PLACE["key"]], rows[1][PLACE["text"]] = "bcd", ""


def _no_key_same_text(rows):
    rows[14][PLACE["key"]], rows[14][PLACE["id"]] = "", "1.78E+18"


def _lost(rows):
    rows[9][PLACE["key"]], rows[9][PLACE["id"]] = "", ""
    rows[9][PLACE["text"]] = "??????? ?? ?????? ? ???? #ad"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_sorted_apart("key"), "line 2: its cells are of two posts"),
        (_sorted_apart("id"), "line 2: its cells are of two posts"),
        (_sorted_apart("text"), "its text is not that of the post|its cells are of two posts"),
        (_sorted_apart("key", "id"), "its cells are of two posts"),
        (_edited, "line 2: its text is not that of the post with its key or id"),
        (_twice, "post '1780000000000000011' is labelled on line 2 too"),
        (_unknown, "line 2: no post has its text: is it the file"),
        (_no_text_unknown_key, "line 2: no post has its key"),
        (_no_key_same_text, "2 posts have its text, and its id '1.78E.18' does not tell"),
        (_lost, "its text has lost letters: save the sheet as CSV .UTF-8."),
    ],
)
def test_what_is_not_clear_is_refused(change, message, source, sheet, tmp_path):
    """With line and remedy; and nothing is written, not even what is clear."""
    change(sheet)
    filled, target = tmp_path / "filled.csv", tmp_path / "mine.jsonl"
    with filled.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(sheet)
    with pytest.raises(InputError, match=rf"^filled\.csv, line \d+: .*({message.split(': ')[-1]})"):
        take_labels(filled, source, target)
    assert not target.exists()


def test_all_rows_at_fault_are_named(source, sheet, tmp_path):
    """So that one look at the sheet is enough."""
    for row in sheet[1:4]:
        row[PLACE["text"]] = "something else altogether"
    (tmp_path / "filled.csv").write_bytes(saved(sheet))
    with pytest.raises(InputError, match=r"line 2: .*; also lines 3, 4\. No label was taken"):
        take_labels(tmp_path / "filled.csv", source, tmp_path / "mine.jsonl")


@pytest.mark.parametrize(
    ("kept", "ids", "message"),
    [
        (("id",), ["long", "row-9", "1780000000000000011"], None),
        (("id",), ["7"], "2 posts may have had its id '7'"),
        (("id",), ["1.78E+18"], "2 posts may have had its id"),
        (("id",), ["twice"], "2 posts may have had its id 'twice'"),
        (("id",), ["8"], "no post has its id '8'"),
        (("key",), ["7", "007", "twice", "same"], None),
    ],
)
def test_without_texts_an_id_or_a_key_has_to_be_clear(kept, ids, message, source, sheet, tmp_path):
    """An id that may be what became of another's is no help."""
    header, *rows = sheet
    wanted = [row for row in rows if row[PLACE["id"]] in ids]
    if not wanted:
        wanted = [rows[0]]
        wanted[0][PLACE["id"]] = ids[0]
    dropped = {"key", "id", "text", "author", "platform"} - set(kept)
    cut = _without([header, *wanted[: 1 if message else None]], *dropped)
    with (tmp_path / "filled.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(cut)
    if message is None:
        _check(tmp_path / "filled.csv", source, n=len(cut) - 1)
        return
    with pytest.raises(InputError, match=message):
        take_labels(tmp_path / "filled.csv", source, tmp_path / "mine.jsonl")


@pytest.mark.parametrize("without", [(), ("key",)])
def test_a_row_that_was_cut_is_not_taken_for_one_without_a_label(without, source, sheet, tmp_path):
    """Its label would be lost without a word."""
    data = (
        saved(_without(sheet[:3], *without))
        .replace(b'"late', b"late")
        .replace(b"'really'\"", b"'really'")
    )
    (tmp_path / "filled.csv").write_bytes(data)
    with pytest.raises(InputError, match=r"filled\.csv, line [45]: this is not a row of the sheet"):
        take_labels(tmp_path / "filled.csv", source, tmp_path / "mine.jsonl")


def test_posts_that_moved_since_are_found(source, sheet, tmp_path):
    """Numbered ids are others then; a label stays with the text that it was given for."""
    moved = [{"text": "a new one, before all others"}, *POSTS]
    source.write_text("".join(json.dumps(post) + "\n" for post in moved), encoding="utf-8")
    (tmp_path / "filled.csv").write_bytes(saved([sheet[0], *sheet[9:11]]))
    target = tmp_path / "mine.jsonl"
    assert take_labels(tmp_path / "filled.csv", source, target).labelled == 2
    records = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert [record["text"] for record in records] == [POSTS[8]["text"], POSTS[9]["text"]]
    assert [record["id"] for record in records] == ["row-10", "row-11"]


def test_further_labels_are_appended(source, sheet, tmp_path):
    """Behind a last line that has no end; a post that is labelled already is not labelled again."""
    filled, target = tmp_path / "filled.csv", tmp_path / "mine.jsonl"
    filled.write_bytes(saved(sheet[:6]))
    assert take_labels(filled, source, target).labelled == 5
    target.write_text(target.read_text("utf-8").rstrip("\n"), encoding="utf-8")
    filled.write_bytes(saved([sheet[0], *sheet[6:]]))
    assert take_labels(filled, source, target).labelled == ALL - 5
    before = target.read_bytes()
    assert len(before.splitlines()) == ALL
    with pytest.raises(InputError, match=r"line 2: post '1E5' is labelled already in .*mine"):
        take_labels(filled, source, target)
    assert target.read_bytes() == before


def test_the_file_that_excel_made_of_a_sheet_of_before(tmp_path):
    """Three ids of 19 digits are one number in it; the texts are whole."""
    posts = tmp_path / "posts.jsonl"
    texts = [POSTS[0]["text"], "late bus again so tired of this", "made soup and watched the rain"]
    rows = [
        {"id": f"17800000000000000{i}", "text": t} for i, t in zip((11, 27, 35), texts, strict=True)
    ]
    posts.write_text("".join(json.dumps(row) + "\n" for row in rows))
    lines = [f"1.78E+18,,,{text},raw,no,none\r\n" for text in texts]
    header = "\ufeffid,author,platform,text,label_style,label_paid,label_cause\r\n"
    (tmp_path / "filled.csv").write_bytes((header + "".join(lines)).encode())
    assert take_labels(tmp_path / "filled.csv", posts, tmp_path / "mine.jsonl").labelled == 3
    records = [json.loads(line) for line in (tmp_path / "mine.jsonl").read_text().splitlines()]
    assert [(record["id"], record["text"]) for record in records] == [
        (row["id"], row["text"]) for row in rows
    ]
    assert read_sheet(tmp_path / "filled.csv")[0][0].labels == {
        "label_style": "raw", "label_paid": "no", "label_cause": "none",
    }  # fmt: skip
