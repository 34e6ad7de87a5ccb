"""A sentence encoder, exported once to ONNX. Needs the extra ``train``."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

from ...data.hashing import file_sha256
from ..onnx.int8_weights import pack
from ..onnx.sentence_encoder import GRAPH, TOKENIZER
from .pinned import WEIGHTS, pinned_encoder

_EXPORT_VERSION = 2


def exported_encoder(
    cache: Path,
    source: Path | None = None,
    layers: int | None = None,
    *,
    last_alone: bool = False,
    packed: bool = False,
) -> Path:
    """Folder of the ONNX export, made on first use.

    Args:
        cache: where exports are kept.
        source: a folder with a transformers encoder (safetensors only), default the pinned one.
        layers: how many are kept, from below, each of which gives an embedding; with None all are,
            and the last alone gives one.
        last_alone: of the layers that are kept, only the last gives an embedding.
        packed: with weights in 8 bits, a quarter of the size.
    """
    origin = pinned_encoder() if source is None else source
    key = file_sha256(origin / WEIGHTS)[:16]
    kept = f"{layers or 'all'}{'-last' if layers and last_alone else ''}{'-packed' * packed}"
    target = cache / "encoders" / f"{key}-{kept}-{_EXPORT_VERSION}"
    if not (target / GRAPH).is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            _export(origin, Path(scratch), layers, last_alone=last_alone or layers is None)
            if packed:
                (Path(scratch) / GRAPH).rename(whole := Path(scratch) / "whole.onnx")
                pack(whole, Path(scratch) / GRAPH)
            shutil.copyfile(origin / TOKENIZER, Path(scratch) / TOKENIZER)
            target.mkdir(exist_ok=True)
            # The graph comes last: a folder with a graph is complete.
            for name in (TOKENIZER, GRAPH):
                (Path(scratch) / name).replace(target / name)
    return target


def _export(origin: Path, folder: Path, layers: int | None, *, last_alone: bool) -> None:
    import torch
    from transformers import AutoModel

    from .network import by_layer

    class Pooled(torch.nn.Module):  # type: ignore[misc]
        """Means over the tokens that are no padding, each of unit length."""

        def __init__(self, inner: Any) -> None:  # noqa: ANN401
            super().__init__()
            self.inner = inner

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            found = self.inner(
                input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True
            ).hidden_states
            return by_layer(found[-1:] if last_alone else found[1:], attention_mask)

    inner = AutoModel.from_pretrained(
        origin, dtype=torch.float32, trust_remote_code=False, use_safetensors=True,
        local_files_only=True, attn_implementation="eager",
        **({} if layers is None else {"num_hidden_layers": layers}),
    )  # fmt: skip
    export_graph(Pooled(inner.eval()), folder / GRAPH, "sentence_embedding")


def export_graph(module: Any, path: Path, *outputs: str) -> None:  # noqa: ANN401
    """Write a torch module over ids and attention mask as an ONNX graph of any batch and length.

    Args:
        module: in evaluation mode, on the CPU.
        path: of the graph; weights are inside.
        outputs: their names.
    """
    import torch

    # Two tensors, not one twice: the exporter would take the ids for the mask.
    example = (torch.ones((2, 7), dtype=torch.int64), torch.ones((2, 7), dtype=torch.int64))
    batch, length = torch.export.Dim("batch", max=4096), torch.export.Dim("length", max=512)
    with warnings.catch_warnings():
        # Deprecations inside torch's own exporter; nothing a caller could change.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, example, str(path),
            input_names=["input_ids", "attention_mask"], output_names=list(outputs),
            dynamic_shapes={"input_ids": {0: batch, 1: length},
                            "attention_mask": {0: batch, 1: length}},
            dynamo=True, external_data=False, verbose=False,
        )  # fmt: skip
