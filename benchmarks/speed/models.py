"""The models that are timed: ours as they are saved, and the same weights for the peers."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from unpolished.models.families.encoder import DESCRIPTION, GRAPH, FinetunedEncoder
from unpolished.models.finetune.pinned import pinned_encoder
from unpolished.models.saved_model import CARD, ModelInfo, load_model, read_info, save_model
from unpolished.models.shipped.folders import model_folder

CASCADE_SHARE = 0.3


@dataclass
class Models:
    """Folders, and what has to be said about them.

    Attributes:
        linear: of the n-gram model.
        compact: of the encoder, weights as shipped.
        whole: of the same encoder with weights in 32 bits.
        cascade: linear first, the encoder where it is unsure.
        torch: the encoder's weights for transformers.
        pinned: the sentence encoder that it was made of.
        notes: for readers of the figures.
    """

    linear: Path
    compact: Path
    whole: Path
    cascade: Path
    torch: Path
    pinned: Path
    notes: list[str] = field(default_factory=list)


class _Files:
    """A model that is files already."""

    family = "encoder"

    def __init__(self, folder: Path, names: tuple[str, ...]) -> None:
        self._folder, self._names = folder, names

    def save(self, folder: Path) -> None:
        for name in self._names:
            shutil.copyfile(self._folder / name, folder / name)


def prepare(
    scratch: Path, texts: list[str], encoder: str | None, cascade: str | None, *, peers: bool
) -> Models:
    """Find the models, and make of them what the rows need.

    Args:
        scratch: an empty folder.
        texts: masked posts, to set and to measure what the cascade sends on.
        encoder: a folder, an address or a run; None to look in the registry.
        cascade: a folder, an address or a run; None to look in the registry.
        peers: whether transformers is needed.

    Raises:
        ModelError: a model that was named is none, or is damaged.
    """
    linear, notes = model_folder("linear"), []
    found = found_model(encoder, "encoder")
    if found is None:
        notes.append("encoder: no tracked one; the encoder inside the shipped model is timed")
        compact = _member(scratch / "compact")
    else:
        compact = found
        notes.append(f"encoder: tracked run {read_info(compact).run_id}")
    whole = _float32(compact, scratch / "whole")
    found = found_model(cascade, "cascade")
    if found is None:
        found = _cascade(scratch / "cascade", texts)
        notes.append(f"cascade: no tracked one; made of the shipped model, its band set so that "
                     f"{CASCADE_SHARE:.0%} of these posts are sent on")  # fmt: skip
    else:
        notes.append(f"cascade: tracked run {read_info(found).run_id}")
    notes += _costs(compact, found, texts)
    origin, for_torch = pinned_encoder(), scratch / "torch"
    if peers:
        for_transformers(whole, origin, for_torch)
    return Models(linear, compact, whole, found, for_torch, origin, notes)


def found_model(name: str | None, recipe: str) -> Path | None:
    """Folder of a model: the one named, else the newest one registered for a recipe, or None.

    Args:
        name: a folder, an address such as ``models:/name@alias``, or a run.
        recipe: it was trained by.

    Raises:
        ModelError: the one named cannot be had.
    """
    from unpolished.models.registry.download import download_model, is_address

    if name is not None:
        if Path(name).is_dir():
            return Path(name)
        return download_model(name if is_address(name) else f"runs:/{name}/model")
    version = _newest_version(f"unpolished-{recipe}")
    return download_model(f"models:/unpolished-{recipe}/{version}") if version else None


def _newest_version(registered: str) -> int | None:
    from unpolished.models.registry.mlflow_settings import SQLITE, settle_mlflow, tracking_uri

    uri = tracking_uri()
    if uri.startswith(SQLITE) and not Path(uri.removeprefix(SQLITE)).is_file():
        return None  # MLflow would make an empty store.
    settle_mlflow()
    from mlflow import MlflowClient

    versions = MlflowClient(uri, uri).search_model_versions(f"name='{registered}'")
    return max((int(version.version) for version in versions), default=None)


def _saved(folder: Path, model: Any, info: ModelInfo) -> Path:  # noqa: ANN401
    # What was measured of one model says nothing about another one made of its parts.
    info = info.model_copy(update={"family": model.family, "metrics": {}})
    save_model(folder, model, info, "Made for a benchmark.\n")
    return folder


def _member(folder: Path) -> Path:
    shipped = model_folder(None)
    return _saved(folder, FinetunedEncoder.load(shipped), read_info(shipped))


def _float32(compact: Path, folder: Path) -> Path:
    """The same encoder with its weights whole, inside the graph."""
    import onnx
    from onnx import numpy_helper
    from unpolished.models.onnx.int8_weights import int8_weights, read_graph

    info = read_info(compact)
    raw = folder.with_name("raw")
    raw.mkdir()
    names = tuple(name for name in info.files if name != CARD)
    _Files(compact, names).save(raw)
    # Of the embedding that a stack would read nothing is computed, here as when it scores.
    model = onnx.load_model_from_string(read_graph(compact / GRAPH, outputs=1))
    whole = {
        name: weight.values.astype(np.float32) * np.expand_dims(weight.scale, 1 - weight.axis)
        for name, weight in int8_weights(model.graph).items()
    }
    nodes = [node for node in model.graph.node if node.output[0] not in whole]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(numpy_helper.from_array(v, name) for name, v in whole.items())
    onnx.save(model, str(raw / GRAPH))
    return _saved(folder, _Files(raw, names), info)


def _cascade(folder: Path, texts: list[str]) -> Path:
    from unpolished.models.families.cascade import Band, Cascade
    from unpolished.models.families.linear import Linear
    from unpolished.models.families.stack import Stack

    shipped = model_folder(None)
    info = read_info(shipped)
    linear = Linear.load(model_folder("linear"))
    model = Cascade(linear, Stack.load(shipped), CASCADE_SHARE)
    band = Band.of(info.thresholds)
    distance = band.distance(model.linear.predict_proba(texts))
    model.band = band._replace(widened=float(np.quantile(distance, CASCADE_SHARE)))
    return _saved(folder, model, info)


def _costs(compact: Path, cascade: Path, texts: list[str]) -> list[str]:
    """What is paid in quality for the speed of the compact encoder and of the cascade."""
    notes = []
    export = json.loads((compact / DESCRIPTION).read_text("utf-8"))["export"]
    notes.append(
        f"compact encoder: its 8-bit weights move the AUC by at most {export['auc_difference']:.4f}"
        f" on any axis, against the network as it was fitted, on posts held out from the fit"
    )
    model: Any = load_model(cascade)[0]
    share = float(model.band.holds(model.linear.predict_proba(texts)).mean())
    notes.append(f"cascade: {share:.0%} of these posts go to the stack")
    encoder_says, cascade_says = read_info(compact).metrics, read_info(cascade).metrics
    for axis in sorted(encoder_says.keys() & cascade_says.keys()):
        name = "recall_at_precision_70"
        theirs, ours = (says[axis].get(name, (None,))[0] for says in (encoder_says, cascade_says))
        if theirs is not None and ours is not None:
            met = "met" if ours >= theirs - 0.02 else "MISSED"
            notes.append(
                f"cascade, {axis}: recall at precision .7, out of fold on gold, {ours:.3f}; "
                f"encoder {theirs:.3f} (goal: at most .02 below; {met})"
            )
    return notes


def for_transformers(whole: Path, origin: Path, folder: Path) -> None:
    """Write the encoder as a ``BertForSequenceClassification`` with four outputs.

    The body has the weights of the graph, told by their names; pooler and head are new, for
    the graph has a head per axis on the mean over the tokens. That costs the same.

    Raises:
        ValueError: the graph's weights are not those of the pinned encoder's layers.
    """
    import torch
    from transformers import BertForSequenceClassification
    from transformers.utils import logging

    # What it says about the new head, and its bars.
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    torch.manual_seed(0)
    model = BertForSequenceClassification.from_pretrained(
        origin, num_labels=4, problem_type="multi_label_classification", dtype=torch.float32,
        local_files_only=True, use_safetensors=True, trust_remote_code=False,
    )  # fmt: skip
    found = {name: torch.from_numpy(values.copy()) for name, values in _body(whole).items()}
    left = model.bert.load_state_dict(found, strict=False)
    if left.unexpected_keys or any(not key.startswith("pooler.") for key in left.missing_keys):
        raise ValueError(f"the graph of {whole} does not have the layers of the pinned encoder")
    model.save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"):
        shutil.copyfile(origin / name, folder / name)


def _body(whole: Path) -> dict[str, np.ndarray]:
    import onnx

    return body(onnx.load(str(whole / GRAPH)).graph, "net.body.")


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
