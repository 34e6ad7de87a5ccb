"""Teach the lower layers of a small encoder to give a larger one's embeddings. Needs torch.

Of texts without labels (Reimers and Gurevych 2020, arXiv 2004.09813, do so across languages). The
larger embedding is turned to its principal axes first, and the longest of these are shortened, so
that the small encoder does not spend all it has on the few directions in which texts differ most.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ...data.hashing import file_sha256
from ..onnx.batching import Ids, by_length, padded
from ..onnx.sentence_encoder import TOKENIZER, Embeddings
from .fit import OnStep, TrainingStep, computes_bfloat16, rate
from .network import loaded, mean_of_tokens
from .options import DistilOptions
from .pinned import WEIGHTS

# An encoder kept from an older way of teaching is not taken for a new one.
_VERSION = 1
_BUCKET_BATCHES = 50
_MAX_NORM = 1.0
# The last layer is linear and learns faster than the layers below it, which know something already.
_LAST_LAYER_RATE = 5
# Spread of the small embedding's components before the last layer.
_SPREAD = 0.2


def distilled_encoder(
    cache: Path,
    origin: Path,
    layers: int,
    texts: Sequence[str],
    embedded: Callable[[Sequence[str]], Embeddings],
    *,
    teacher: str,
    tokens: Callable[[Sequence[str]], list[Ids]],
    options: DistilOptions,
    seed: int = 0,
    on_step: OnStep | None = None,
) -> Path:
    """Folder of the encoder that was taught, made on first use.

    Args:
        cache: where encoders are kept, under a hash of all that goes into them.
        origin: folder of the small encoder (safetensors only).
        layers: how many of its layers are kept, from below.
        texts: to learn from.
        embedded: the larger encoder's embeddings of texts, shape (n, d) with d at least as wide as
            the small encoder.
        teacher: a name of all that these depend on.
        tokens: the small encoder's tokens of texts.
        options: see ``DistilOptions``.
        seed: of everything random.
        on_step: told how it goes on.
    """
    digest = hashlib.sha256(
        f"{_VERSION} {file_sha256(origin / WEIGHTS)} {layers} {teacher} "
        f"{options.model_dump_json()} {seed}".encode()
    )
    for text in texts:
        digest.update(hashlib.sha256(text.encode("utf-8", "replace")).digest())
    target = cache / "distilled" / digest.hexdigest()[:32]
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with torch.random.fork_rng(devices=[]), tempfile.TemporaryDirectory(dir=target.parent) as made:
        torch.manual_seed(seed)
        body = loaded(origin, layers)
        goals = principal(embedded(texts), body.config.hidden_size)
        _Distillation(body, tokens(texts), goals, options, seed).run(on_step)
        folder = Path(made) / "encoder"
        body.cpu().save_pretrained(folder)
        shutil.copyfile(origin / TOKENIZER, folder / TOKENIZER)
        folder.rename(target)
    return target


def principal(embeddings: Embeddings, width: int) -> NDArray[np.float32]:
    """The first principal components, each divided by the fourth root of its variance.

    Returns:
        shape (n, width), with a mean square of 1; half way between the embeddings as they are and
        whitened ones.
    """
    centred = embeddings - embeddings.mean(axis=0)
    variances, axes = np.linalg.eigh(np.cov(centred.T))
    variances, axes = variances[::-1][:width].clip(1e-9), axes[:, ::-1][:, :width]
    components = centred @ (axes * variances**-0.25)
    return np.asarray(components / np.sqrt(np.mean(components**2)), np.float32)


class _Distillation:
    """One."""

    def __init__(
        self,
        body: Any,  # noqa: ANN401
        tokens: list[Ids],
        goals: NDArray[np.float32],
        options: DistilOptions,
        seed: int,
    ) -> None:
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._mixed = computes_bfloat16(self._device)
        self._body, self._tokens, self._options = body.to(self._device), tokens, options
        self._goals, self._rng = torch.from_numpy(goals), np.random.default_rng(seed)
        body.embeddings.requires_grad_(requires_grad=False)
        width = body.config.hidden_size
        self._last = nn.Linear(width, goals.shape[1]).to(self._device)
        nn.init.orthogonal_(self._last.weight)
        self._stretch = _SPREAD * width**0.5
        self._total = max(1, int(len(tokens) * options.epochs / options.batch_size))

    def run(self, on_step: OnStep | None) -> None:
        options, total = self._options, self._total
        layers = [part for part in self._body.parameters() if part.requires_grad]
        groups: list[dict[str, object]] = [
            {"params": layers, "lr": options.learning_rate},
            {"params": self._last.parameters(), "lr": options.learning_rate * _LAST_LAYER_RATE},
        ]
        optimizer = torch.optim.AdamW(groups, weight_decay=options.weight_decay, fused=True)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: rate(step, total, options.warmup)
        )
        self._body.train()
        smooth, started = 0.0, time.monotonic()
        for done, batch in enumerate(self._batches(), 1):
            optimizer.zero_grad()
            loss = self._loss(batch)
            loss.backward()
            nn.utils.clip_grad_norm_(layers, _MAX_NORM)
            optimizer.step()
            schedule.step()
            smooth = (
                float(loss.detach()) if done == 1 else 0.98 * smooth + 0.02 * float(loss.detach())
            )
            if on_step is not None:
                left = (time.monotonic() - started) / done * (total - done)
                on_step(TrainingStep(done, total, smooth, left))
        self._body.eval()

    def _loss(self, batch: NDArray[np.intp]) -> Tensor:
        arrays = padded([self._tokens[i] for i in batch])
        ids, attention = (torch.from_numpy(array).to(self._device) for array in arrays)
        with torch.autocast(self._device.type, dtype=torch.bfloat16, enabled=self._mixed):
            hidden = self._body(input_ids=ids, attention_mask=attention).last_hidden_state
            means = nn.functional.normalize(mean_of_tokens(hidden, attention))
            given = self._last(means * self._stretch)
        return nn.functional.mse_loss(given.float(), self._goals[batch].to(self._device))

    def _batches(self) -> Iterator[NDArray[np.intp]]:
        size, left = self._options.batch_size, self._total
        while left:
            order = self._rng.permutation(len(self._tokens))
            batches = []
            # Posts of like length share a batch, within stretches long enough to stay mixed.
            for start in range(0, len(order), size * _BUCKET_BATCHES):
                stretch = order[start : start + size * _BUCKET_BATCHES]
                lengths = [len(self._tokens[i]) for i in stretch]
                batches += [stretch[rows] for rows in by_length(lengths, size)]
            for number in self._rng.permutation(len(batches))[:left]:
                yield batches[number]
            left -= min(left, len(batches))
