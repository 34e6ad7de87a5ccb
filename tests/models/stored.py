"""Which posts the stored scores are of, and where they stand."""

import json
from pathlib import Path

from unpolished.data.dataset.own_posts import CORPUS

STORED = Path(__file__).with_name("stored_scores.json")
EVERY = 25


def stored_posts():
    """Id and text of every twenty-fifth post of the shipped corpus."""
    lines = CORPUS.read_text("utf-8").splitlines()[::EVERY]
    return [(post["id"], post["text"]) for post in map(json.loads, lines)]
