"""The model card says what the model is, what it reached, and what it cannot do."""

import pytest
from unpolished.models.base import FIRST_FOUR
from unpolished.training.reports.model_card import model_card


def _card(info, facts, **training):
    info = info.model_copy(update={"training": info.training.model_copy(update=training)})
    return model_card(info, facts.metrics["gold"], "gold", facts.fairness)


def test_numbers_come_with_interval_run_and_data(info, facts):
    """And with thresholds, asked for and achieved."""
    card = _card(info, facts)
    for text in (
        "# unpolished-linear\n", "run `abc123`", "300 posts of 80 authors", "f" * 64, "e" * 64,
        "split `gold`", "### paid\n", "### commitment (low against high", "perfect model: 0.",
        "| `p_paid` | `likely` (paid) | 0.600 | 0.300 | 0.05 (0.048, 200) | 0.1 (0.090, 60) |",
    ):  # fmt: skip
        assert text in card
    row = facts.metrics["gold"].query(
        "axis == 'paid' and metric == 'auc_within' and slice == 'all'"
    )
    value, low, high = row.iloc[0][["value", "low", "high"]]
    assert f"| AUC within sources | {value:.3f} [{low:.3f}, {high:.3f}] |" in card
    assert "nan" not in card.lower().replace("finance", "")
    assert "\n\n\n" not in card


def test_fairness_is_published_where_it_fails_too(info, facts):
    """What is outside the limits is counted and set in bold."""
    card = _card(info, facts)
    assert "15 of 30 figures are outside these limits" in card
    assert "| African American English | 40 | +0.012 [-0.008, +0.032] | " in card
    assert "| teen slang | **7.1% [5.1%, 9.1%]** | " in card
    inside = facts.fairness.assign(within=True)
    card = model_card(info, facts.metrics["gold"], "gold", inside)
    assert "All 30 figures are within these limits" in card


def test_a_model_of_four_columns_claims_no_more(info, facts):
    """No promotion in the card of a model that was not trained on it, and no author if unread."""
    card = _card(info, facts)
    assert "| promotion |" in card
    assert "| `p_self` |" in card
    assert "whether it names its author" not in card
    assert "whether it names its author" in _card(
        info.model_copy(update={"reads_author": True}), facts
    )
    thresholds = info.thresholds.model_copy(update={"p_self": None})
    four = info.model_copy(update={"thresholds": thresholds, "probabilities": FIRST_FOUR})
    told = facts.metrics["gold"].query("axis != 'self'")
    measures = facts.fairness["measure"]
    pairs = facts.fairness[~measures.str.contains("p_self|promotion")]
    card = model_card(four, told, "gold", pairs)
    assert "promotion |" not in card
    assert "p_self" not in card
    assert "12 of 24 figures" in card


def test_labels_that_are_never_given_are_said(info, facts):
    """No cut stands in the table where too few authors carry the rate; else nothing is said."""
    assert "never" not in _thresholds(_card(info, facts))
    few = info.thresholds.p_paid.model_copy(update={"beta_held": False, "positive_authors": 3})
    thresholds = info.thresholds.model_copy(update={"p_paid": few})
    said = _thresholds(_card(info.model_copy(update={"thresholds": thresholds}), facts))
    assert "| `p_paid` | `likely` (paid) | 0.600 | never | 0.05 (0.048, 200) |" in said
    assert "- p_paid: the opposite is never said: beta 0.1 takes 9 authors" in said
    assert "there are 3\n" in said
    assert "\n\n\n" not in said


def _thresholds(card):
    return card[card.index("## Thresholds") : card.index("## Fairness pairs")]


def test_limits(info, facts):
    """Who voted, what is not seen, and that a flag is no verdict."""
    card = _card(info, facts)
    for text in ("language model voted", "gold included", "English only", "Text only",
                 "never a verdict"):  # fmt: skip
        assert text in card
    assert "Smoke test" not in card


def test_a_corpus_model_is_a_smoke_test(info, facts):
    """Said first, before any number."""
    card = _card(info, facts, name="corpus", folds_sha256=None)
    assert card.index("Smoke test only") < card.index("## What it says")
    assert "language model voted" not in card
    assert "fold file: `none`" in card


def test_own_posts(info, facts):
    """Nothing is claimed about labels we have not seen."""
    card = _card(info, facts, name="mine")
    assert "this project has not seen them" in card
    assert "language model voted" not in card


@pytest.mark.parametrize(("family", "named"), [("embed", True), ("linear", False)])
def test_the_encoder_is_credited_where_it_is_used(info, facts, family, named):
    """Both licences as stated."""
    card = _card(info.model_copy(update={"family": family}), facts)
    assert ("all-MiniLM-L6-v2" in card) == named
    assert ("states MIT" in card) == named
