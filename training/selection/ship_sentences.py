"""Write the sentence encoder that is shipped.

``python -m unpolished.training.selection.ship_sentences``; needs the extra ``train``.
"""

from __future__ import annotations

from ...data.cache import cache_folder
from ...models.finetune.export import exported_encoder
from ...models.onnx.sentence_encoder import GRAPH
from ...models.onnx.shared_weights import leave_out_shared
from ...models.shipped.folders import DEFAULT, SHIPPED
from ...models.shipped.sentence_encoder import SENTENCES


def ship_sentences() -> None:
    """Export the pinned encoder and keep of it what the default model does not hold."""
    exported = exported_encoder(cache_folder(), packed=True)
    leave_out_shared(exported / GRAPH, SHIPPED[DEFAULT] / GRAPH, SENTENCES / GRAPH)


if __name__ == "__main__":
    ship_sentences()
