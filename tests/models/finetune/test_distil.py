"""A small encoder learns a larger one's embeddings, of texts without labels."""

import numpy as np
import pytest
from unpolished.models.families.building import Setup
from unpolished.models.families.embed import cached_encoder
from unpolished.models.families.encoder import read_tokenizer, tokenized
from unpolished.models.finetune.distil import distilled_encoder, principal
from unpolished.models.finetune.options import DistilOptions
from unpolished.models.finetune.pinned import WEIGHTS, pinned_encoder


def test_goals_are_principal_components_half_way_to_white():
    """Uncorrelated, each spread by the square root of what it was spread by."""
    rng = np.random.default_rng(0)
    spread = np.array([9.0, 4.0, 1.0, 0.01])
    given = rng.normal(size=(4_000, 4)) * spread @ np.linalg.qr(rng.normal(size=(4, 4)))[0] + 7
    goals = principal(given.astype(np.float32), 3)
    assert goals.shape == (4_000, 3)
    np.testing.assert_allclose(goals.mean(axis=0), 0, atol=1e-3)
    assert np.mean(goals**2) == pytest.approx(1, rel=1e-3)
    np.testing.assert_allclose(np.corrcoef(goals.T), np.eye(3), atol=1e-3)
    spreads = goals.std(axis=0)
    np.testing.assert_allclose(spreads / spreads[0], np.sqrt(spread[:3] / 9), rtol=0.05)


class Letters:
    """A larger encoder: how often each letter comes, turned into more columns; counts its calls."""

    asked = 0

    def __call__(self, texts):
        """Shape (n, 400)."""
        self.asked += 1
        counts = np.array([[t.lower().count(chr(97 + i)) for i in range(26)] for t in texts], float)
        return (counts @ np.random.default_rng(1).normal(size=(26, 400))).astype(np.float32)


def taught(cache, texts, teacher, *, losses=None, **changed):
    """An encoder of one layer."""
    given = {"epochs": 6, "batch_size": 8, "learning_rate": 1e-3} | changed
    origin = pinned_encoder()
    tokenizer = read_tokenizer(origin)
    return distilled_encoder(
        cache, origin, 1, texts, teacher, teacher="letters",
        tokens=lambda some: tokenized(tokenizer, some, 32), options=DistilOptions(**given),
        on_step=None if losses is None else lambda step: losses.append(step.loss),
    )  # fmt: skip


@pytest.mark.slow
def test_it_learns_is_kept_and_is_the_same_each_time(tiny_train, tmp_path):
    """Asked for again it is read from the cache; other texts or options make another."""
    texts, teacher, losses = list(tiny_train.texts)[:80], Letters(), []
    first = taught(tmp_path / "a", texts, teacher, losses=losses)
    assert len(losses) == 60
    assert losses[-1] < 0.9 * losses[0]
    assert taught(tmp_path / "a", texts, teacher) == first
    assert teacher.asked == 1
    again = taught(tmp_path / "b", texts, teacher)
    assert again.name == first.name
    assert (again / WEIGHTS).read_bytes() == (first / WEIGHTS).read_bytes()
    others = (
        taught(tmp_path / "a", texts[1:], teacher),
        taught(tmp_path / "a", texts, teacher, epochs=1),
    )
    assert len({first, *others}) == 3


@pytest.mark.slow
def test_what_was_taught_can_be_exported(tiny_train, tmp_path):
    """In 8 bits, as what is shipped; it gives other embeddings than the untaught one."""
    folder = taught(tmp_path, list(tiny_train.texts)[:40], Letters(), epochs=1)
    small, plain = (
        cached_encoder(Setup(tmp_path), source, 1, last_alone=True, packed=True)
        for source in (folder, None)
    )
    vectors = small.encode(tiny_train.texts[:5])
    assert vectors.shape == (5, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert np.abs(vectors - plain.encode(tiny_train.texts[:5])).max() > 0.01
