"""The sentence encoder that is shipped for comparing posts with a brief."""

import numpy as np
import pytest
from unpolished.data.cache import cache_folder
from unpolished.models.onnx.sentence_encoder import SentenceEncoder
from unpolished.models.shipped.sentence_encoder import SENTENCES, sentence_encoder

TEXTS = ["We pulled 41 bags of rubbish off the beach", "clean-ups of the sea shore",
         "happy birthday to my bike"]  # fmt: skip


def test_like_meaning_is_nearer():
    """Than another, without a word in common; embeddings are of unit length."""
    found = sentence_encoder().read(TEXTS).output
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert found[1] @ found[0] > 0.3 > found[1] @ found[2]


def test_it_is_small():
    """It is downloaded by everybody, also by those who have no brief."""
    assert sum(path.stat().st_size for path in SENTENCES.iterdir()) < 12_000_000


@pytest.mark.slow
def test_it_is_the_pinned_encoder():
    """As it is exported from the weights that are pinned, to the last bit."""
    export = pytest.importorskip("unpolished.models.finetune.export")
    folder = export.exported_encoder(cache_folder(), packed=True)
    found = sentence_encoder().read(TEXTS).output
    np.testing.assert_array_equal(found, SentenceEncoder(folder).encode(TEXTS))
