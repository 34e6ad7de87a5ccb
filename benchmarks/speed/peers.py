"""What ours is compared with, each a process: ``python peers.py NAME --model FOLDER --posts FILE``.

- ``pipeline``: ``transformers.pipeline("text-classification", batch_size=64)``.
- ``sentence``: sentence-transformers and scikit-learn's logistic regression, one for each output.
- ``pyfunc``: our MLflow flavour, a frame of one post at a time.
- ``session``: onnxruntime alone on token ids sorted by length, the limit for the encoder. It prints
  the seconds of that alone, as JSON.

Peers get texts that are masked already, so that they read the same tokens; ``pyfunc`` masks itself.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np

from speed.posts import read_texts, read_tokens

BATCH, MAX_TOKENS, OUTPUTS = 64, 128, 4
SESSION_BATCH = 32


def pipeline(model: Path, posts: Path, threads: int) -> None:
    """As its documentation has it, with the batch size of the goal."""
    import torch
    from transformers import pipeline as new_pipeline
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.set_num_threads(threads)
    classify = new_pipeline(
        "text-classification", model=str(model), tokenizer=str(model), batch_size=BATCH,
        top_k=None, function_to_apply="sigmoid", device="cpu",
    )  # fmt: skip
    texts = read_texts(posts)
    scored = classify(texts, truncation=True, max_length=MAX_TOKENS)
    _check(len(scored), len(texts))


def sentence(model: Path, posts: Path, threads: int) -> None:
    """Embeddings of the pinned encoder, then four logistic regressions fitted at random."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sklearn.linear_model import LogisticRegression
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.set_num_threads(threads)
    encoder = SentenceTransformer(str(model), device="cpu", local_files_only=True)
    encoder.max_seq_length = MAX_TOKENS
    width = encoder.get_embedding_dimension()
    chance = np.random.default_rng(0)
    examples = chance.normal(size=(64, width)).astype(np.float32)
    heads = [LogisticRegression().fit(examples, np.arange(64) % 2 == 0) for _ in range(OUTPUTS)]
    texts = read_texts(posts)
    vectors = encoder.encode(texts, batch_size=BATCH, show_progress_bar=False)
    scored = np.stack([head.predict_proba(vectors)[:, 1] for head in heads], axis=1)
    _check(len(scored), len(texts))


def pyfunc(model: Path, posts: Path, threads: int) -> None:
    """As a service without batches would ask it; MLflow's own checks are left out."""
    from types import SimpleNamespace

    import pandas as pd
    from unpolished.models.registry.mlflow_settings import settle_mlflow

    settle_mlflow()
    from unpolished.models.serving.pyfunc import ARTIFACT, UnpolishedModel

    del threads  # The flavour takes all processors, as the others are told to.
    ours = UnpolishedModel()
    ours.load_context(SimpleNamespace(artifacts={ARTIFACT: str(model)}))
    texts = read_texts(posts)
    n = sum(len(ours.predict(None, pd.DataFrame({"id": ["a"], "text": [text]}))) for text in texts)
    _check(n, len(texts))


def session(model: Path, posts: Path, threads: int) -> None:
    """Nothing but the network."""
    import onnxruntime
    from unpolished.models.families.encoder import GRAPH
    from unpolished.models.onnx.batching import padded

    settings = onnxruntime.SessionOptions()
    settings.log_severity_level = 3
    settings.intra_op_num_threads = threads
    network = onnxruntime.InferenceSession(
        str(model / GRAPH), settings, providers=["CPUExecutionProvider"]
    )
    tokens = read_tokens(posts)
    fed = []
    for start in range(0, len(tokens), SESSION_BATCH):
        ids, attention = padded([t.tolist() for t in tokens[start : start + SESSION_BATCH]])
        fed.append({"input_ids": ids, "attention_mask": attention})
    network.run(None, fed[0])
    started, cpu = time.perf_counter(), time.process_time()
    n = sum(len(network.run(None, batch)[0]) for batch in fed)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    _check(n, len(tokens))
    print(json.dumps({"seconds": seconds, "cpu": cpu}))


def _check(scored: int, posts: int) -> None:
    if scored != posts:
        raise SystemExit(f"{scored} of {posts} posts were scored")


PEERS = {"pipeline": pipeline, "sentence": sentence, "pyfunc": pyfunc, "session": session}


def main() -> None:
    """Run one peer once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--posts", type=Path, required=True)
    parser.add_argument("--threads", type=int, required=True)
    given = parser.parse_args()
    PEERS[given.peer](given.model, given.posts, given.threads)


if __name__ == "__main__":
    main()
