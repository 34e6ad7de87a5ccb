"""The network that is fine-tuned: a sentence encoder with a head per axis. Needs torch."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, Self

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

    def __init__(self, origin: Path, dropout: float, tuned_layers: int) -> None:
        """Load the encoder from a folder (safetensors only, no code of its own).

        Args:
            origin: the folder.
            dropout: before the heads.
            tuned_layers: uppermost layers that are trained; all below them stay as they are.
        """
        super().__init__()
        self.body = loaded(origin)
        layers = list(self.body.encoder.layer)
        self.shared = max(0, len(layers) - tuned_layers)
        self._frozen = (self.body.embeddings, *layers[: self.shared])
        for part in self._frozen:
            part.requires_grad_(False)
        for part in self._frozen:
            part.requires_grad_(requires_grad=False)
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
        return self.above(*self.below(input_ids, attention_mask), attention_mask)

    def below(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """What the layers that are not trained make of it, and the mask for those above."""
        from transformers.masking_utils import create_bidirectional_mask

        hidden = self.body.embeddings(input_ids=input_ids)
        mask = create_bidirectional_mask(
            config=self.body.config, inputs_embeds=hidden, attention_mask=attention_mask
        )
        return through(self.body.encoder.layer[: self.shared], hidden, mask), mask

    def above(self, hidden: Tensor, mask: Tensor, attention_mask: Tensor) -> Logits:
        """Logits from what ``below`` gives."""
        hidden = through(self.body.encoder.layer[self.shared :], hidden, mask)
        pooled = self.dropout(mean_of_tokens(hidden, attention_mask))
        found = {name: head(pooled) for name, head in self.heads.items()}
        return Logits(
            found["style"][:, 0], found["commercial"], found["cause"],
            found["promotional"][:, 0], found["any_cause"][:, 0],
        )  # fmt: skip

    def train(self, mode: bool = True) -> Self:
        """As torch has it; parts that are not trained drop nothing out."""
        super().train(mode)
        for part in self._frozen:
            part.eval()
        return self


class Probable(nn.Module):  # type: ignore[misc]
    """The network as it scores: the four probabilities in the project's order."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Shape (n_posts, 4)."""
        return self.of(self.net(input_ids, attention_mask))

    @staticmethod
    def of(logits: Logits) -> Tensor:
        """From logits."""
        paid = logits.commercial.softmax(1)[:, 2]
        cause = logits.cause.softmax(1)
        return torch.stack([logits.style.sigmoid(), paid, cause[:, 1], cause[:, 2]], 1)


class Beside(nn.Module):  # type: ignore[misc]
    """The four probabilities, and the sentence embedding that was there before fine-tuning.

    Both are read off the layers that they share, so that the second costs no more than the layers
    that were trained.
    """

    def __init__(self, net: Net, origin: Path) -> None:
        super().__init__()
        self.probable = Probable(net)
        self.untuned = loaded(origin).encoder.layer[net.shared :]

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Shapes (n_posts, 4) and (n_posts, width), rows of the second of unit length."""
        net = self.probable.net
        hidden, mask = net.below(input_ids, attention_mask)
        embedding = mean_of_tokens(through(self.untuned, hidden, mask), attention_mask)
        probabilities = self.probable.of(net.above(hidden, mask, attention_mask))
        return probabilities, nn.functional.normalize(embedding)


def loaded(origin: Path) -> Any:  # noqa: ANN401
    """The encoder of a folder, without its pooler."""
    from transformers import AutoModel

    return AutoModel.from_pretrained(
        origin, dtype=torch.float32, trust_remote_code=False, use_safetensors=True,
        local_files_only=True, attn_implementation="eager", add_pooling_layer=False,
        # Drawn for each pair of tokens, it would take a tenth of a fit's time.
        attention_probs_dropout_prob=0.0,
    )  # fmt: skip


def through(layers: Iterable[Any], hidden: Tensor, mask: Tensor) -> Tensor:
    """Hidden states after some layers."""
    for layer in layers:
        hidden = layer(hidden, mask)
    return hidden


def mean_of_tokens(hidden: Tensor, attention_mask: Tensor) -> Tensor:
    """Shape (n_posts, width), padding left out."""
    mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
