"""What ours is compared with, each a process; see ``main``.

- ``pipeline``: ``transformers.pipeline("text-classification", batch_size=64)``.
- ``sentence``: sentence-transformers and scikit-learn's logistic regression, one for each output.
- ``static``: model2vec and scikit-learn's logistic regressions, see ``static``, file to file.
- ``pyfunc``: our MLflow flavour, a frame of one post at a time.
- ``session``, ``tokenizer``, ``io``: parts of ours alone, see ``limits``.

Peers get texts that are masked already, so that they read the same tokens; ``pyfunc`` masks itself.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import numpy as np

from speed.posts import read_texts

# Tokens are as many as the shipped default model reads of a post.
BATCH, MAX_TOKENS, OUTPUTS = 64, 256, 5


class Asked(NamedTuple):
    """What a peer is run on.

    Attributes:
        model: its folder, or for ``io`` a file with a row.
        posts: to score.
        out: a file to write.
        threads: to use.
        precision: of a ``session``.
    """

    model: Path
    posts: Path
    out: Path
    threads: int
    precision: str


def pipeline(asked: Asked) -> None:
    """As its documentation has it, with the batch size of the goal."""
    import torch
    from transformers import pipeline as new_pipeline
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.set_num_threads(asked.threads)
    classify = new_pipeline(
        "text-classification", model=str(asked.model), tokenizer=str(asked.model),
        batch_size=BATCH, top_k=None, function_to_apply="sigmoid", device="cpu",
    )  # fmt: skip
    texts = read_texts(asked.posts)
    scored = classify(texts, truncation=True, max_length=MAX_TOKENS)
    check(len(scored), len(texts))


def sentence(asked: Asked) -> None:
    """Embeddings of the pinned encoder, then logistic regressions fitted at random."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sklearn.linear_model import LogisticRegression
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.set_num_threads(asked.threads)
    encoder = SentenceTransformer(str(asked.model), device="cpu", local_files_only=True)
    encoder.max_seq_length = MAX_TOKENS
    width = encoder.get_embedding_dimension()
    chance = np.random.default_rng(0)
    examples = chance.normal(size=(64, width)).astype(np.float32)
    heads = [LogisticRegression().fit(examples, np.arange(64) % 2 == 0) for _ in range(OUTPUTS)]
    texts = read_texts(asked.posts)
    vectors = encoder.encode(texts, batch_size=BATCH, show_progress_bar=False)
    scored = np.stack([head.predict_proba(vectors)[:, 1] for head in heads], axis=1)
    check(len(scored), len(texts))


def static(asked: Asked) -> dict[str, float]:
    """Static embeddings, the regressions of ``static``, and a file of probabilities.

    Gives the wall seconds from the first line read to the last one written.

    With several threads as its documentation has it: processes of its own beyond 10,000 texts, and
    threads of the tokenizer; with one, neither.
    """
    os.environ["TOKENIZERS_PARALLELISM"] = "true" if asked.threads > 1 else "false"
    from model2vec import StaticModel

    from speed.static import line, load_heads, probabilities

    embedder, heads = StaticModel.from_pretrained(asked.model), load_heads(asked.model)
    probabilities(heads, np.asarray(embedder.encode(["late bus again lol"])))
    began = time.perf_counter()
    texts = read_texts(asked.posts)
    vectors = embedder.encode(texts, max_length=None, use_multiprocessing=asked.threads > 1)
    scored = probabilities(heads, np.asarray(vectors))
    check(len(scored), len(texts))
    with asked.out.open("w") as stream:
        stream.writelines(line(i, row) for i, row in enumerate(scored))
    return {"seconds": time.perf_counter() - began}


def pyfunc(asked: Asked) -> None:
    """As a service without batches would ask it; MLflow's own checks are left out."""
    from types import SimpleNamespace

    import pandas as pd
    from unpolished.models.registry.mlflow_settings import settle_mlflow

    settle_mlflow()
    # Its advice on type hints.
    with redirect_stderr(StringIO()):
        from unpolished.models.serving.pyfunc import ARTIFACT, UnpolishedModel

    # The flavour takes all processors, as the others are told to.
    ours = UnpolishedModel()
    ours.load_context(SimpleNamespace(artifacts={ARTIFACT: str(asked.model)}))
    texts = read_texts(asked.posts)
    n = sum(len(ours.predict(None, pd.DataFrame({"id": ["a"], "text": [text]}))) for text in texts)
    check(n, len(texts))


def check(scored: int, posts: int) -> None:
    """End with an error where posts are missing."""
    if scored != posts:
        raise SystemExit(f"{scored} of {posts} posts were scored")


def main() -> None:
    """Run one peer once; one that times itself prints its seconds, as JSON."""
    from speed import limits

    peers: dict[str, Callable[[Asked], dict[str, float] | None]] = {
        "pipeline": pipeline, "sentence": sentence, "static": static, "pyfunc": pyfunc,
        "session": limits.session, "tokenizer": limits.tokenizer, "io": limits.io,
    }  # fmt: skip
    parser = argparse.ArgumentParser()
    parser.add_argument("peer", choices=peers)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--posts", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--precision", default="float32")
    given = parser.parse_args()
    asked = Asked(given.model, given.posts, given.out, given.threads, given.precision)
    if said := peers[given.peer](asked):
        print(json.dumps(said))


if __name__ == "__main__":
    main()
