"""A clear disclosure in a post of which the model is sure that it is not paid."""

import pytest
from unpolished.data.posts import Post
from unpolished.data.text.language.detect import Language
from unpolished.models import rows
from unpolished.models.families.rules import Rules
from unpolished.models.pipeline import Pipeline

CLEAR = "#ad so tired today, the bus was late again and my shoes are wet"
OTHER_AXES = {"id", "style", "performative", "cause", "disclosure", "disclosure_terms", "language"}


@pytest.fixture(scope="module")
def scored(tiny_info, tiny_train):
    """Score posts with a small model."""
    model = Rules().fit(tiny_train)
    tiny = Pipeline(model, tiny_info(model))

    def score(*posts, **options):
        return tiny.score(posts, errors="raise", **options)

    return score


def _doubting(monkeypatch, bound):
    monkeypatch.setattr(rows, "DOUBTED_BELOW", bound)


def test_only_the_label_paid_is_doubted(scored, monkeypatch):
    """Disclosure, probabilities and the other labels stay; a reason is given."""
    _doubting(monkeypatch, 0.0)
    (sure,) = scored(Post(text=CLEAR))
    _doubting(monkeypatch, 1.1)
    (doubted,) = scored(Post(text=CLEAR))
    assert (sure.paid, sure.reason_code) == ("disclosed", None)
    assert (doubted.paid, doubted.reason_code) == ("unsure", "disclosure_doubted")
    changed = {"paid": sure.paid, "reason_code": sure.reason_code}
    assert doubted.model_copy(update=changed) == sure


@pytest.mark.parametrize(
    ("post", "paid", "reason_code"),
    [
        (Post(text=CLEAR, paid_partnership=True), "disclosed", None),
        (Post(text=CLEAR, paid_partnership=False), "unsure", "disclosure_doubted"),
        (Post(text="#ad nope"), "disclosed", "too_short"),
        (
            Post(text="#ad Heute war ich mit meinem Bruder in der Stadt und es hat geregnet"),
            "disclosed",
            "language",
        ),
    ],
    ids=["labelled by the platform", "not labelled", "too short", "not English"],
)
def test_what_is_doubted(scored, monkeypatch, post, paid, reason_code):
    """Never the platform's own label, nor a post that the model cannot judge."""
    _doubting(monkeypatch, 1.1)
    (row,) = scored(post)
    assert (row.paid, row.reason_code) == (paid, reason_code)


@pytest.mark.parametrize(
    ("text", "language", "paid", "reason_code"),
    [
        (CLEAR, "en", "unsure", "disclosure_doubted"),
        (CLEAR, "und", "disclosed", None),
        ("#ad nope", "en", "disclosed", "too_short"),
    ],
)
def test_only_english_posts_of_some_words(scored, monkeypatch, text, language, paid, reason_code):
    """Not one whose language is not known, and not one too short to be judged."""
    _doubting(monkeypatch, 1.1)
    told = Language(language, as_english=True)
    monkeypatch.setattr(rows, "detect_languages", lambda texts: [told] * len(texts))
    (row,) = scored(Post(text=text))
    assert (row.paid, row.reason_code) == (paid, reason_code)


def test_without_a_clear_term_nothing_is_doubted(scored, monkeypatch):
    """Ambiguous terms and silent posts keep the label of the model."""
    posts = Post(text=CLEAR.replace("#ad", "#spon")), Post(text=CLEAR.replace("#ad ", ""))
    _doubting(monkeypatch, 0.0)
    before = scored(*posts)
    _doubting(monkeypatch, 1.1)
    assert scored(*posts) == before


def test_the_bound_is_one_of_the_models_own_probability(scored, monkeypatch):
    """Below it a post is doubted, above it not; a prevalence moves p_paid, and no label."""
    (row,) = scored(Post(text=CLEAR))
    for change, paid in ((-1e-6, "disclosed"), (1e-6, "unsure")):
        _doubting(monkeypatch, row.p_paid + change)
        (plain,) = scored(Post(text=CLEAR))
        (moved,) = scored(Post(text=CLEAR), prevalence={"paid": 0.9})
        assert (plain.paid, moved.paid) == (paid, paid)
        assert moved.p_paid > plain.p_paid
