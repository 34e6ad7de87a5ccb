"""Masked losses, held-out groups, balanced sources."""

import numpy as np
import pytest
import torch
from torch.nn import functional
from unpolished.data.labelled_texts import one_hot
from unpolished.models.finetune.export import pinned_encoder
from unpolished.models.finetune.fit import Checks, _draw_weights, held_out_rows, rate
from unpolished.models.finetune.loss import LossTargets, masked_loss
from unpolished.models.finetune.network import Logits, Net


def _logits(n=3, seed=0):
    rng = torch.Generator().manual_seed(seed)
    shapes = ((n,), (n, 3), (n, 3), (n,), (n,))
    return Logits(*(torch.randn(shape, generator=rng) for shape in shapes))


def _targets(style, paid, commercial, cause, weight=None):
    kinds = torch.from_numpy(one_hot(np.array(commercial, np.int8), 3))
    weight = [1.0] * len(style) if weight is None else weight
    return LossTargets(
        torch.tensor(style), torch.tensor(paid), kinds, torch.tensor(cause), torch.tensor(weight)
    )


NAN = float("nan")


def test_a_missing_label_adds_no_loss():
    """Whatever is predicted for it."""
    truth = _targets([1.0, NAN, NAN], [-1, -1, -1], [-1, -1, -1], [-1, -1, -1])
    logits = _logits()
    expected = functional.binary_cross_entropy_with_logits(logits.style[:1], torch.ones(1))
    assert masked_loss(logits, truth, 0.3).item() == pytest.approx(expected.item())


def test_the_loss_is_the_sum_of_means_over_labelled_posts():
    """Three axes; soft targets for style."""
    logits = _logits()
    truth = _targets([0.5, 1.0, 0.0], [1, 0, 0], [2, 1, 0], [0, 2, -1])
    style = functional.binary_cross_entropy_with_logits(logits.style, truth.style)
    paid = functional.cross_entropy(logits.commercial, truth.kinds)
    cause = functional.cross_entropy(logits.cause[:2], truth.cause[:2])
    assert masked_loss(logits, truth, 0.0).item() == pytest.approx((style + paid + cause).item())


def test_paid_alone_counts_where_the_kind_is_unknown():
    """As the probability of paid against both others."""
    logits = _logits(2)
    truth = _targets([NAN, NAN], [1, 0], [-1, -1], [-1, -1])
    p = logits.commercial.softmax(1)[:, 2]
    expected = -(torch.log(p[0]) + torch.log(1 - p[1])) / 2
    assert masked_loss(logits, truth, 0.3).item() == pytest.approx(expected.item(), rel=1e-5)


def test_weights_count():
    """A post of weight 0 counts for nothing."""
    logits = _logits(2)
    both = _targets([1.0, 0.0], [-1, -1], [-1, -1], [-1, -1], weight=[1.0, 0.0])
    one = _targets([1.0, NAN], [-1, -1], [-1, -1], [-1, -1])
    assert masked_loss(logits, both, 0.0) == masked_loss(logits, one, 0.0)


def test_auxiliary_heads_add_their_part():
    """Promotional of any kind, and a cause of any kind."""
    logits = _logits()
    truth = _targets([NAN] * 3, [1, 0, 0], [2, 1, 0], [0, 1, 2])
    promotional = functional.binary_cross_entropy_with_logits(
        logits.promotional, torch.tensor([1.0, 1.0, 0.0])
    )
    any_cause = functional.binary_cross_entropy_with_logits(
        logits.any_cause, torch.tensor([0.0, 1.0, 1.0])
    )
    added = masked_loss(logits, truth, 0.5) - masked_loss(logits, truth, 0.0)
    assert added.item() == pytest.approx(0.5 * (promotional + any_cause).item(), rel=1e-5)


def test_held_out_rows_are_whole_groups():
    """At least the share asked for, never everything."""
    groups = np.array(["a"] * 5 + ["b"] * 5 + ["c"] * 5)
    rows = held_out_rows(groups, 0.2, np.random.default_rng(0))
    assert len(rows) == 5
    assert len(set(groups[rows])) == 1
    assert len(held_out_rows(groups[:5], 0.2, np.random.default_rng(0))) == 0


def test_small_sources_are_drawn_more_often():
    """All alike at 0, sources alike at 1."""
    sources = np.array(["big"] * 9 + ["small"])
    np.testing.assert_allclose(_draw_weights(sources, 0.0), 0.1)
    assert _draw_weights(sources, 1.0)[-1] == pytest.approx(0.5)
    assert _draw_weights(sources, 0.5)[-1] == pytest.approx(1 / 4)


def test_a_fit_stops_for_a_clear_and_lasting_fall_alone():
    """What is no more than noise neither stops it nor counts towards stopping."""
    checks = Checks(patience=2)
    assert [checks.is_best(auc) for auc in (0.8, 0.9, 0.895, 0.85, 0.895, 0.9)] == [
        True, True, False, False, False, True
    ]  # fmt: skip
    assert not checks.stop
    assert not any(checks.is_best(auc) for auc in (0.85, 0.86))
    assert (checks.stop, checks.best) == (True, 0.9)


def testrates_rise_and_fall():
    """Linearly, to nothing at the end."""
    rates = [rate(step, 100, 0.1) for step in range(101)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == rates[9] == 1.0
    assert rates[100] == 0.0


def test_layers_that_are_not_tuned_have_no_gradient_and_drop_nothing_out():
    """Also while the others are trained; all layers may be."""
    net = Net(pinned_encoder(), 0.1, trainable_layers=2).train()
    trained = {name.split(".")[2] for name, p in net.body.named_parameters() if p.requires_grad}
    assert trained == {"4", "5"}
    ids = torch.ones((2, 5), dtype=torch.int64)
    first, again = (net.lower_layers(ids, torch.ones_like(ids))[0][-1] for _ in range(2))
    assert torch.equal(first, again)
    assert not first.requires_grad
    assert net(ids, torch.ones_like(ids)).style.requires_grad
    assert Net(pinned_encoder(), 0.1, trainable_layers=9).shared == 0
