"""What predicts the label of a paper: families of this project, and a plain baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from unpolished.data.axes import COLUMNS
from unpolished.data.cache import cache_folder
from unpolished.models.base import STYLE
from unpolished.training.build_model import new_model
from unpolished.training.recipe import read_recipe

from .metrics import Floats, Metric, best_cut
from .posts import Posts
from .splits import LEFT_OUT, Folds, grouped

Rows = NDArray[np.intp]
# Fits on some rows and scores others, from 0 to 1.
Scorer = Callable[[Posts, Rows, Rows], Floats]
assert COLUMNS[STYLE].truth.target == "style"  # noqa: S101  (where Posts.labelled puts the target)


def family(name: str) -> Scorer:
    """A family with the options of its shipped recipe, fitted on the masked texts alone."""
    model = new_model(read_recipe(name), cache_folder())

    def scores(posts: Posts, seen: Rows, asked: Rows) -> Floats:
        fitted = model.fit(posts.labelled.take(seen))
        found = fitted.predict_proba([posts.masked[i] for i in asked])
        return found[:, STYLE].astype(np.float64)

    return scores


def baseline(posts: Posts, seen: Rows, asked: Rows) -> Floats:
    """TF-IDF of words and pairs of words as posted, and scikit-learn's (logistic) regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline

    words = TfidfVectorizer(sublinear_tf=True, min_df=2, ngram_range=(1, 2))
    fit_on, texts = [posts.texts[i] for i in seen], [posts.texts[i] for i in asked]
    target = posts.target[seen]
    if np.isin(target, (0.0, 1.0)).all():
        pipeline = make_pipeline(words, LogisticRegression(C=10, max_iter=1_000))
        found = pipeline.fit(fit_on, target.astype(int)).predict_proba(texts)[:, 1]
    else:
        found = make_pipeline(words, Ridge()).fit(fit_on, target).predict(texts)
    return np.asarray(found, np.float64)


SCORERS: dict[str, Callable[[], Scorer]] = {
    "TF-IDF": lambda: baseline,
    "linear": lambda: family("linear"),
    "embed": lambda: family("embed"),
}


def out_of_fold(scorer: Scorer, posts: Posts, folds: Folds) -> Floats:
    """Scores by models that saw no post of the fold; NaN of what no fold asks for, shape (n,)."""
    scores = np.full(len(posts), np.nan)
    for fold in np.unique(folds[folds >= 0]):
        seen = np.flatnonzero((folds != fold) & (folds != LEFT_OUT))
        asked = np.flatnonzero(folds == fold)
        scores[asked] = scorer(posts, seen, asked)
    return scores


def flags(
    scorer: Scorer, metric: Metric, posts: Posts, folds: Folds, scores: Floats
) -> NDArray[np.bool_]:
    """Whether each post is flagged, by a cut that its own fold had no part in, shape (n,).

    The cut of a fold is the best for the other folds' out-of-fold scores. Of a single fold it is
    the best for the posts that are fitted on, cross-fitted among themselves.
    """
    flagged = np.zeros(len(posts), np.bool_)
    for fold, rows, known in _cuts_on(scorer, posts, folds, scores):
        cut = best_cut(metric, posts.positive[rows], known[rows])
        flagged[folds == fold] = scores[folds == fold] >= cut
    return flagged


def _cuts_on(
    scorer: Scorer, posts: Posts, folds: Folds, scores: Floats
) -> Iterator[tuple[int, Rows, Floats]]:
    judged = np.unique(folds[folds >= 0]).tolist()
    if len(judged) > 1:
        for fold in judged:
            yield fold, np.flatnonzero((folds != fold) & (folds >= 0)), scores
        return
    rows = np.flatnonzero((folds != judged[0]) & (folds != LEFT_OUT))
    yield judged[0], rows, out_of_fold(scorer, posts, grouped(posts, rows))
