"""Posts that detectors of languages are judged by: invented ones, and the labelled public ones."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from unpolished.data.dataset.fairness_pairs import read_pairs
from unpolished.data.dataset.train_and_gold import vote_rows
from unpolished.data.labels.attach_texts import check_joined, join_labels
from unpolished.data.labels.label_files import FURTHER, GOLD, TRAIN, read_labels
from unpolished.data.text.masked_cache import masked_texts

POSTS = Path(__file__).with_name("language_posts.tsv")
READINGS = Path(__file__).with_name("language_readings.csv")


def read_posts(split: str, *, mixed: bool = False) -> tuple[list[str], NDArray[np.str_]]:
    """Masked posts of a split and their languages; English mixed with another, or all else."""
    with POSTS.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    rows = [r for r in rows if r["split"] == split and r["language"].startswith("mixed-") == mixed]
    texts = masked_texts([r["text"] for r in rows], keep=False)
    return texts, np.array([r["language"] for r in rows])


class English(NamedTuple):
    """Posts of a file that are called English: their keys, and their masked texts."""

    keys: list[tuple[str, str]]
    texts: list[str]


def english_posts() -> dict[str, English]:
    """The labelled public posts by file, and the pairs."""
    found, rows = {}, vote_rows()
    for path, passes in ((TRAIN, 1), (GOLD, 3), (FURTHER, 1)):
        joined, report = join_labels(read_labels(path, passes), rows)
        check_joined(path.name, report)
        keys = list(zip(joined["source"], joined["source_id"], strict=True))
        found[path.name] = English(keys, masked_texts(joined["text"].tolist(), keep=False))
    pairs = [text for pair in read_pairs() for text in (pair.text, pair.plain)]
    return found | {"pairs": English([], masked_texts(pairs, keep=False))}


def readings() -> dict[tuple[str, str], str]:
    """What posts that were called another language read as, by source and id."""
    with READINGS.open(encoding="utf-8", newline="") as stream:
        return {(r["source"], r["source_id"]): r["reading"] for r in csv.DictReader(stream)}
