"""What calls of the default model's network cost, by texts and tokens; and what padding wastes.

``python benchmarks/network_batches.py`` times calls on one thread, fits milliseconds a call and a
token, and says how many padded tokens and calls a real one costs at each number of posts that are
scored at once, as they were batched before (up to 768 tokens) and as they are. In float32 and int8.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import product

import numpy as np
from speed.posts import public_texts
from unpolished.data.text.masking import mask
from unpolished.models.onnx.batching import BATCH_TOKENS, BATCH_TOKENS_INT8, CALL_TOKENS, by_length
from unpolished.models.onnx.sentence_encoder import SentenceEncoder
from unpolished.models.onnx.session import Network
from unpolished.models.runtime import Precision
from unpolished.models.shipped.folders import model_folder

ROWS, LENGTHS = (1, 2, 4, 8, 16), (8, 16, 32, 64, 128)
AT_ONCE = (1, 4, 16, 64, 256, 2560)
REPEATS = 7


def main() -> None:
    """Both tables, in each precision."""
    texts = [mask(text).text for text in public_texts()[0][: max(AT_ONCE)]]
    batches: dict[Precision, int] = {"float32": BATCH_TOKENS, "int8": BATCH_TOKENS_INT8}
    for precision, size in batches.items():
        network: Network = SentenceEncoder(model_folder(None), precision)._network
        call, token = _fitted(network, size)
        print(
            f"{precision}: a call {call * 1e3:.2f} ms and {token * 1e6:.0f} us a token: a call is "
            f"worth {call / token:.1f} tokens (CALL_TOKENS is {CALL_TOKENS})"
        )
        lengths = [min(len(ids), network.max_tokens) for ids in network._tokenised(texts)]
        for n in AT_ONCE:
            before = _cost(lengths, n, None, BATCH_TOKENS)
            now = _cost(lengths, n, CALL_TOKENS, size)
            print(
                f"{n:5} posts at once: {before:.2f} tokens for each real one before, {now:.2f} now"
            )


def _fitted(network: Network, size: int) -> tuple[float, float]:
    """Seconds a call and a token."""
    calls = [(r, n) for r, n in product(ROWS, LENGTHS) if r * n <= size]
    times = np.array([_seconds(network, rows, length) for rows, length in calls])
    sizes = np.array([[1, rows * length] for rows, length in calls], float)
    # By relative error: a long call would count for all others otherwise.
    (call, token), *_ = np.linalg.lstsq(sizes / times[:, None], np.ones(len(times)), rcond=None)
    return float(call), float(token)


def _seconds(network: Network, rows: int, length: int) -> float:
    tokens = [[1000] * length] * rows
    return min(_timed(network, tokens) for _ in range(REPEATS))


def _timed(network: Network, tokens: Sequence[Sequence[int]]) -> float:
    started = time.thread_time()
    network._run(tokens)
    return time.thread_time() - started


def _cost(lengths: Sequence[int], n: int, padding: int | None, tokens: int) -> float:
    spent = 0
    for start in range(0, len(lengths) - n + 1, n):
        some = lengths[start : start + n]
        spent += sum(
            CALL_TOKENS + len(batch) * max(some[i] for i in batch)
            for batch in by_length(some, padding=padding, tokens=tokens)
        )
    return spent / sum(lengths[: len(lengths) // n * n])


if __name__ == "__main__":
    main()
