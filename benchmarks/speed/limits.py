"""Parts of ours alone, by which each row is bounded: network, tokenizer, reading and writing.

Each gives the wall and processor seconds of its work, without start-up.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from speed.posts import read_texts, read_tokens

if TYPE_CHECKING:
    from speed.peers import Asked

# Padding counted: what a batch of this size works on stays in a processor's own cache.
SESSION_TOKENS = 768
# As much padding is worth another call.
CALL_TOKENS = 8
TOKENIZED_AT_ONCE = 256


class Clock:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def said(self) -> dict[str, float]:
        """Wall and processor seconds."""
        return {"seconds": time.perf_counter() - self._wall, "cpu": time.process_time() - self._cpu}


def session(asked: Asked) -> dict[str, float]:
    """Nothing but the network, on tokens that are sorted by length, a batch to a thread.

    The session is the one that the model opens, whatever it makes of its graph.
    """
    network = opened_session(asked)
    names = [one.name for one in network.get_inputs()]
    fed = [dict(zip(names, batch, strict=False)) for batch in batches(read_tokens(asked.posts))]
    network.run(None, fed[0])
    with ThreadPoolExecutor(asked.threads) as pool:
        clock = Clock()
        # The longest first, so that no thread is left with one at the end.
        list(pool.map(lambda batch: network.run(None, batch), fed[::-1]))
        return clock.said()


def opened_session(asked: Asked) -> Any:  # noqa: ANN401
    """The session that a model opens, seen at the place where all are made."""
    import onnxruntime

    made: list[Any] = []
    original = onnxruntime.InferenceSession

    def seen(*given: object, **named: object) -> object:
        made.append(original(*given, **named))
        return made[-1]

    onnxruntime.InferenceSession = seen
    from unpolished import Scorer
    from unpolished.models.runtime import Runtime

    runtime = Runtime(threads=1, precision=asked.precision)  # type: ignore[arg-type]
    Scorer.load(asked.model, runtime).score("late bus again lol")
    onnxruntime.InferenceSession = original
    if not made:
        raise SystemExit(f"{asked.model}: no session was opened")
    return made[-1]


def batches(tokens: Sequence[np.ndarray]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Ids and attention of as many posts as fit, from posts in the order of their length."""
    rows: list[np.ndarray] = []
    for ids in tokens:
        longer = len(rows) * (len(ids) - len(rows[-1])) if rows else 0
        if longer > CALL_TOKENS or (rows and (len(rows) + 1) * len(ids) > SESSION_TOKENS):
            yield _padded(rows)
            rows = []
        rows.append(ids)
    if rows:
        yield _padded(rows)


def _padded(rows: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
    attention = np.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row)], attention[i, : len(row)] = row, 1
    return ids, attention


def tokenizer(asked: Asked) -> dict[str, float]:
    """Nothing but the tokenizer, with the library's own threads."""
    from tokenizers import Tokenizer

    cut = Tokenizer.from_file(str(asked.model / "tokenizer.json"))
    cut.no_truncation()
    cut.no_padding()
    texts = read_texts(asked.posts)
    cut.encode_batch_fast(texts[:1])
    clock = Clock()
    for start in range(0, len(texts), TOKENIZED_AT_ONCE):
        cut.encode_batch_fast(texts[start : start + TOKENIZED_AT_ONCE])
    return clock.said()


def io(asked: Asked) -> dict[str, float]:
    """Lines of JSON in, and for each a row like ours out, by Python's own library."""
    row = json.loads(asked.model.read_text("utf-8").splitlines()[0])
    clock = Clock()
    with asked.posts.open() as posts, asked.out.open("w") as out:
        for post in posts:
            row["id"] = json.loads(post)["id"]
            out.write(json.dumps(row) + "\n")
    return clock.said()
