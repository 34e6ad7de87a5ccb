"""What a sentence encoder makes of each token: the states of which its embedding is the mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..runtime import Precision
from .batching import beginning


class States(NamedTuple):
    """One text, as it was read.

    Attributes:
        spans: start and end of each token in the text, shape (n_tokens, 2); nothing, from 0 to 0,
            for the tokens that stand before and after every text.
        states: shape (n_tokens, width).
    """

    spans: NDArray[np.intp]
    states: NDArray[np.float32]


class TokenStates:
    """The network of an encoder, opened once more so that it also gives what it takes the mean of.

    Only explanations need it, so it is opened by the first of them.
    """

    def __init__(
        self,
        graph: Path,
        tokenizer: Any,  # noqa: ANN401
        max_tokens: int,
        precision: Precision = "float32",
    ) -> None:
        """Open the graph.

        Args:
            graph: has passed ``sentence_encoder.check_graph``.
            tokenizer: without truncation or padding of its own.
            max_tokens: that are read of a text.
            precision: of the embedding that is explained.

        Raises:
            ValueError: the embedding is no mean of one layer's states.
        """
        import onnx
        import onnxruntime

        from .int8_matmul import SLOW_FUSIONS, in_int8

        model = onnx.load(str(graph), load_external_data=False)
        model.graph.output.append(onnx.helper.make_empty_tensor_value_info(_states(model.graph)))
        settings = onnxruntime.SessionOptions()
        settings.log_severity_level = 3
        settings.intra_op_num_threads = 1
        settings.enable_cpu_mem_arena = False
        settings.add_session_config_entry("session.disable_quant_qdq", "1")
        content, in_eight = model.SerializeToString(), precision == "int8"
        self._session = onnxruntime.InferenceSession(
            in_int8(content) if in_eight else content, settings,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=SLOW_FUSIONS if in_eight else (),
        )  # fmt: skip
        self._name = model.graph.output[-1].name
        self._tokenizer, self._max_tokens = tokenizer, max_tokens

    def read(self, text: str) -> States:
        """The states of a text's tokens, in order."""
        encoded = self._tokenizer.encode(text)
        ids = beginning(encoded.ids, self._max_tokens)
        spans = np.array(encoded.offsets, np.intp).reshape(-1, 2)
        spans = np.concatenate([spans[: len(ids) - 1], spans[-1:]])
        given = np.array([ids], np.int64)
        (states,) = self._session.run(
            [self._name], {"input_ids": given, "attention_mask": np.ones_like(given)}
        )
        return States(spans, states[0])


def _states(graph: Any) -> str:  # noqa: ANN401
    """Name of the last layer's output."""
    if len(graph.output) != 1:
        raise ValueError("the graph gives more than an embedding")
    normed = [node.output[0] for node in graph.node if node.op_type == "LayerNormalization"]
    if not normed:
        raise ValueError("the graph has no layers whose output is known")
    return str(normed[-1])
