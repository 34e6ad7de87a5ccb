"""One's own labelled posts: read whole or not at all, and numbered as scoring numbers them."""

import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from unpolished import Scorer
from unpolished.data.dataset.build import build
from unpolished.data.dataset.own_posts import OwnPostsError, read_own_posts

TEXTS = [
    "ugh my bus was late again\nand then it rained\n\non the way home lol",
    "no label here, only soup and bread and an early night",
    "Discover our new collection today, made for you!",
    "We stand with everyone affected. #awareness",
    "walked home in the rain and forgot the keys",
    "in love with this serum from @glow, use code MAYA10",
]
LABELS = [
    {"label_style": "raw"},
    {},
    {"label_style": "polished", "label_paid": "yes"},
    {"label_style": "polished", "label_paid": "no"},
    {"label_style": "raw", "label_paid": "no"},
    {"label_style": "polished", "label_paid": "yes"},
]
RECORDS = [
    {"text": text, "author": f"author-{i}", **labels}
    for i, (text, labels) in enumerate(zip(TEXTS, LABELS, strict=True))
]
RECORDS[4]["id"] = "own"


def _csv(path):
    names = ["id", "text", "author", "label_style", "label_paid"]
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, names, restval="")
        writer.writeheader()
        for record in RECORDS:
            writer.writerow(record)
            stream.write("\r\n")  # a blank line


def _jsonl(path):
    path.write_text("".join("\n" + json.dumps(record) + "\n\n" for record in RECORDS))


def _parquet(path):
    names = {name: None for record in RECORDS for name in record}
    pq.write_table(pa.Table.from_pylist([names | record for record in RECORDS]), path)


@pytest.mark.parametrize("write", [_csv, _jsonl, _parquet])
def test_posts_without_an_id_are_called_alike_in_training_and_in_scoring(write, tmp_path):
    """So predictions out of fold join to the rows of the same file, whatever lines cells take."""
    path = tmp_path / f"mine.{write.__name__[1:]}"
    write(path)
    (split,) = build(path).values()
    trained = dict(zip(split["source_id"], split["text"], strict=True))
    Scorer.load("linear").score_file(path, tmp_path / "out.jsonl")
    scored = [json.loads(line)["id"] for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert scored == ["row-1", "row-2", "row-3", "row-4", "own", "row-6"]
    assert trained == {
        post_id: text for post_id, text, labels in zip(scored, TEXTS, LABELS, strict=True) if labels
    }


def test_lines_are_those_of_the_file(tmp_path):
    """They are for messages; ids do not hang on them."""
    _csv(tmp_path / "mine.csv")
    found = read_own_posts(tmp_path / "mine.csv")
    assert [line for line, _ in found] == [2, 9, 11, 13, 15]
    assert [post.row_id for _, post in found] == ["row-1", "row-3", "row-4", "own", "row-6"]


@pytest.mark.parametrize("n", [1, 20, 25])
def test_all_faults_are_told_at_once(n, tmp_path):
    """Line by line, up to twenty of them, and how many there are."""
    path = tmp_path / "mine.csv"
    rows = [f"post number {i} about soup,maybe" for i in range(n)]
    path.write_text("\n".join(["text,label_paid", "a good post,yes", *rows]))
    with pytest.raises(OwnPostsError) as caught:
        read_own_posts(path)
    *faults, remedy = str(caught.value).splitlines()
    assert [fault.split(":")[0] for fault in faults] == [
        f"mine.csv, line {line}, field 'label_paid'" for line in range(3, 3 + min(n, 20))
    ]
    assert all("'yes', 'no' or 'unsure'" in fault for fault in faults)
    assert (f"first 20 of {n}" in remedy) == (n > 20)
    assert remedy.endswith(".")
