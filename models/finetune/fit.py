"""Fine-tuning: balanced sources, averaged weights, early stopping."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ...data.labelled_texts import LabelledTexts
from ..base import PROBABILITIES, Probabilities
from ..onnx.batching import Ids, by_length, padded
from .auc import axis_aucs
from .loss import LossTargets, masked_loss
from .network import Logits, Net, ProbabilityHead
from .options import EncoderOptions

_SCORE_BATCH = 32
_BUCKET_BATCHES = 50
_MAX_NORM = 1.0
# Steps that weights are averaged over are a quarter of a fit at most: in a short one the network it
# began with would still count.
_MOST_OF_A_FIT = 4
# Which check is best is mostly noise, and an early one has learnt too little of paid posts: a fit
# goes to its end unless the held-out posts say clearly that it should not.
_CLEARLY_WORSE = 0.01


@dataclass(frozen=True)
class TrainingStep:
    """How far a fit is.

    Attributes:
        done: steps done.
        total: steps planned; early stopping may end sooner.
        loss: smoothed training loss.
        seconds_left: at the pace so far.
    """

    done: int
    total: int
    loss: float
    seconds_left: float


OnStep = Callable[[TrainingStep], None]


@dataclass(frozen=True)
class Finetuned:
    """A fitted network and the posts that early stopping looked at."""

    net: Net
    held_out: NDArray[np.intp]


def finetune(
    tokens: Sequence[Ids],
    train: LabelledTexts,
    origin: Path,
    options: EncoderOptions,
    seed: int = 0,
    on_step: OnStep = lambda _: None,
) -> Finetuned:
    """Fit on a GPU where there is one, else on the CPU, in mixed precision where that is faster.

    The same seed gives the same network on the same machine with as many threads.

    Args:
        tokens: of each post, special tokens included.
        train: labels, sources, groups.
        origin: folder of the encoder to begin with.
        options: see ``EncoderOptions``.
        seed: of everything random.
        on_step: called after each step.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return _Fit(tokens, train, origin, options, seed, device).run(on_step)


def computes_bfloat16(device: torch.device) -> bool:
    """Whether the hardware itself computes in bfloat16; elsewhere it is slower than float32."""
    if device.type == "cuda":
        return True
    known: dict[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
    return any(known.get(name, False) for name in ("avx512_bf16", "amx_bf16", "bf16"))


def probabilities(net: Net, tokens: Sequence[Ids]) -> Probabilities:
    """Scores of the network itself, shape (n_posts, 5), to hold an export against."""
    scorer = ProbabilityHead(net.cpu()).eval()
    scores = np.zeros((len(tokens), len(PROBABILITIES)), np.float32)
    with torch.no_grad():
        for rows in by_length([len(ids) for ids in tokens], _SCORE_BATCH):
            ids, attention = padded([tokens[i] for i in rows])
            scores[rows] = scorer(torch.from_numpy(ids), torch.from_numpy(attention)).numpy()
    return scores


@dataclass
class Checks:
    """When to stop early: when as many checks in a row as there is patience fall clearly short.

    Attributes:
        patience: how many.
        best: the highest AUC so far.
        worse: how many in a row by now.
    """

    patience: int
    best: float = -np.inf
    worse: int = 0

    def is_best(self, auc: float) -> bool:
        """Take note of a check, and tell whether none was better."""
        self.worse = self.worse + 1 if auc < self.best - _CLEARLY_WORSE else 0
        self.best = max(self.best, auc)
        return auc >= self.best

    @property
    def stop(self) -> bool:
        """Whether to stop and go back to the best."""
        return self.worse >= self.patience


class _Fit:
    """One fit."""

    def __init__(
        self,
        tokens: Sequence[Ids],
        train: LabelledTexts,
        origin: Path,
        options: EncoderOptions,
        seed: int,
        device: torch.device,
    ) -> None:
        self._tokens, self._options, self._device = tokens, options, device
        self._mixed = options.mixed_precision and computes_bfloat16(device)
        self._train, self._targets = train, LossTargets.of(train)
        self._rng = np.random.default_rng(seed)
        self._held_out = held_out_rows(train.groups, options.validation_fraction, self._rng)
        self._seen = np.setdiff1d(np.arange(len(tokens)), self._held_out)
        self._draw = _draw_weights(train.sources[self._seen], options.source_balance)
        self._net = Net(
            origin,
            options.dropout,
            options.trainable_layers,
            options.embedded_layers,
        ).to(device)
        self._per_epoch = -(-len(self._seen) // options.batch_size)
        self._total = self._per_epoch * options.epochs
        # What is kept: a network between the last some hundred steps ranks unseen posts better
        # than the one of any single step (Izmailov et al. 2018; Morales-Brotons et al. 2024).
        decay = min(options.ema_decay, 1 - _MOST_OF_A_FIT / self._total)
        self._averaged = AveragedModel(self._net, multi_avg_fn=get_ema_multi_avg_fn(max(0, decay)))

    def run(self, on_step: OnStep) -> Finetuned:
        options = self._options
        total = self._total
        check_every = max(1, self._per_epoch // options.checks_per_epoch)
        optimizer = torch.optim.AdamW(self._layers(), weight_decay=options.weight_decay, fused=True)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: rate(step, total, options.warmup)
        )
        best, checks, smooth = self._averaged.module, Checks(options.patience), 0.0
        started = time.monotonic()
        for done, batch in enumerate(self._batches(options.epochs), 1):
            loss = self._step(batch, optimizer)
            schedule.step()
            self._averaged.update_parameters(self._net)
            smooth = loss if done == 1 else 0.98 * smooth + 0.02 * loss
            left = (time.monotonic() - started) / done * (total - done)
            on_step(TrainingStep(done, total, smooth, left))
            if done % check_every == 0 or done == total:
                if checks.is_best(self._held_out_auc()):
                    best = deepcopy(self._averaged.module)
                if checks.stop:
                    return Finetuned(best.cpu().eval(), self._held_out)
        return Finetuned(self._averaged.module.cpu().eval(), self._held_out)

    def _step(self, batch: NDArray[np.intp], optimizer: torch.optim.Optimizer) -> float:
        self._net.train()
        optimizer.zero_grad()
        loss = self._loss(batch, self._options.auxiliary_loss_weight)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._net.parameters(), _MAX_NORM)
        optimizer.step()
        return float(loss.detach())

    def _held_out_auc(self) -> float:
        """Mean over the axes: the loss stops early, for overconfidence that calibration mends."""
        scorer = ProbabilityHead(self._averaged.module).eval()
        scores = np.zeros((len(self._held_out), len(PROBABILITIES)), np.float32)
        with torch.no_grad():
            for rows in by_length([len(self._tokens[i]) for i in self._held_out], _SCORE_BATCH):
                with self._autocast():
                    found = scorer(*self._fed(self._held_out[rows]))
                scores[rows] = found.float().cpu().numpy()
        aucs = axis_aucs(scores, self._train.take(self._held_out))
        return float(aucs[~np.isnan(aucs)].mean()) if not np.isnan(aucs).all() else 0.0

    def _fed(self, batch: NDArray[np.intp]) -> list[Tensor]:
        arrays = padded([self._tokens[i] for i in batch])
        return [torch.from_numpy(array).to(self._device) for array in arrays]

    def _autocast(self) -> torch.autocast:
        return torch.autocast(self._device.type, dtype=torch.bfloat16, enabled=self._mixed)

    def _loss(self, batch: NDArray[np.intp], auxiliary: float) -> Tensor:
        with self._autocast():
            logits = self._net(*self._fed(batch))
        targets = self._targets.take(batch, self._device)
        return masked_loss(Logits(*(part.float() for part in logits)), targets, auxiliary)

    def _layers(self) -> list[dict[str, object]]:
        options, net = self._options, self._net
        layers = net.body.encoder.layer[net.shared :]
        groups: list[dict[str, object]] = [
            {"params": list(layer.parameters()),
             "lr": options.learning_rate * options.layer_decay ** (len(layers) - 1 - depth)}
            for depth, layer in enumerate(layers)
        ]  # fmt: skip
        heads = list(net.heads.parameters())
        return [*groups, {"params": heads, "lr": options.head_learning_rate}]

    def _batches(self, epochs: int) -> Iterator[NDArray[np.intp]]:
        size = self._options.batch_size
        for _ in range(epochs):
            drawn = self._rng.choice(self._seen, len(self._seen), p=self._draw)
            batches = []
            # Posts of like length share a batch, within stretches long enough to stay mixed.
            for start in range(0, len(drawn), size * _BUCKET_BATCHES):
                stretch = drawn[start : start + size * _BUCKET_BATCHES]
                lengths = [len(self._tokens[i]) for i in stretch]
                batches += [stretch[rows] for rows in by_length(lengths, size)]
            for number in self._rng.permutation(len(batches)):
                yield batches[number]


def held_out_rows(
    groups: NDArray[np.str_], share: float, rng: np.random.Generator
) -> NDArray[np.intp]:
    """Rows of random whole groups, at least ``share`` of all and never all."""
    names = rng.permutation(np.unique(groups))
    chosen: list[str] = []
    count = 0
    for name in names[:-1]:
        if count >= share * len(groups):
            break
        chosen.append(str(name))
        count += int((groups == name).sum())
    return np.flatnonzero(np.isin(groups, chosen))


def _draw_weights(sources: NDArray[np.str_], balance: float) -> NDArray[np.float64]:
    """How likely each post is drawn, see ``EncoderOptions.source_balance``; they sum to 1."""
    _, member, counts = np.unique(sources, return_inverse=True, return_counts=True)
    weights = counts[member].astype(np.float64) ** -balance
    return np.asarray(weights / weights.sum())


def rate(step: int, total: int, warmup: float) -> float:
    """Factor of the learning rates at a step: rising in the first share, then falling to 0."""
    rising = max(1.0, warmup * total)
    if step < rising:
        return (step + 1) / rising
    return max(0.0, (total - step) / max(1.0, total - rising))
