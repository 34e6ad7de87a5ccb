"""Sentence embeddings by onnxruntime, without torch."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..runtime import Precision, Runtime
from .batching import beginning
from .session import Network, Read
from .token_states import TokenStates

GRAPH, TOKENIZER = "encoder.onnx", "tokenizer.json"
MAX_TOKENS = 256

Embeddings = NDArray[np.float32]


class Encoder(Protocol):
    """Anything that turns texts into vectors and can be saved."""

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Embeddings of shape (n_texts, layers * width), each layer's of unit length."""
        ...

    def save(self, folder: Path) -> None:
        """Write graph and tokeniser into an existing folder."""
        ...


class SentenceEncoder:
    """An exported sentence encoder: mean pooling and normalisation are in its graph."""

    def __init__(self, folder: Path, precision: Precision = "float32") -> None:
        """Open a folder with ``encoder.onnx`` and ``tokenizer.json``.

        Args:
            folder: that holds both.
            precision: on a processor, unless ``run_as`` says otherwise.

        Raises:
            ValueError: the graph refers to files outside itself or to custom operators.
            ImportError: onnxruntime or tokenizers is not installed.
        """
        try:
            import onnxruntime  # noqa: F401  (named here, where the message says what for)
            from tokenizers import Tokenizer
        except ImportError as error:
            raise ImportError(
                "models with sentence embeddings need: pip install onnxruntime tokenizers"
            ) from error
        self.one_layer = one_layer(check_graph(folder / GRAPH))
        self.folder = folder
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._network = Network(lambda: folder / GRAPH, tokenizer, MAX_TOKENS, beginning, precision)

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Embeddings of shape (n_texts, layers * width), float32, in the order given."""
        return self.read(texts).output

    def read(self, texts: Sequence[str]) -> Read:
        """Embed texts as ``encode`` does; also tell which texts were read only in part."""
        return self._network.read(texts)

    def token_states(self) -> TokenStates:
        """What the embedding is the mean of; read as far as ``run_as`` has set."""
        network = self._network
        return TokenStates(
            self.folder / GRAPH, self._tokenizer, network.max_tokens, network.precision
        )

    def run_as(self, runtime: Runtime) -> None:
        """See ``models.runtime.Tunable.run_as``."""
        self._network.run_as(runtime)

    def save(self, folder: Path) -> None:
        """Copy graph and tokeniser."""
        for name in (GRAPH, TOKENIZER):
            shutil.copyfile(self.folder / name, folder / name)


def one_layer(model: Any) -> bool:  # noqa: ANN401
    """Whether all that a graph gives is one embedding, as wide as the states of a layer."""
    widths = [output.type.tensor_type.shape.dim[-1].dim_value for output in model.graph.output]
    normed = [node for node in model.graph.node if node.op_type == "LayerNormalization"]
    shapes = {tensor.name: list(tensor.dims) for tensor in model.graph.initializer}
    return len(widths) == 1 and bool(normed) and shapes.get(normed[-1].input[1]) == widths


def check_graph(path: Path) -> Any:  # noqa: ANN401
    """Read a graph, and refuse one that reaches outside its file.

    Returns:
        the ``onnx.ModelProto``.

    Raises:
        ValueError: external data or operators beyond the ONNX standard.
    """
    import onnx

    model = onnx.load(str(path), load_external_data=False)
    if domains := {o.domain for o in model.opset_import} - {"", "ai.onnx"}:
        raise ValueError(f"{path.name} uses operators beyond the standard: {sorted(domains)}")
    if model.functions:
        raise ValueError(f"{path.name} defines functions of its own")
    for tensor in _tensors(model.graph):
        if tensor.data_location == onnx.TensorProto.EXTERNAL:
            raise ValueError(f"{path.name} keeps weights in other files")
    return model


def _tensors(graph: Any) -> list[Any]:  # noqa: ANN401
    found = list(graph.initializer)
    sparse = list(graph.sparse_initializer)
    for node in graph.node:
        if node.domain not in ("", "ai.onnx"):
            raise ValueError(f"operator {node.domain}.{node.op_type} is not standard")
        for attribute in node.attribute:
            one = {name: attribute.HasField(name) for name in ("t", "g", "sparse_tensor")}
            found += [*([attribute.t] if one["t"] else []), *attribute.tensors]
            sparse += [attribute.sparse_tensor] if one["sparse_tensor"] else []
            sparse += attribute.sparse_tensors
            for inner in (*([attribute.g] if one["g"] else []), *attribute.graphs):
                found += _tensors(inner)
    return found + [tensor for each in sparse for tensor in (each.values, each.indices)]
