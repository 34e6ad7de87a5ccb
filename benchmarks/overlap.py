"""Where a network's processor time goes: ``python benchmarks/overlap.py [MODEL ...]``.

Processor time, not wall time, so that a busy machine does not change what is found. For each model
and precision: milliseconds a post for the whole way from a text to its row, and of that for the
network alone; beside it, the bare onnxruntime session on the same posts, cut into tokens and sorted
before the clock starts, in batches of 64 and in the project's own. What is left of one if
all else overlaps with it perfectly is their ratio. Then how far whole numbers move a probability,
and the AUC with and without on labelled posts. Models that hold no encoder are passed over.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from throughput import public_texts
from unpolished.data.dataset import build, labelled_texts
from unpolished.data.masking import mask
from unpolished.data.posts import Post
from unpolished.inference.scorer import Scorer
from unpolished.models.base import PROBABILITIES
from unpolished.models.encoder import compared
from unpolished.models.network import Network
from unpolished.models.runtime import Precision, Runtime
from unpolished.models.tokens import by_length, padded

PEER_BATCH = 64


def cpu(do: Callable[[], object]) -> float:
    """Processor seconds of this process, all threads."""
    started = time.process_time()
    do()
    return time.process_time() - started


def network_of(scorer: Scorer) -> Network | None:
    """The network inside a model."""
    model: Any = scorer._bundle.model
    encoder = getattr(getattr(model, "stack", model), "encoder", model)
    return getattr(encoder, "_network", None)


def bare(network: Network, texts: Sequence[str], size: int | None) -> float:
    """Processor seconds of the session alone."""
    tokens = [network._cut(ids, network.max_tokens) for ids in network._tokenised(texts)]
    fed = [padded([tokens[i] for i in rows]) for rows in by_length(list(map(len, tokens)), size)]

    def run() -> None:
        for ids, attention in fed:
            network._session.run(None, {"input_ids": ids, "attention_mask": attention})

    return cpu(run)


def shares(address: str | None, texts: list[str], precision: Precision) -> None:
    """Print one model's row."""
    scorer = Scorer.load(address, Runtime(precision=precision))
    network = network_of(scorer)
    if network is None:
        return
    posts, ids = [Post(text=text) for text in texts], [""] * len(texts)
    masked = [mask(text).text for text in texts]
    scorer.score_posts(posts[:64], ids[:64])
    seconds = {
        "text to row": cpu(lambda: scorer.score_posts(posts, ids)),
        "its network": cpu(lambda: network.read(masked)),
        f"bare session, batches of {PEER_BATCH}": bare(network, masked, PEER_BATCH),
        "bare session, our batches": bare(network, masked, None),
    }
    each = {name: 1000 * value / len(texts) for name, value in seconds.items()}
    shown = "; ".join(f"{name} {value:.2f}" for name, value in each.items())
    ratio = each[f"bare session, batches of {PEER_BATCH}"] / each["text to row"]
    print(
        f"{scorer.info.name}, {precision}, {len(texts):,} posts, CPU ms a post: {shown}; "
        f"bare in batches of {PEER_BATCH} / text to row {ratio:.2f}",
        flush=True,
    )


def cost(address: str | None, n: int) -> None:
    """Print what whole numbers change on labelled posts, which the model may have seen."""
    labelled = labelled_texts(build("public")["train"])
    some = labelled.take(np.random.default_rng(0).permutation(len(labelled))[:n])
    exact, whole = (
        Scorer.load(address, Runtime(precision=precision))._bundle.model.predict_proba(some.texts)
        for precision in ("float32", "int8")
    )
    found = compared(exact, whole, some)
    ranks = [np.corrcoef(*(p[:, i].argsort().argsort() for p in (exact, whole)))[0, 1]
             for i in range(len(PROBABILITIES))]  # fmt: skip
    print(f"int8 against float32, {n:,} labelled posts: " + ", ".join(
        f"{name} {value:.4f}" for name, value in found.items()) + "; rank correlation "
        + ", ".join(f"{value:.4f}" for value in ranks), flush=True)  # fmt: skip


def main() -> None:
    """Print shares, then costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", help="addresses; default: the shipped model")
    parser.add_argument("--posts", type=int, default=2000)
    parser.add_argument("--labelled", type=int, default=2000, help="0 for none")
    given = parser.parse_args()
    texts = public_texts()
    chosen = np.random.default_rng(0).permutation(len(texts))[: given.posts]
    for address in given.models or [None]:
        for precision in ("float32", "int8"):
            shares(address, [texts[i] for i in chosen], precision)
        if given.labelled:
            cost(address, given.labelled)


if __name__ == "__main__":
    main()
