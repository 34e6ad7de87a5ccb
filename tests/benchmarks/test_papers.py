"""The tables of papers: metrics, splits, cuts and the marks of a study, on invented posts."""

import numpy as np
import pandas as pd
import pytest
from paper_tables.disclosures import PINTEREST, YOUTUBE, descriptions, figures
from paper_tables.metrics import accuracy, auc, best_cut, estimate, macro_f1, r_squared, share
from paper_tables.posts import Posts, posts_of
from paper_tables.scorers import baseline, flags, out_of_fold
from paper_tables.splits import LEFT_OUT, fixed, grouped, random
from paper_tables.tasks import TASKS, bragging_test
from papers import HEADS, PAPERS
from sklearn.metrics import accuracy_score, f1_score, r2_score, roc_auc_score

N = 60
POSITIVE = np.arange(N) % 3 == 0
RATING, SCORE = np.random.default_rng(0).random((2, N)).round(1)


def _posts(target=POSITIVE, size=4):
    """Posts of authors with some each."""
    authors = np.array([f"author {i // size}" for i in range(len(target))])
    texts = tuple(f"{'sale' if t > 0.5 else 'rain'} on day {i}" for i, t in enumerate(target))
    return Posts(texts, texts, target.astype(float), authors, authors)


@pytest.mark.parametrize(
    ("metric", "truth", "said", "peer"),
    [
        (accuracy, POSITIVE, SCORE > 0.5, accuracy_score),
        (macro_f1, POSITIVE, SCORE > 0.5, lambda a, b: f1_score(a, b, average="macro")),
        (r_squared, RATING, SCORE, r2_score),
        (auc, POSITIVE, SCORE, roc_auc_score),
        (share, POSITIVE, POSITIVE, lambda a, _: a.mean()),
    ],
)
def test_a_metric_is_that_of_its_peer_on_rows_repeated_by_weight(metric, truth, said, peer):
    """Draw by draw; a draw weighs a row as often as it was drawn."""
    weights = np.random.default_rng(1).integers(0, 4, (150, N)).astype(float)
    found = metric(truth, said, weights)
    for value, times in zip(found[:5], weights.astype(int), strict=False):
        assert value == pytest.approx(peer(np.repeat(truth, times), np.repeat(said, times)))
    value, (low, high) = estimate(metric, truth, said, np.arange(N).astype(str))
    assert low < value < high
    assert value == pytest.approx(peer(truth, said))


def test_the_cut_is_the_best_there_is():
    """No other score as a cut does better; scores that are all the same flag all."""
    once = np.ones((1, N))
    best = macro_f1(POSITIVE, best_cut(macro_f1, POSITIVE, SCORE) <= SCORE, once)
    assert best == max(macro_f1(POSITIVE, cut <= SCORE, once) for cut in np.unique(SCORE)[1:])
    assert best_cut(accuracy, POSITIVE, np.full(N, 0.3)) == 0.3


def test_grouped_folds_keep_authors_together_and_random_ones_do_not():
    """Both judge every post, and spread the classes evenly."""
    posts = _posts()
    for folds, together in ((grouped(posts), True), (random(posts), False)):
        names = {author: set(folds[posts.authors == author]) for author in posts.authors}
        assert all(len(found) == 1 for found in names.values()) == together
        counts = [posts.positive[folds == fold].sum() for fold in range(5)]
        assert max(counts) - min(counts) <= (2 if together else 0)
        assert sorted(set(folds)) == list(range(5))


def test_a_fixed_split_leaves_groups_that_are_judged_out_of_the_fit():
    """And posts of neither part."""
    posts = _posts()
    fitted = np.arange(N) < 40
    folds = fixed(posts, fitted, np.array([39, 50]))
    assert np.flatnonzero(folds == 0).tolist() == [39, 50]
    assert np.flatnonzero(folds == -1).tolist() == list(range(36))
    assert (folds == LEFT_OUT).sum() == N - 36 - 2


@pytest.mark.parametrize("folds_of", [grouped, lambda posts: fixed(
    posts, np.arange(N) < 40, np.arange(44, 60))])  # fmt: skip
def test_a_post_has_no_part_in_what_judges_it(folds_of):
    """Neither in the fit that scores it, nor in the cut that flags it."""
    posts = _posts()
    folds = folds_of(posts)
    fits = []

    def scorer(of, seen, asked):
        fits.append((set(seen), set(asked)))
        assert not set(of.groups[seen]) & set(of.groups[asked])
        assert not (folds[seen] == LEFT_OUT).any()
        return SCORE[asked]

    scores = out_of_fold(scorer, posts, folds)
    known = ~np.isnan(scores)
    assert np.array_equal(known, folds >= 0)
    flagged = flags(scorer, accuracy, posts, folds, scores)
    turned = np.where(folds == 0, 1 - posts.target, posts.target)
    other = Posts(posts.texts, posts.masked, turned, posts.authors, posts.groups)
    again = flags(scorer, accuracy, other, folds, scores)
    assert np.array_equal(flagged[folds == 0], again[folds == 0])
    assert len(fits) >= 2


@pytest.mark.parametrize("target", [POSITIVE, np.where(POSITIVE, 0.9, 0.2)])
def test_the_baseline_learns_a_class_and_a_rating(target):
    """A word that tells them apart is found."""
    posts = _posts(target)
    scores = out_of_fold(baseline, posts, grouped(posts))
    assert scores[posts.positive].min() > scores[~posts.positive].max()


def test_posts_of_one_author_or_of_nearly_one_text_are_one_group():
    """Whatever else they are."""
    rows = pd.DataFrame({
        "text": ["late bus again", "a day at the lake", "a day at the lake!", "new shoes"],
        "author": ["ana", "bo", "cy", "ana"],
    })  # fmt: skip
    groups = posts_of(rows, np.zeros(4)).groups
    assert groups[0] == groups[3] != groups[1] == groups[2]


def test_the_split_of_the_bragging_study_judges_four_fifths_of_what_was_drawn():
    """As many of each class as there are; the others are found by keyword, however it is spelt."""
    rows = pd.DataFrame({
        "sampling": ["keyword"] * 30 + ["random"] * 49 + ["ramdom"],
        "label": (["not", "trait"] * 15) + ["action"] * 10 + ["not"] * 40,
    })  # fmt: skip
    fitted, judged = bragging_test(rows)
    assert fitted.sum() == 30
    assert not fitted[judged].any()
    assert (rows["label"][judged] == "not").value_counts().to_dict() == {True: 32, False: 8}


def test_marks_of_a_study_are_those_of_its_clusters():
    """A description is marked by any of its sentences; the rules read the whole."""
    sentences = pd.DataFrame({
        "id": ["a", "a", "b", "c", "c"],
        "text": ["my new lamp", "these are affiliate links, I earn a commission", "shop here",
                 "a walk", "in the rain"],
        "ward_euclidean_cluster": [1, 378, 367, 2, 3],
    })  # fmt: skip
    found = descriptions(sentences, YOUTUBE)
    assert found.marked.tolist() == [True, True, False]
    assert found.found.tolist() == [True, False, False]
    assert {kind: marks.sum() for kind, marks in found.kinds.items()} == {
        "affiliate link": 0, "explained": 1, "support the channel": 1,
    }  # fmt: skip
    values = {name: of.value for name, of in figures(found).items()}
    assert values["share, the study's marks"] == pytest.approx(2 / 3)
    assert (values["precision"], values["recall"]) == (1, 0.5)
    for place in (YOUTUBE, PINTEREST):
        assert sum(map(len, place.kinds.values())) == len(place.marked)


def test_the_page_says_what_the_code_says_and_every_paper_has_a_reference():
    """Tables stand between their markers; a name in a table is explained below it."""
    page = PAPERS.read_text("utf-8")
    for name, *_ in HEADS:
        assert page.index(f"<!-- {name}:begin -->") < page.index(f"<!-- {name}:end -->")
    for line in (*TASKS, YOUTUBE, PINTEREST):
        assert f"| {line.paper} |" in page
        assert f"| {line.differs} |" in page
    written = page[page.index("## Where the figures were read") :]
    for name in ("Airlangga 2024", "Sam'an and Imaddudin 2024", "Potthast et al. 2018",
                 "Jin et al. 2022", "Mathur et al. 2018"):  # fmt: skip
        assert f"**{name}" in written
        assert any(name in of for of in [task.paper for task in TASKS] + [YOUTUBE.paper])
