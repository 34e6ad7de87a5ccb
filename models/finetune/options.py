"""Options of training an encoder, as a recipe sets them."""

from __future__ import annotations

from pydantic import Field

from ..options import ModelOptions


class EncoderOptions(ModelOptions):
    """Options of ``encoder``.

    Attributes:
        trainable_layers: uppermost layers that are trained; the layers below and the token
            embeddings are frozen.
        embedded_layers: lower layers after which ``stack`` also takes an embedding, as they were
            before training; a frozen copy is kept of those that are trained.
        epochs: passes over as many posts as there are; early stopping may end sooner.
        batch_size: posts per step.
        learning_rate: of the uppermost layer of the encoder.
        layer_decay: factor from a layer to the one below it (ULMFiT's discriminative rates).
        head_learning_rate: of the heads.
        weight_decay: of AdamW.
        warmup: share of the steps in which the learning rates rise; they fall linearly afterwards.
        dropout: rate before the heads.
        max_tokens: longer posts keep the first three quarters and the last quarter of these.
        auxiliary_loss_weight: of the auxiliary heads (promotional of any kind, a cause of any
            kind).
        source_balance: posts are drawn with weight source size ** -source_balance; 0 draws all
            posts equally often, 1 all sources.
        validation_fraction: share of the authors held out inside the training posts for early
            stopping.
        ema_decay: decay per step of the exponential moving average of the weights, which is
            evaluated on the held-out posts and kept; lower in a fit of few steps; 0 keeps the
            weights themselves.
        mixed_precision: bfloat16 in the forward pass where the hardware computes in it.
        checks_per_epoch: evaluations of the mean AUC over the held-out posts in an epoch.
        patience: checks without improvement before early stopping; the best weights are restored.
    """

    trainable_layers: int = Field(6, ge=1)
    embedded_layers: int = Field(2, ge=1)
    epochs: int = Field(4, ge=1)
    batch_size: int = Field(16, ge=1)
    learning_rate: float = Field(5e-5, gt=0)
    layer_decay: float = Field(0.9, gt=0, le=1)
    head_learning_rate: float = Field(1e-3, gt=0)
    weight_decay: float = Field(0.01, ge=0)
    warmup: float = Field(0.1, ge=0, lt=1)
    dropout: float = Field(0.1, ge=0, lt=1)
    max_tokens: int = Field(128, ge=8, le=512)
    auxiliary_loss_weight: float = Field(0.3, ge=0)
    source_balance: float = Field(0.5, ge=0, le=1)
    validation_fraction: float = Field(0.08, gt=0, lt=0.5)
    ema_decay: float = Field(0.997, ge=0, lt=1)
    mixed_precision: bool = True
    checks_per_epoch: int = Field(2, ge=1)
    patience: int = Field(3, ge=1)


class DistilOptions(ModelOptions):
    """Options of teaching a small encoder the embeddings of a larger one.

    Attributes:
        epochs: passes over the texts.
        batch_size: texts per step.
        learning_rate: of the layers of the small encoder; its token embeddings stay as they are.
        weight_decay: of AdamW.
        warmup: share of the steps in which the learning rate rises; it falls linearly afterwards.
        max_tokens: longer texts keep the first three quarters and the last quarter of these.
        least_of_a_source: a source with fewer texts is not learnt from, so that leaving it out
            costs no encoder of its own.
    """

    epochs: float = Field(2.0, gt=0)
    batch_size: int = Field(32, ge=1)
    learning_rate: float = Field(3e-4, gt=0)
    weight_decay: float = Field(0.01, ge=0)
    warmup: float = Field(0.06, ge=0, lt=1)
    max_tokens: int = Field(128, ge=8, le=512)
    least_of_a_source: int = Field(1_000, ge=1)
