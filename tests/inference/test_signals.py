"""Signals of a deal in the rows of every engine."""

import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.text.disclosure.find import find_terms
from unpolished.data.text.repair.repair import repair
from unpolished.data.text.signals.find import find_signals, may_name_author
from unpolished.inference.batch.score_file import score_file
from unpolished.inference.options import Options
from unpolished.inference.scorer import Scorer

TEXT = "15% off with code MAYA10 at @fennwick, link in bio: https://amzn.to/3abcd"


@pytest.fixture(scope="module")
def rules(rules_folder):
    """The fastest model."""
    return Scorer.load(rules_folder)


def test_a_row_has_its_signals(rules):
    """With the stretches of the post that they are, and why."""
    (row,) = rules.score([{"text": TEXT, "author": "maya.b"}])
    found = {(signal.kind, signal.value) for signal in row.signals}
    assert {("code", "MAYA10"), ("amount_off", "15% off"), ("sponsor", "@fennwick")} <= found
    assert {"call_to_buy", "affiliate_link"} <= {signal.kind for signal in row.signals}
    for signal in row.signals:
        assert TEXT[signal.start : signal.end] == signal.value
    (code,) = (signal for signal in row.signals if signal.kind == "code")
    assert "names_author" in code.why


def test_the_same_code_is_named_after_one_author_only(rules, tmp_path):
    """A remembered row is not another author's; and it changes nothing where there is no code."""
    authors = ["maya.b", "otto", None, "maya.b"]
    batch = pa.RecordBatch.from_pylist([{"text": TEXT, "author": author} for author in authors])
    (scored,) = rules.score_batches([batch])
    named = [
        any("names_author" in signal["why"] for signal in signals)
        for signals in scored["signals"].to_pylist()
    ]
    assert named == [True, False, False, True]
    source, target = tmp_path / "in.jsonl", tmp_path / "o.jsonl"
    lines = [json.dumps({"text": TEXT, "author": author}) for author in authors]
    source.write_text("\n".join(lines) + "\n")
    score_file(rules.pipeline, source, target, Options())
    written = [json.loads(line)["signals"] for line in target.read_text().splitlines()]
    assert written == scored["signals"].to_pylist()


_PARTS = (
    "code",
    "MAYA10",
    "10% off",
    "10 off",
    "&percnt;",
    "kod",
    "ｃｏｄｅ",
    "save",
    "promo",
    "walk",
    "%",
)


@given(st.lists(st.sampled_from(_PARTS) | st.text(max_size=5), max_size=6).map(" ".join))
def test_who_wrote_it_counts_only_where_it_may(text):
    """Else rows of another author would be taken for one's own."""
    found = find_terms(repair(text).text)
    if find_signals(found, "maya") != find_signals(found, None):
        assert may_name_author(text)


def test_values_stand_in_the_output_and_nowhere_else(rules, tmp_path, caplog, capsys):
    """Neither in the manifest, nor among the rejects, nor in what is printed or logged."""
    source, target = tmp_path / "in.jsonl", tmp_path / "o.jsonl"
    source.write_text(json.dumps({"text": TEXT}) + "\n" + '{"text": ""}\n')
    score_file(rules.pipeline, source, target, Options())
    assert "MAYA10" in target.read_text()
    beside = [path for path in tmp_path.iterdir() if path not in (source, target)]
    assert len(beside) >= 2
    assert all("MAYA10" not in path.read_text() for path in beside)
    printed = capsys.readouterr()
    assert "MAYA10" not in caplog.text + printed.out + printed.err
