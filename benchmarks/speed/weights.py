"""The encoder inside of the shipped default model, with its weights whole, for transformers."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np

PREFIX = "inner."


def default_for_transformers(shipped: Path, origin: Path, folder: Path) -> None:
    """Write it as a ``BertForSequenceClassification`` with five outputs.

    Pooler and head are new, for the shipped model reads the mean over the tokens; that costs the
    same.

    Args:
        shipped: folder of the model.
        origin: of the encoder that it was made of, for its configuration and tokenizer.
        folder: to write to.

    Raises:
        ValueError: the graph does not have the layers of that encoder.
    """
    import onnx
    import torch
    from onnx import numpy_helper
    from transformers import BertConfig, BertForSequenceClassification
    from unpolished.models.onnx.int8_weights import int8_weights

    graph = onnx.load(str(shipped / "encoder.onnx")).graph
    whole = {
        name: weight.values.astype(np.float32) * np.expand_dims(weight.scale, 1 - weight.axis)
        for name, weight in int8_weights(graph).items()
    }
    nodes = [node for node in graph.node if node.output[0] not in whole]
    del graph.node[:]
    graph.node.extend(nodes)
    graph.initializer.extend(numpy_helper.from_array(v, name) for name, v in whole.items())
    packed = (".int8", ".scale")
    arrays = {n: a for n, a in body(graph, PREFIX).items() if not n.endswith(packed)}
    layers = 1 + max(int(n.split(".")[2]) for n in arrays if n.startswith("encoder.layer."))
    torch.manual_seed(0)
    config = BertConfig.from_pretrained(
        origin, num_hidden_layers=layers, num_labels=5, local_files_only=True
    )
    model = BertForSequenceClassification(config)
    found = {name: torch.from_numpy(values.copy()) for name, values in arrays.items()}
    left = model.bert.load_state_dict(found, strict=False)
    if left.unexpected_keys or any(not key.startswith("pooler.") for key in left.missing_keys):
        raise ValueError(f"{shipped}: not the layers of the encoder that it was made of")
    model.save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"):
        shutil.copyfile(origin / name, folder / name)


def body(graph: Any, start: str) -> dict[str, np.ndarray]:  # noqa: ANN401
    """The weights of a graph's encoder under the names of transformers.

    The exporter keeps the names of everything but of the matrices, which it turns on their side;
    each is told by the bias that is added to its product.

    Args:
        graph: of ONNX, its weights in 32 bits.
        start: how the names of its encoder's weights begin.
    """
    from onnx import numpy_helper

    arrays = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    found = {n.partition(start)[2]: a for n, a in arrays.items() if start in n}
    made_by = {node.output[0]: node for node in graph.node}
    for node in graph.node:
        if node.op_type != "Add":
            continue
        bias = next((n for n in node.input if start in n and n.endswith(".bias")), None)
        product = next((made_by[n] for n in node.input if n in made_by), None)
        if bias and product is not None and product.op_type == "MatMul":
            name = bias.partition(start)[2].removesuffix("bias") + "weight"
            found[name] = arrays[product.input[1]].T
    found.pop("embeddings.position_ids", None)
    return found
