"""The posts that are scored, each another text, in a mixed order that is always the same."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path

import numpy as np

CORPUS = Path(__file__).parents[2] / "data" / "corpus" / "posts.jsonl"


def public_texts() -> tuple[list[str], str]:
    """Every text of the public sources once, or of the corpus where they cannot be had.

    Returns:
        The texts, and where they are from.
    """
    from unpolished.data.public.rows import source_rows
    from unpolished.data.public.sources import SourceError, sources

    try:
        found = [text for source in sources() for text in source_rows(source)["text"]]
        origin = "public sources"
    except SourceError as error:
        print(f"public sources: {error}; the corpus stands in for them", file=sys.stderr)
        lines = CORPUS.read_text("utf-8").splitlines()
        found, origin = [json.loads(line)["text"] for line in lines], "shipped corpus"
    texts = [text for text in dict.fromkeys(found) if text.strip()]
    # Sources differ in length, so that a file's beginning would not stand for the whole.
    random.Random(0).shuffle(texts)  # noqa: S311
    return texts, origin


def different(texts: Sequence[str]) -> Iterator[str]:
    """Texts for ever; from the second round on, a number makes each another one."""
    yield from texts
    for turn in count(1):
        for text in texts:
            yield f"{text} {turn}"


def write_posts(path: Path, texts: Iterator[str], n: int) -> None:
    """A JSONL file of ``n`` posts."""
    with path.open("w") as stream:
        for i, text in enumerate(islice(texts, n)):
            stream.write(json.dumps({"id": str(i), "text": text}) + "\n")


def read_texts(path: Path) -> list[str]:
    """The texts of a file of ``write_posts``."""
    with path.open() as stream:
        return [json.loads(line)["text"] for line in stream]


def write_tokens(path: Path, tokens: Sequence[Sequence[int]]) -> None:
    """Token ids of posts, shortest post first."""
    ordered = sorted(tokens, key=len)
    lengths = np.array([len(ids) for ids in ordered], np.int64)
    np.savez(path, lengths=lengths, ids=np.concatenate([np.array(o, np.int64) for o in ordered]))


def read_tokens(path: Path) -> list[np.ndarray]:
    """What ``write_tokens`` wrote."""
    with np.load(path, allow_pickle=False) as held:
        return list(np.split(held["ids"], np.cumsum(held["lengths"])[:-1]))
