"""The encoder inside of the shipped default model, with its weights whole, for transformers."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
from speed.models import body

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
