"""The network that is fine-tuned: a sentence encoder with a head per axis. Needs torch."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple, Self

import torch
from torch import Tensor, nn

from ...data.axes import CAUSES, KINDS


class Logits(NamedTuple):
    """What the heads say.

    Attributes:
        style: shape (n,); polished.
        commercial: shape (n, 3), as ``KINDS``.
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

    def __init__(
        self,
        origin: Path,
        dropout: float,
        trainable_layers: int,
        embedded_layers: int = 1,
    ) -> None:
        """Load the encoder from a folder (safetensors only, no code of its own).

        Args:
            origin: the folder.
            dropout: before the heads.
            trainable_layers: uppermost layers that are trained; all below them stay as they are.
            embedded_layers: lower layers that ``untuned`` reads.
        """
        super().__init__()
        self.body = loaded(origin)
        layers = list(self.body.encoder.layer)
        self.shared = max(0, len(layers) - trainable_layers)
        self.embedded = min(embedded_layers, len(layers))
        self.frozen_copy = nn.ModuleList(deepcopy(layers[self.shared : self.embedded]))
        self._frozen = (self.body.embeddings, *layers[: self.shared], *self.frozen_copy)
        for part in self._frozen:
            part.requires_grad_(requires_grad=False)
        width = self.body.config.hidden_size
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.ModuleDict(
            {
                "style": nn.Linear(width, 1),
                "commercial": nn.Linear(width, len(KINDS)),
                "cause": nn.Linear(width, len(CAUSES)),
                "promotional": nn.Linear(width, 1),
                "any_cause": nn.Linear(width, 1),
            }
        )

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Logits:
        """Logits of a padded batch, both arguments of shape (n_posts, length)."""
        hidden, mask = self.lower_layers(input_ids, attention_mask)
        return self.upper_layers(hidden[-1], mask, attention_mask)

    def lower_layers(
        self, input_ids: Tensor, attention_mask: Tensor
    ) -> tuple[list[Tensor], Tensor]:
        """Hidden states below the trained layers, embeddings of tokens first, and the mask."""
        from transformers.masking_utils import create_bidirectional_mask

        hidden = [self.body.embeddings(input_ids=input_ids)]
        mask = create_bidirectional_mask(
            config=self.body.config, inputs_embeds=hidden[0], attention_mask=attention_mask
        )
        for layer in self.body.encoder.layer[: self.shared]:
            hidden.append(layer(hidden[-1], mask))
        return hidden, mask

    def untuned(self, hidden: Sequence[Tensor], mask: Tensor) -> list[Tensor]:
        """Hidden states after each of the embedded layers, none of them trained.

        Args:
            hidden: as ``lower_layers`` gives it.
            mask: as ``lower_layers`` gives it.
        """
        found = list(hidden)
        for layer in self.frozen_copy:
            found.append(layer(found[-1], mask))
        return found[1 : self.embedded + 1]

    def upper_layers(self, hidden: Tensor, mask: Tensor, attention_mask: Tensor) -> Logits:
        """Logits from the last of what ``lower_layers`` gives."""
        for layer in self.body.encoder.layer[self.shared :]:
            hidden = layer(hidden, mask)
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


class ProbabilityHead(nn.Module):  # type: ignore[misc]
    """The network as it scores: the probabilities in the project's order."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Shape (n_posts, 5)."""
        return self.of(self.net(input_ids, attention_mask))

    @staticmethod
    def of(logits: Logits) -> Tensor:
        """From logits."""
        kinds, cause = logits.commercial.softmax(1), logits.cause.softmax(1)
        columns = [logits.style.sigmoid(), kinds[:, 2], cause[:, 1], cause[:, 2], kinds[:, 1]]
        return torch.stack(columns, 1)


class WithEmbeddings(nn.Module):  # type: ignore[misc]
    """The probabilities, and the embeddings that the lower layers gave before training."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.head = ProbabilityHead(net)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Shapes (n_posts, 5) and (n_posts, layers * width), as ``by_layer`` has it."""
        net = self.head.net
        hidden, mask = net.lower_layers(input_ids, attention_mask)
        probabilities = self.head.of(net.upper_layers(hidden[-1], mask, attention_mask))
        return probabilities, by_layer(net.untuned(hidden, mask), attention_mask)


def by_layer(hidden: Sequence[Tensor], attention_mask: Tensor) -> Tensor:
    """Means over the tokens after each layer, each of unit length, side by side.

    Linear models tell more from layers in the middle than from the last one, which was made to
    compare sentences (compare Liu et al. 2019, arXiv 1903.08855, on what layers transfer).
    """
    means = [nn.functional.normalize(mean_of_tokens(one, attention_mask)) for one in hidden]
    return torch.cat(means, dim=1)


def loaded(origin: Path, layers: int | None = None) -> Any:  # noqa: ANN401
    """The encoder of a folder, without its pooler, or its lower layers alone."""
    from transformers import AutoModel

    return AutoModel.from_pretrained(
        origin, dtype=torch.float32, trust_remote_code=False, use_safetensors=True,
        local_files_only=True, attn_implementation="eager", add_pooling_layer=False,
        # Drawn for each pair of tokens, it would take a tenth of a fit's time.
        attention_probs_dropout_prob=0.0,
        **({} if layers is None else {"num_hidden_layers": layers}),
    )  # fmt: skip


def mean_of_tokens(hidden: Tensor, attention_mask: Tensor) -> Tensor:
    """Shape (n_posts, width), padding left out."""
    mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
