"""The loss of fine-tuning: a sum over axes, over the posts that have the label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from ...data.axes import MISSING
from ...data.labelled_texts import LabelledTexts
from .network import Logits


@dataclass(frozen=True)
class LossTargets:
    """Labels as tensors of shape (n,), kinds (n, 3); missing ones are NaN (style, kinds) or -1."""

    style: Tensor
    paid: Tensor
    kinds: Tensor
    cause: Tensor
    weight: Tensor

    @classmethod
    def of(cls, train: LabelledTexts) -> LossTargets:
        """From the arrays that every family is fitted on."""
        return cls(
            torch.from_numpy(train.style.astype(np.float32)),
            torch.from_numpy(train.paid.astype(np.int64)),
            torch.from_numpy(train.kinds.astype(np.float32)),
            torch.from_numpy(train.cause.astype(np.int64)),
            torch.from_numpy(train.weight.astype(np.float32)),
        )

    def take(self, rows: NDArray[np.intp], device: torch.device) -> LossTargets:
        """Rows, on a device."""
        index = torch.from_numpy(rows)
        parts = (self.style, self.paid, self.kinds, self.cause, self.weight)
        return LossTargets(*(part[index].to(device) for part in parts))


def masked_loss(logits: Logits, truth: LossTargets, auxiliary: float) -> Tensor:
    """Sum over the axes of the mean loss over the posts that have the label.

    A post whose kind of promotion is unknown, but not whether it is paid, counts by that alone.
    """
    has_style = ~torch.isnan(truth.style)
    style = functional.binary_cross_entropy_with_logits(
        logits.style, truth.style.nan_to_num(), reduction="none"
    )
    kind_known, paid_known = ~torch.isnan(truth.kinds[:, 0]), truth.paid != MISSING
    kinds = truth.kinds.nan_to_num()
    kind = functional.cross_entropy(logits.commercial, kinds, reduction="none")
    log_p = functional.log_softmax(logits.commercial, 1)
    others = torch.logsumexp(log_p[:, :2], 1)
    paid = -torch.where(truth.paid == 1, log_p[:, 2], others)
    has_cause = truth.cause != MISSING
    cause = functional.cross_entropy(logits.cause, truth.cause.clamp(min=0), reduction="none")
    loss = (
        _mean(style, truth.weight, has_style)
        + _mean(torch.where(kind_known, kind, paid), truth.weight, kind_known | paid_known)
        + _mean(cause, truth.weight, has_cause)
    )
    if not auxiliary:
        return loss
    promotional = functional.binary_cross_entropy_with_logits(
        logits.promotional, kinds[:, 1:].sum(1).clamp(max=1), reduction="none"
    )
    any_cause = functional.binary_cross_entropy_with_logits(
        logits.any_cause, (truth.cause > 0).float(), reduction="none"
    )
    return loss + auxiliary * (
        _mean(promotional, truth.weight, kind_known) + _mean(any_cause, truth.weight, has_cause)
    )


def _mean(loss: Tensor, weight: Tensor, known: Tensor) -> Tensor:
    counted = weight * known
    return (loss * counted).sum() / counted.sum().clamp(min=1e-9)
