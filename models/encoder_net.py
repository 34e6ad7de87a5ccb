"""The network that is fine-tuned: a sentence encoder with a head per axis. Needs torch."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from ..data.labelled_texts import CAUSES, COMMERCIAL


class Logits(NamedTuple):
    """What the heads say.

    Attributes:
        style: shape (n,); polished.
        commercial: shape (n, 3), as ``COMMERCIAL``.
        cause: shape (n, 3), as ``CAUSES``.
        promotional: shape (n,); auxiliary: promotional of any kind.
        any_cause: shape (n,); auxiliary: a cause of any kind.
    """

    style: Tensor
    commercial: Tensor
    cause: Tensor
    promotional: Tensor
    any_cause: Tensor


class Net(nn.Module):  # type: ignore[misc]
    """Mean over the tokens of the last layer, dropout, one linear head per axis."""

    def __init__(self, origin: Path, dropout: float) -> None:
        """Load the encoder from a folder (safetensors only, no code of its own)."""
        from transformers import AutoModel

        super().__init__()
        self.body: Any = AutoModel.from_pretrained(
            origin, dtype=torch.float32, trust_remote_code=False, use_safetensors=True,
            local_files_only=True, attn_implementation="eager", add_pooling_layer=False,
        )  # fmt: skip
        width = self.body.config.hidden_size
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.ModuleDict(
            {
                "style": nn.Linear(width, 1),
                "commercial": nn.Linear(width, len(COMMERCIAL)),
                "cause": nn.Linear(width, len(CAUSES)),
                "promotional": nn.Linear(width, 1),
                "any_cause": nn.Linear(width, 1),
            }
        )

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Logits:
        """Logits of a padded batch, both arguments of shape (n_posts, length)."""
        hidden = self.body(input_ids=input_ids, attention_mask=attention_mask)[0]
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = self.dropout((hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9))
        found = {name: head(pooled) for name, head in self.heads.items()}
        return Logits(
            found["style"][:, 0], found["commercial"], found["cause"],
            found["promotional"][:, 0], found["any_cause"][:, 0],
        )  # fmt: skip


class Probable(nn.Module):  # type: ignore[misc]
    """The network as it scores: the four probabilities in the project's order."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Shape (n_posts, 4)."""
        logits = self.net(input_ids, attention_mask)
        paid = logits.commercial.softmax(1)[:, 2]
        cause = logits.cause.softmax(1)
        return torch.stack([logits.style.sigmoid(), paid, cause[:, 1], cause[:, 2]], 1)
