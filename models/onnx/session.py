"""A network over token ids: posts are truncated, batched by length and run on threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..runtime import Precision, Runtime, default_threads, providers
from .batching import BATCH_TOKENS, BATCH_TOKENS_INT8, CALL_TOKENS, Ids, by_length, padded

# Texts that are cut into tokens at once, by one thread.
_TOKENISED = 256


class Read(NamedTuple):
    """Outputs of a network for texts.

    Attributes:
        output: shape (n_texts, width), float32.
        truncated: whether a text had more tokens than are read, shape (n_texts,).
    """

    output: NDArray[np.float32]
    truncated: NDArray[np.bool_]


class Network:
    """A tokeniser and an onnxruntime session.

    Each batch is computed by a single thread, several batches at once: threads that share a batch
    wait for one another at every operator, and what they compute would depend on how many they are.
    """

    def __init__(
        self,
        graph: Callable[[], bytes | Path],
        tokenizer: Any,  # noqa: ANN401
        max_tokens: int,
        cut: Callable[[Ids, int], Ids],
        precision: Precision = "float32",
    ) -> None:
        """Open the graph.

        Args:
            graph: gives its bytes, or its file, which opens faster; asked for again where it has to
                run otherwise. A file has passed ``sentence_encoder.check_graph``.
            tokenizer: without truncation or padding of its own.
            max_tokens: of a text, unless ``run_as`` says otherwise.
            cut: shortens ids to at most as many.
            precision: on a processor, unless ``run_as`` says otherwise.
        """
        # Threads are this class's to give out. The library would take all processors, and reads
        # this at each call.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        self._graph, self._tokenizer, self._cut = graph, tokenizer, cut
        self._own_tokens, self._own_precision = max_tokens, precision
        self._opened: Any = None
        self.run_as(Runtime())

    def run_as(self, runtime: Runtime) -> None:
        """Run as asked from now on.

        Raises:
            ValueError: ``cuda`` where onnxruntime finds none.
        """
        found = providers(runtime.device)
        on_cpu = found == providers("cpu")
        self.precision: Precision = runtime.precision or (
            self._own_precision if on_cpu else "float32"
        )
        wanted = (found, self.precision)
        if wanted != self._opened:
            self._session = _session(self._graph(), *wanted)
            self._opened = wanted
        self.max_tokens = runtime.max_length or self._own_tokens
        self.batch_size = runtime.batch_size
        # On a GPU, a call costs much more beside its tokens.
        self._padding = CALL_TOKENS if on_cpu and runtime.batch_size is None else None
        self._batch_tokens = BATCH_TOKENS_INT8 if self.precision == "int8" else BATCH_TOKENS
        self.threads = runtime.threads or default_threads()
        self._workers, self._process = ThreadPoolExecutor(self.threads), os.getpid()

    def read(self, texts: Sequence[str]) -> Read:
        """Run the network over texts; its outputs are concatenated, shape (n_texts, width)."""
        pieces = [texts[i : i + _TOKENISED] for i in range(0, len(texts), _TOKENISED)]
        tokens = [ids for piece in self._each(self._tokenised, pieces) for ids in piece]
        truncated = np.array([len(ids) > self.max_tokens for ids in tokens], bool)
        tokens = [self._cut(ids, self.max_tokens) for ids in tokens]
        width = sum(int(output.shape[-1]) for output in self._session.get_outputs())
        output = np.zeros((len(tokens), width), np.float32)
        # The longest first: a thread that gets a long one last lets the others wait.
        lengths = [len(ids) for ids in tokens]
        found = list(by_length(lengths, self.batch_size, self._padding, self._batch_tokens))[::-1]
        outputs = self._each(lambda rows: self._run([tokens[i] for i in rows]), found)
        for rows, part in zip(found, outputs, strict=True):
            output[rows] = part
        return Read(output, truncated)

    def _tokenised(self, texts: Sequence[str]) -> list[list[int]]:
        # The fast variant leaves out where a token was in the text.
        return [encoded.ids for encoded in self._tokenizer.encode_batch_fast(list(texts))]

    def _run(self, tokens: Sequence[Ids]) -> NDArray[np.float32]:
        ids, attention = padded(tokens)
        outputs = self._session.run(None, {"input_ids": ids, "attention_mask": attention})
        return np.concatenate(outputs, axis=1)

    def _each(self, do: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
        """Results in order; on threads where there are several items."""
        if len(items) < 2 or self.threads == 1:
            return [do(item) for item in items]
        if self._process != os.getpid():
            # After a fork, the threads of the other process are not there, and would be waited for.
            self._workers, self._process = ThreadPoolExecutor(self.threads), os.getpid()
        futures: list[Future[Any]] = [self._workers.submit(do, item) for item in items]
        try:
            return [future.result() for future in futures]
        finally:
            for future in futures:
                future.cancel()


def _session(graph: bytes | Path, found: list[str], precision: str) -> Any:  # noqa: ANN401
    import onnxruntime

    from .int8_matmul import SLOW_FUSIONS, in_int8

    settings = onnxruntime.SessionOptions()
    settings.log_severity_level = 3
    settings.intra_op_num_threads = 1
    # Its arena keeps the most that any batch ever took; batches are small, so nothing is gained.
    settings.enable_cpu_mem_arena = False
    # Weights in 8 bits become float32 once, and products are those of float32.
    settings.add_session_config_entry("session.disable_quant_qdq", "1")
    content = str(graph) if isinstance(graph, Path) else graph
    if precision == "int8":
        content = in_int8(graph.read_bytes() if isinstance(graph, Path) else graph)
    without = SLOW_FUSIONS if precision == "int8" else ()
    return onnxruntime.InferenceSession(
        content, settings, providers=found, disabled_optimizers=without
    )
