"""Bad input by the table: through Python and through the real command line.

Whatever comes in, the rows beside it are scored, what is rejected is accounted for, the exit code
is as documented, and nobody sees a traceback or an escape sequence.
"""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from contextlib import nullcontext

import pytest
from unpolished.data.errors import InputError
from unpolished.data.io.read import format_of
from unpolished.data.posts import PostError
from unpolished.inference.batch.score_file import score_file
from unpolished.inference.options import Options

from . import csv_cases, file_cases, jsonl_cases, parquet_cases
from .case import ALSO_GOOD, GOOD

TABLES = {
    "jsonl": jsonl_cases.CASES, "csv": csv_cases.CASES, "file": file_cases.CASES,
    "parquet": parquet_cases.CASES,
}  # fmt: skip
CASES = [
    pytest.param(case, id=f"{table}: {case.name}")
    for table, cases in TABLES.items()
    for case in cases
]
# Control characters of both sets, and what turns a line round.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
POSIX = pytest.mark.skipif(os.name != "posix", reason="links, pipes and devices of POSIX")
pytestmark = POSIX


def _lines(path):
    return (
        [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
    )


def _check_output(case, target):
    rows = _lines(target)
    assert tuple(row["id"] for row in rows) == case.ids
    found = _lines(target.with_name(target.name + ".rejects.jsonl"))
    assert {reject["line"]: reject["code"] for reject in found} == case.rejects
    if case.row:
        row = rows[1]
        assert {column: row[column] for column in case.row} == case.row


def test_the_table_is_long_enough_and_names_are_unique():
    """At least 200, each of another kind."""
    for cases in TABLES.values():
        assert not [name for name, n in Counter(c.name for c in cases).items() if n > 1]
    assert sum(map(len, TABLES.values())) >= 200


@pytest.mark.parametrize("case", CASES)
def test_a_file_in_python(case, scorer, tmp_path):
    """Refused with a message that names the file, or every row accounted for."""
    source, target = case.write(tmp_path), tmp_path / "out.jsonl"
    options = Options(input_format=case.options[1] if case.options else None)
    if case.refused is None:
        summary = score_file(scorer.pipeline, source, target, options)
        assert summary.rows == summary.scored + summary.n_rejected
        assert summary.passed_over == case.passed_over
        _check_output(case, target)
        return
    with pytest.raises(InputError) as error:
        score_file(scorer.pipeline, source, target, options)
    assert case.refused in str(error.value)
    assert source.name in str(error.value)
    assert not target.exists()


@pytest.mark.parametrize("case", [param for param in CASES if param.values[0].record is not None])
def test_a_record_in_python(case, scorer):
    """The same verdict without a file; one bad item does not spoil the others."""
    posts = [json.loads(GOOD), case.record, json.loads(ALSO_GOOD)]
    with _told(case):
        kept = scorer.score(posts, errors="keep")
    assert kept.passed_over == case.passed_over
    assert [bool(row.error) for row in kept] == [False, bool(case.rejects), False]
    alone = scorer.score([posts[0], posts[2]])
    assert [kept[0], kept[2]] == alone
    if not case.rejects:
        assert {column: getattr(kept[1], column) for column in case.row} == case.row
        return
    (code,) = case.rejects.values()
    with pytest.raises(PostError, match=r"^post 1: field '\w+': ") as error:
        scorer.score(posts)
    assert error.value.code == code
    assert kept[1].error == f"{code}: {str(error.value).removeprefix('post 1: ')}"


def _told(case):
    """What is passed over is told; nothing else is."""
    return pytest.warns(UserWarning, match="left out") if case.passed_over else nullcontext()


def _combined(cases, head, good):
    """One file of all the bad lines of a table, each between good ones."""
    content, ids, rejects = head, [], {}
    for case in cases:
        body = case.content.removeprefix(head)
        offset = content.count(b"\n")
        content += body
        ids += case.ids
        rejects |= {line - head.count(b"\n") + offset: code for line, code in case.rejects.items()}
    assert content.count(good) >= len(cases)
    return content, ids, rejects


@pytest.mark.parametrize(
    ("file", "cases", "head"),
    [
        ("in.jsonl", [*jsonl_cases.NOT_JSON, *jsonl_cases.BAD_RECORDS], b""),
        ("in.csv", [c for c in csv_cases.LINES if c.rejects], csv_cases.HEADER),
    ],
)
def test_all_bad_lines_in_one_file_on_the_command_line(file, cases, head, model_folder, tmp_path):
    """A file may be bad in a hundred ways at once."""
    content, ids, rejects = _combined(cases, head, b"late bus")
    # Or it would be a file in another encoding, and refused as a whole.
    whole = [f"utf8-{i}" for i in range(20)]
    line = (
        '{{"id": "{}", "text": "café and a late bus"}}\n' if file == "in.jsonl" else "{},café bus\n"
    )
    (tmp_path / file).write_bytes(content + "".join(map(line.format, whole)).encode())
    done = _score(tmp_path, file, model_folder)
    assert done.returncode == 0, done.stderr
    assert [row["id"] for row in _lines(tmp_path / "out.jsonl")] == [*ids, *whole]
    found = _lines(tmp_path / "out.jsonl.rejects.jsonl")
    assert {reject["line"]: reject["code"] for reject in found} == rejects


def _score(folder, file, model, *options):
    return subprocess.run(
        [sys.executable, "-m", "unpolished.cli", "score", file, "-o", "out.jsonl", "--model", model,
         *options],
        cwd=folder, capture_output=True, text=True, check=False, timeout=600, errors="replace",
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_a_file_on_the_command_line(case, rules_folder, tmp_path):
    """The code it ends with; one line that says why, without a traceback or an escape sequence."""
    source = case.write(tmp_path)
    done = _score(tmp_path, source.name, rules_folder, *case.options)
    shown = done.stdout + done.stderr
    assert "Traceback" not in shown
    assert not UNSAFE.search(shown)
    assert done.returncode == case.exit_code, shown
    rejects = tmp_path / "out.jsonl.rejects.jsonl"
    written = rejects.read_text("utf-8") if rejects.exists() else ""
    assert "late bus" not in shown + written
    if case.refused is not None:
        assert case.refused in " ".join(shown.split())
        assert tuple(path.name for path in tmp_path.iterdir() if "out" in path.name) == case.left
    else:
        _check_output(case, tmp_path / "out.jsonl")


def test_extensions_of_packed_files():
    """The format is that of what is packed."""
    from pathlib import Path

    assert format_of(Path("a.b.JSONL.gz")) == "jsonl"
    assert format_of(Path("posts.csv.zst")) == "csv"
