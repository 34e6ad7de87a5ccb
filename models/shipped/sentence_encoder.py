"""The sentence encoder that is shipped beside the models: how near two texts are in meaning.

The encoder inside of the default model was taught what posts are labelled by, and ranks posts by
their topic worse than this one (``benchmarks/studies/brief.py``).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..onnx.batching import beginning
from ..onnx.sentence_encoder import GRAPH, MAX_TOKENS, TOKENIZER
from ..onnx.session import Network
from ..onnx.shared_weights import with_shared
from .folders import DEFAULT, SHIPPED

SENTENCES = Path(__file__).parent / "sentences"


@cache
def sentence_encoder() -> Network:
    """The encoder, opened once; its outputs are embeddings of unit length."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(SHIPPED[DEFAULT] / TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    graph, other = SENTENCES / GRAPH, SHIPPED[DEFAULT] / GRAPH
    return Network(lambda: with_shared(graph, other), tokenizer, MAX_TOKENS, beginning)
